import type { Clock } from '../migration/clock.ts';

/** Lets messages go one by one at a pace that may change meanwhile. */
export class MessagePacer {
  readonly #perSecond: () => number | undefined;
  readonly #clock: Clock;
  readonly #pause: (ms: number, signal: AbortSignal) => Promise<void>;
  #next = Number.NEGATIVE_INFINITY;

  /** @param options.perSecond messages a second at the time of asking; undefined: as fast as it goes */
  constructor(options: {
    readonly perSecond: () => number | undefined;
    readonly clock: Clock;
    readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  }) {
    this.#perSecond = options.perSecond;
    this.#clock = options.clock;
    this.#pause = options.pause;
  }

  /** Returns when the next message may go. @throws the signal's reason */
  async take(signal: AbortSignal): Promise<void> {
    const perSecond = this.#perSecond();
    if (perSecond === undefined) return;
    const now = this.#clock.monotonic();
    const at = Math.max(now, this.#next);
    this.#next = at + 1000 / perSecond;
    if (at > now) await this.#pause(at - now, signal);
  }
}
