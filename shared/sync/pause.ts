import { setTimeout as delay } from 'node:timers/promises';

/** Waits `ms`, or less when the signal aborts; then throws its reason. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await delay(ms, undefined, { signal });
}
