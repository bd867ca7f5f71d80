const FIRST_WAIT_MS = 30_000;
const LONGEST_OWN_WAIT_MS = 3_600_000;
/** A server that asks for more is asked again after a day. */
const LONGEST_SUGGESTED_WAIT_MS = 86_400_000;
const SHORTEST_WAIT_MS = 1000;

export interface ThrottleInput {
  /** ms since the epoch */
  now: number;
  /** What the server asked for, in ms ("Suggested Backoff Time"), if it said so. */
  suggestedMs?: number | undefined;
  /** Throttles in a row without progress between them, this one included: from 1. */
  consecutive: number;
  /** A number in [0, 1). */
  random: () => number;
}

/**
 * When work on a throttled mailbox resumes, in ms since the epoch. A suggested wait is obeyed to the second: never
 * shorter, less than one second longer. Without one the wait doubles from 30 s to 1 h, plus up to a fifth.
 */
export function throttleUntil({ now, suggestedMs, consecutive, random }: ThrottleInput): number {
  if (suggestedMs !== undefined && suggestedMs >= 0) {
    const wait = Math.min(LONGEST_SUGGESTED_WAIT_MS, Math.max(SHORTEST_WAIT_MS, Math.ceil(suggestedMs)));
    return now + wait + Math.floor(random() * 1000);
  }
  const doublings = Math.max(0, Math.min(consecutive, 32) - 1);
  const wait = Math.min(LONGEST_OWN_WAIT_MS, FIRST_WAIT_MS * 2 ** doublings);
  return now + wait + Math.floor(random() * (wait / 5));
}
