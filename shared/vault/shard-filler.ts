import type {
  SecretPointer,
  SecretPointerKey,
  SecretPointerRepository,
} from '../state/secret-pointer-repository.ts';
import { formatShard, type MailboxCredential, parseShard } from './credential.ts';
import { CredentialsGoneError, CredentialTooBigError, VaultBusyError } from './errors.ts';
import type { PointedSecrets } from './pointed-secret.ts';
import { pointerName } from './secret-name.ts';

export interface MailboxEntry {
  readonly mailboxId: string;
  readonly credential: MailboxCredential;
}

/**
 * Secrets Manager takes 65,536 bytes. Shards are filled to less, so that a longer password still fits when one is
 * replaced; `hardBytes` is what a replacement may grow to.
 */
export const SHARD_LIMITS = { mailboxes: 200, fillBytes: 48_000, hardBytes: 64_000 } as const;

/** The frame of a shard around its mailboxes. */
const FRAME_BYTES = Buffer.byteLength(formatShard(new Map()));
const CREATE_TRIES = 50;

/** Puts credentials into the shards of a migration: where the mailbox is already, else where there is room, else a new one. */
export function createShardFiller(
  secrets: PointedSecrets,
  pointers: SecretPointerRepository,
  prefix: string,
): {
  put(tenant: string, migrationId: string, entries: readonly MailboxEntry[]): Promise<Map<string, string>>;
} {
  /** Writes what fits of `entries` and says which those were. */
  const fill = async (key: SecretPointerKey, entries: readonly MailboxEntry[]): Promise<Set<string>> => {
    let taken = new Set<string>();
    await secrets.change(key, (text) => {
      const content = text === undefined ? new Map<string, MailboxCredential>() : parseShard(text);
      taken = addWhatFits(content, entries);
      return taken.size === 0 ? undefined : { text: formatShard(content), mailboxes: [...content.keys()] };
    });
    return taken;
  };

  const createShard = async (
    tenant: string,
    migrationId: string,
    from: number,
  ): Promise<SecretPointerKey> => {
    for (let number = from; number < from + CREATE_TRIES; number += 1) {
      const key: SecretPointerKey = { tenant, kind: 'shard', migrationId, number };
      if (await pointers.create(key)) return key;
    }
    throw new VaultBusyError();
  };

  return {
    async put(tenant, migrationId, entries) {
      let left = new Map(entries.map((entry) => [entry.mailboxId, entry]));
      for (const entry of left.values()) {
        const bytes = FRAME_BYTES + entryBytes(entry);
        if (bytes > SHARD_LIMITS.fillBytes) throw new CredentialTooBigError(entry.mailboxId, bytes);
      }
      const places = new Map<string, string>();
      const putInto = async (key: SecretPointerKey, candidates: readonly MailboxEntry[]): Promise<void> => {
        const taken = await fill(key, candidates);
        for (const mailboxId of taken) places.set(mailboxId, pointerName(prefix, key));
        left = new Map([...left].filter(([mailboxId]) => !taken.has(mailboxId)));
      };

      const shards = await pointers.listShards(tenant, migrationId);
      if (shards.some((shard) => shard.sealed)) throw new CredentialsGoneError();
      for (const shard of shards) {
        const candidates = candidatesFor(shard, shards, [...left.values()]);
        if (candidates.length > 0) await putInto(shard.key, candidates);
      }
      let next = shards.length;
      while (left.size > 0) {
        await putInto(await createShard(tenant, migrationId, next), [...left.values()]);
        next += 1;
      }
      return places;
    },
  };
}

/** Entries that belong into this shard already; and, while it has room, those that are in no shard yet. */
function candidatesFor(
  shard: SecretPointer,
  shards: readonly SecretPointer[],
  entries: readonly MailboxEntry[],
): MailboxEntry[] {
  const own = new Set(shard.mailboxes);
  const elsewhere = new Set(shards.filter((other) => other !== shard).flatMap((other) => other.mailboxes));
  const hasRoom = own.size < SHARD_LIMITS.mailboxes && shard.bytes < SHARD_LIMITS.fillBytes;
  return entries.filter(({ mailboxId }) => own.has(mailboxId) || (hasRoom && !elsewhere.has(mailboxId)));
}

/** @returns the ids of what was added or replaced */
function addWhatFits(content: Map<string, MailboxCredential>, entries: readonly MailboxEntry[]): Set<string> {
  const taken = new Set<string>();
  let bytes = Buffer.byteLength(formatShard(content));
  for (const entry of entries) {
    const { mailboxId, credential } = entry;
    const before = content.get(mailboxId);
    const grown =
      bytes + entryBytes(entry) - (before === undefined ? 0 : entryBytes({ mailboxId, credential: before }));
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

/** What the entry adds to a shard's text, its comma included. */
function entryBytes({ mailboxId, credential }: MailboxEntry): number {
  return Buffer.byteLength(`${JSON.stringify([mailboxId, credential])},`);
}
