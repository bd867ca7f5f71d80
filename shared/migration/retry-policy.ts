/** Tries of one message before it is left alone, until somebody asks for as many again. */
export const MAX_ITEM_ATTEMPTS = 3;

/** Whether a message that failed is tried again by itself. Its tries go on being counted when somebody asked for more. */
export function isTriedAgain(attempts: number): boolean {
  return attempts % MAX_ITEM_ATTEMPTS !== 0;
}

/** What the count of tries becomes so that as many are left as at first. */
export function attemptsAnew(attempts: number): number {
  return Math.max(1, Math.ceil(attempts / MAX_ITEM_ATTEMPTS)) * MAX_ITEM_ATTEMPTS;
}

const FIRST_DELAY_MS = 1000;
const LONGEST_DELAY_MS = 60_000;

/**
 * How long to wait before try `attempt` + 1, in ms: doubling from the first delay to 60 s, its upper half random so
 * that workers that failed together do not come back together.
 *
 * @param attempt failed tries so far, from 1
 * @param random a number in [0, 1)
 * @param firstMs the longest wait after one failed try
 */
export function retryDelay(attempt: number, random: () => number, firstMs = FIRST_DELAY_MS): number {
  const doublings = Math.max(0, Math.min(attempt, 32) - 1);
  const ceiling = Math.min(LONGEST_DELAY_MS, firstMs * 2 ** doublings);
  return Math.round(ceiling / 2 + (ceiling / 2) * random());
}
