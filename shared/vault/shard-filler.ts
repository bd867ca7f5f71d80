import type {
  SecretPointer,
  SecretPointerKey,
  SecretPointerRepository,
} from '../state/secret-pointer-repository.ts';
import {
  formatShard,
  isMoved,
  type MailboxCredential,
  parseShard,
  type StoredCredential,
} from './credential.ts';
import { CredentialsGoneError, VaultBusyError } from './errors.ts';
import type { PointedSecrets } from './pointed-secret.ts';
import { aloneBytes, entryBytes, SHARD_LIMITS } from './shard-limits.ts';

export interface MailboxEntry {
  readonly mailboxId: string;
  readonly credential: MailboxCredential;
}

interface MigrationName {
  readonly tenant: string;
  readonly migrationId: string;
}

export interface ShardFiller {
  /** Writes what fits of `entries` into a shard, by its bytes and its number of mailboxes; says which those were. */
  fill(key: SecretPointerKey, entries: readonly MailboxEntry[]): Promise<Set<string>>;
  /**
   * Puts entries into those of `shards` that have room, then into new ones, numbered from `from` on.
   * @returns the shard of each
   */
  spread(
    migration: MigrationName,
    entries: readonly MailboxEntry[],
    options: { readonly shards: readonly SecretPointer[]; readonly from: number },
  ): Promise<Map<string, SecretPointerKey>>;
}

const CREATE_TRIES = 50;

export function createShardFiller(secrets: PointedSecrets, pointers: SecretPointerRepository): ShardFiller {
  const fillShard = async (
    key: SecretPointerKey,
    entries: readonly MailboxEntry[],
    isNew: boolean,
  ): Promise<Set<string>> => {
    let taken = new Set<string>();
    const add = (text: string | undefined) => {
      const content = parseShard(text);
      taken = addWhatFits(content, entries);
      return taken.size === 0 ? undefined : { text: formatShard(content), mailboxes: [...content.keys()] };
    };
    await secrets.change(key, add, { isNew });
    return taken;
  };

  const createShard = async (migration: MigrationName, from: number): Promise<SecretPointerKey> => {
    for (let number = from; number < from + CREATE_TRIES; number += 1) {
      const key: SecretPointerKey = { ...migration, kind: 'shard', number };
      if (await pointers.create(key)) return key;
    }
    throw new VaultBusyError();
  };

  return {
    fill: (key, entries) => fillShard(key, entries, false),
    async spread({ tenant, migrationId }, entries, { shards, from }) {
      const places = new Map<string, SecretPointerKey>();
      let left = entries;
      const putInto = async (key: SecretPointerKey, isNew: boolean): Promise<void> => {
        const taken = await fillShard(key, left, isNew);
        for (const mailboxId of taken) places.set(mailboxId, key);
        left = left.filter(({ mailboxId }) => !taken.has(mailboxId));
      };
      for (const shard of shards) {
        if (left.some((entry) => mayFit(shard, entry))) await putInto(shard.key, false);
      }
      for (let next = from; left.length > 0; next += 1) {
        await putInto(await createShard({ tenant, migrationId }, next), true);
      }
      return places;
    },
  };
}

/** All shards of a migration. @throws CredentialsGoneError once one of them is sealed */
export async function listOpenShards(
  pointers: SecretPointerRepository,
  { tenant, migrationId }: MigrationName,
): Promise<SecretPointer[]> {
  const shards = await pointers.listShards(tenant, migrationId);
  if (shards.some((shard) => shard.sealed)) throw new CredentialsGoneError();
  return shards;
}

/** By what the pointer tells; the shard itself decides. */
function mayFit(shard: SecretPointer, { mailboxId, credential }: MailboxEntry): boolean {
  if (shard.mailboxes.length >= SHARD_LIMITS.mailboxes) return false;
  const bytes =
    shard.bytes === 0 ? aloneBytes(mailboxId, credential) : shard.bytes + entryBytes(mailboxId, credential);
  return bytes <= SHARD_LIMITS.fillBytes;
}

/** @returns the ids of what was added or replaced; what has moved elsewhere is left alone */
function addWhatFits(content: Map<string, StoredCredential>, entries: readonly MailboxEntry[]): Set<string> {
  const taken = new Set<string>();
  let bytes = Buffer.byteLength(formatShard(content));
  for (const { mailboxId, credential } of entries) {
    const before = content.get(mailboxId);
    if (isMoved(before)) continue;
    const grown =
      bytes + entryBytes(mailboxId, credential) - (before === undefined ? 0 : entryBytes(mailboxId, before));
    const fits =
      before === undefined
        ? content.size < SHARD_LIMITS.mailboxes && grown <= SHARD_LIMITS.fillBytes
        : grown <= SHARD_LIMITS.hardBytes;
    if (!fits) continue;
    content.set(mailboxId, credential);
    bytes = grown;
    taken.add(mailboxId);
  }
  return taken;
}
