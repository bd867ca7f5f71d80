import { formatShard, type StoredCredential } from './credential.ts';

/**
 * Secrets Manager takes 65,536 bytes. Shards are filled to less, so that what changes still fits; `hardBytes` is what a
 * change may grow to. The rest is room for the notes of credentials that moved: they are larger than an empty one.
 */
export const SHARD_LIMITS = { mailboxes: 200, fillBytes: 48_000, hardBytes: 60_000 } as const;

/** Shards from this number on take what has grown out of the others; no mailbox begins there. */
export const OVERFLOW_FROM = 50_000;

/** The frame of a shard around its mailboxes. */
const FRAME_BYTES = Buffer.byteLength(formatShard(new Map()));

/** What the entry adds to a shard's text, its comma included. */
export function entryBytes(mailboxId: string, stored: StoredCredential): number {
  return Buffer.byteLength(`${JSON.stringify([mailboxId, stored])},`);
}

/** What a shard of this entry alone would have. */
export function aloneBytes(mailboxId: string, stored: StoredCredential): number {
  return FRAME_BYTES + entryBytes(mailboxId, stored);
}
