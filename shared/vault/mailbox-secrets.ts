import { backoffMs, type Pacing } from '../aws-clients/pacing.ts';
import type { SecretPointerKey, SecretPointerRepository } from '../state/secret-pointer-repository.ts';
import {
  formatShard,
  isMoved,
  type MailboxCredential,
  parseShard,
  type StoredCredential,
} from './credential.ts';
import { CredentialsGoneError, CredentialTooBigError, VaultBusyError } from './errors.ts';
import type { PointedSecrets } from './pointed-secret.ts';
import { listOpenShards, type MailboxEntry, type ShardFiller } from './shard-filler.ts';
import { aloneBytes, OVERFLOW_FROM, SHARD_LIMITS } from './shard-limits.ts';

type ShardKey = Extract<SecretPointerKey, { readonly kind: 'shard' }>;

/** The credential of a mailbox, wherever it is: in its home shard, or where it went when it no longer fitted there. */
export interface MailboxSecrets {
  get(home: ShardKey, mailboxId: string): Promise<MailboxCredential | undefined>;
  /**
   * @param change may run several times and must have no effects; undefined means "leave it as it is"
   * @returns whether it was changed
   * @throws CredentialsGoneError, CredentialTooBigError, VaultBusyError
   */
  change(
    home: ShardKey,
    mailboxId: string,
    change: (stored: MailboxCredential | undefined) => MailboxCredential | undefined,
  ): Promise<boolean>;
  /** Puts new mailboxes into shards with room, and known ones where they are. @returns the home of each */
  put(
    migration: { readonly tenant: string; readonly migrationId: string },
    entries: readonly MailboxEntry[],
  ): Promise<Map<string, ShardKey>>;
}

/** What a look into one shard has found. */
type Found =
  | { readonly kind: 'done'; readonly changed: boolean }
  | { readonly kind: 'elsewhere'; readonly number: number }
  | { readonly kind: 'missing' }
  | { readonly kind: 'no-room'; readonly from: StoredCredential | undefined; readonly to: MailboxCredential };

const TRIES = 20;

