import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks again and again until `check` gives something other than undefined or false, and returns that.
 * An error thrown by `check` counts as "not yet" and becomes the cause when the time is up.
 *
 * @param what what is awaited, for the message: "the mailbox holds 5 messages"
 * @param options.withinMs how long to go on (ms, default 20 s); options.everyMs pause between two looks (ms, default 20)
 * @throws EventuallyError when the time is up
 */
export async function eventually<T>(
  what: string,
  check: () => Promise<T | undefined | false> | T | undefined | false,
  options: { withinMs?: number; everyMs?: number } = {},
): Promise<T> {
  const withinMs = options.withinMs ?? 20_000;
  const deadline = performance.now() + withinMs;
  let cause: unknown;
  for (;;) {
    try {
      const answer = await check();
      if (answer !== undefined && answer !== false) return answer;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (performance.now() >= deadline) throw new EventuallyError(what, withinMs, cause);
    await pause(options.everyMs ?? 20);
  }
}

/** What was awaited did not come true in time. */
class EventuallyError extends Error {
  override readonly name = 'EventuallyError';
  constructor(what: string, withinMs: number, cause: unknown) {
    super(
      `Not within ${withinMs} ms: ${what}${cause instanceof Error ? ` (last error: ${cause.message})` : ''}`,
      {
        cause,
      },
    );
  }
}
