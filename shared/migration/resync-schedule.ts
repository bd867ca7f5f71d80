/** Parts of the due index, read by the timer one after another. */
export const DUE_SHARDS = 16;

/** When a synced mailbox is looked at again, ms since the epoch: the interval ± a tenth, so that starts spread out. */
export function nextDue(input: { now: number; intervalMs: number; random: () => number }): number {
  return input.now + Math.round(input.intervalMs * (0.9 + 0.2 * input.random()));
}

/** The part of the due index a mailbox belongs to, 0..15; fixed for the life of the mailbox (FNV-1a). */
export function dueShardOf(mailboxId: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < mailboxId.length; index += 1) {
    hash = Math.imul(hash ^ mailboxId.charCodeAt(index), 0x01000193);
  }
  // The low bits of FNV-1a mix worst: fold the high half in.
  return ((hash ^ (hash >>> 16)) >>> 0) % DUE_SHARDS;
}