export function createMailboxSecrets(
  secrets: PointedSecrets,
  filler: ShardFiller,
  options: { readonly pointers: SecretPointerRepository; readonly pacing: Pacing },
): MailboxSecrets {
  const { pointers, pacing } = options;
  const backOff = (tried: number): Promise<void> => pacing.delay(backoffMs(tried, pacing.random));

  /** Writes an entry only where there is the very one that was seen. */
  const exchange = async (
    key: ShardKey,
    mailboxId: string,
    from: StoredCredential | undefined,
    to: StoredCredential | undefined,
  ): Promise<boolean> => {
    return secrets.change(key, (text) => {
      const content = parseShard(text);
      if (JSON.stringify(content.get(mailboxId)) !== JSON.stringify(from)) return undefined;
      return shardWith(content, mailboxId, to);
    });
  };

  /**
   * Takes a credential to a shard with room, and leaves a note of where it is. The note comes after the credential: a
   * crash in between leaves the old one in force, and a copy that closing the migration destroys with its shard.
   * @returns false where another was faster
   */
  const move = async (
    at: ShardKey,
    home: ShardKey,
    mailboxId: string,
    { from, to }: Extract<Found, { kind: 'no-room' }>,
  ): Promise<boolean> => {
    const shards = await listOpenShards(pointers, home);
    const overflow = shards.filter(({ key }) => key.kind === 'shard' && key.number >= OVERFLOW_FROM);
    const places = await filler.spread(home, [{ mailboxId, credential: to }], {
      // those that were made last have room
      shards: overflow.filter(({ key }) => key.kind === 'shard' && key.number !== at.number).toReversed(),
      from: OVERFLOW_FROM + overflow.length,
    });
    const there = places.get(mailboxId);
    if (there?.kind !== 'shard') throw new VaultBusyError();
    const note = { movedTo: there.number };
    let noted: boolean;
    try {
      noted = await exchange(at, mailboxId, from, note);
    } catch (error) {
      // Closed meanwhile, and whoever closed it may not have seen this shard.
      if (error instanceof CredentialsGoneError) await secrets.destroy(there, { seal: true });
      throw error;
    }
    if (!noted) {
      await exchange(there, mailboxId, to, undefined);
      return false;
    }
    // One step is enough to find it; the note in the middle is of no more use.
    if (at.number !== home.number && (await exchange(home, mailboxId, { movedTo: at.number }, note))) {
      await exchange(at, mailboxId, note, undefined);
    }
    return true;
  };

  const change: MailboxSecrets['change'] = async (home, mailboxId, wanted) => {
    let at = home;
    for (let tried = 1; tried <= TRIES; tried += 1) {
      const found = await lookAndChange(secrets, at, { isHome: at === home, mailboxId, wanted });
      switch (found.kind) {
        case 'done':
          return found.changed;
        case 'elsewhere':
          at = { ...home, number: found.number };
          continue;
        case 'no-room':
          if (await move(at, home, mailboxId, found)) return true;
          break;
        case 'missing':
          break;
      }
      at = home;
      await backOff(tried);
    }
    throw new VaultBusyError();
  };

  return {
    change,

    async get(home, mailboxId) {
      let at = home;
      for (let tried = 1; tried <= TRIES; tried += 1) {
        const stored = parseShard(await secrets.read(at)).get(mailboxId);
        if (isMoved(stored)) at = { ...home, number: stored.movedTo };
        else if (stored !== undefined || at === home) return stored;
        else {
          at = home;
          await backOff(tried);
        }
      }
      return undefined;
    },

    async put({ tenant, migrationId }, entries) {
      const latest = new Map(entries.map((entry) => [entry.mailboxId, entry]));
      for (const { mailboxId, credential } of latest.values()) requireStorable(mailboxId, credential);
      const shards = await listOpenShards(pointers, { tenant, migrationId });
      const homes = shards.filter(({ key }) => key.kind === 'shard' && key.number < OVERFLOW_FROM);
      const places = new Map<string, ShardKey>();
      for (const { key, mailboxes } of homes) {
        const own = mailboxes.flatMap((mailboxId) => latest.get(mailboxId) ?? []);
        if (key.kind !== 'shard' || own.length === 0) continue;
        const taken = await filler.fill(key, own);
        for (const { mailboxId, credential } of own) {
          if (!taken.has(mailboxId)) await change(key, mailboxId, () => credential);
          places.set(mailboxId, key);
        }
      }
      const fresh = [...latest.values()].filter(({ mailboxId }) => !places.has(mailboxId));
      const spread = await filler.spread({ tenant, migrationId }, fresh, {
        shards: homes,
        from: homes.length,
      });
      for (const [mailboxId, key] of spread) if (key.kind === 'shard') places.set(mailboxId, key);
      return places;
    },
  };
}

/** Changes the entry of one shard, if it is there and still fits afterwards. @throws CredentialTooBigError */
async function lookAndChange(
  secrets: PointedSecrets,
  at: ShardKey,
  options: {
    readonly isHome: boolean;
    readonly mailboxId: string;
    readonly wanted: (stored: MailboxCredential | undefined) => MailboxCredential | undefined;
  },
): Promise<Found> {
  const { isHome, mailboxId, wanted } = options;
  let found: Found = { kind: 'missing' };
  await secrets.change(at, (text) => {
    const content = parseShard(text);
    const stored = content.get(mailboxId);
    if (isMoved(stored)) {
      found = { kind: 'elsewhere', number: stored.movedTo };
      return undefined;
    }
    if (stored === undefined && !isHome) {
      found = { kind: 'missing' };
      return undefined;
    }
    const to = wanted(stored);
    if (to === undefined) {
      found = { kind: 'done', changed: false };
      return undefined;
    }
    requireStorable(mailboxId, to);
    const next = shardWith(content, mailboxId, to);
    if (Buffer.byteLength(next.text) > SHARD_LIMITS.hardBytes) {
      found = { kind: 'no-room', from: stored, to };
      return undefined;
    }
    found = { kind: 'done', changed: true };
    return next;
  });
  return found;
}

function shardWith(
  content: Map<string, StoredCredential>,
  mailboxId: string,
  stored: StoredCredential | undefined,
): { text: string; mailboxes: string[] } {
  if (stored === undefined) content.delete(mailboxId);
  else content.set(mailboxId, stored);
  return { text: formatShard(content), mailboxes: [...content.keys()] };
}

function requireStorable(mailboxId: string, credential: MailboxCredential): void {
  const bytes = aloneBytes(mailboxId, credential);
  if (bytes > SHARD_LIMITS.fillBytes) throw new CredentialTooBigError(mailboxId, bytes);
}
