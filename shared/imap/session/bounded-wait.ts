import type { Wait } from '../wire/wait.ts';

export interface WaitHandles<T> {
  resolve: (value: T) => void;
  reject: (error: unknown) => void;
  /** Something arrived: the silence that the deadline measures begins anew. */
  touch: () => void;
}

/**
 * A promise that always settles: by its own event, by the signal (rejects with the signal's reason) or when nothing
 * happened for `wait.deadlineMs` (rejects with `expired()`).
 * @param start attaches listeners and returns what detaches them; that runs once, whatever the outcome.
 */
export function boundedWait<T>(
  wait: Wait,
  expired: () => unknown,
  start: (handles: WaitHandles<T>) => () => void,
): Promise<T> {
  return new Promise<T>((resolvePromise, rejectPromise) => {
    if (wait.signal.aborted) {
      rejectPromise(wait.signal.reason);
      return;
    }
    let settled = false;
    let detach: (() => void) | undefined;
    const settle = (act: () => void): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      wait.signal.removeEventListener('abort', onAbort);
      detach?.();
      act();
    };
    const reject = (error: unknown): void => settle(() => rejectPromise(error));
    const onAbort = (): void => reject(wait.signal.reason);
    const timer = setTimeout(() => reject(expired()), wait.deadlineMs);
    wait.signal.addEventListener('abort', onAbort, { once: true });
    try {
      detach = start({
        resolve: (value) => settle(() => resolvePromise(value)),
        reject,
        touch: () => {
          if (!settled) timer.refresh();
        },
      });
    } catch (error) {
      reject(error);
    }
    if (settled) detach?.();
  });
}
