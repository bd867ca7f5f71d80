/**
 * Fires when the other side has been silent for too long. Hearing something only restarts the timer, which costs
 * next to nothing, so it can be told of every chunk.
 */
export class SilenceWatch {
  readonly #expired: (waitedMs: number) => void;
  #timer: NodeJS.Timeout | undefined;
  #deadlineMs = 0;

  constructor(expired: (waitedMs: number) => void) {
    this.#expired = expired;
  }

  /** Watches with this deadline from now on; undefined: nothing is awaited. */
  expect(deadlineMs: number | undefined): void {
    if (this.#timer !== undefined && deadlineMs === this.#deadlineMs) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (deadlineMs === undefined) return;
    this.#deadlineMs = deadlineMs;
    this.#timer = setTimeout(() => this.#expired(deadlineMs), deadlineMs);
  }

  /** Something was heard, or something could be sent. */
  heard(): void {
    this.#timer?.refresh();
  }
}
