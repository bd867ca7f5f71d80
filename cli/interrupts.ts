import type { Clock } from '../shared/migration/clock.ts';

/** One key press may arrive twice: from the terminal, and handed on by npx or by the restart in mailhaul.js. */
const ECHO_MS = 300;

export interface Interrupts {
  /** Aborted by the first Ctrl-C (or SIGTERM, or a closed terminal): end in order. */
  readonly signal: AbortSignal;
  dispose(): void;
}

export interface SignalSource {
  on(signal: NodeJS.Signals, listener: () => void): unknown;
  removeListener(signal: NodeJS.Signals, listener: () => void): unknown;
}

/** The second Ctrl-C calls `immediately`, which is expected to end the process: the state survives any end. */
export function listenForInterrupts(source: SignalSource, clock: Clock, immediately: () => void): Interrupts {
  const controller = new AbortController();
  let first: number | undefined;
  const onSignal = () => {
    const now = clock.monotonic();
    if (first === undefined) {
      first = now;
      controller.abort();
    } else if (now - first > ECHO_MS) {
      immediately();
    }
  };
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) source.on(signal, onSignal);
  return {
    signal: controller.signal,
    dispose() {
      for (const signal of signals) source.removeListener(signal, onSignal);
    },
  };
}
