import { setTimeout as sleep } from 'node:timers/promises';

/** How loops wait between tries; tests pass their own. */
export interface Pacing {
  /** 0 <= n < 1. */
  readonly random: () => number;
  /** Resolves after so many ms. */
  readonly delay: (ms: number) => Promise<void>;
}

export const systemPacing: Pacing = { random: Math.random, delay: (ms) => sleep(ms) };

const FIRST_CEILING_MS = 50;
const LONGEST_CEILING_MS = 3200;

/**
 * Ms to wait after failed try `attempt` (from 1): any time below a ceiling that doubles from 50 ms to 3.2 s, so that
 * clients that collided do not collide again ("full jitter").
 */
export function backoffMs(attempt: number, random: () => number): number {
  return Math.round(
    random() * Math.min(LONGEST_CEILING_MS, FIRST_CEILING_MS * 2 ** Math.min(attempt - 1, 16)),
  );
}
