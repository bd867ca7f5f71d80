import type { Clock } from '../../../shared/migration/clock.ts';

/**
 * The wish that running functions come to an end. From `begin` a function sees little time left, so that it hands
 * over as it does at the end of its budget; `end` fires the signal in the context of those that still run.
 */
export class Drain {
  readonly #clock: Clock;
  readonly #over = new AbortController();
  #endsAt = Number.POSITIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** From now on functions have `graceMs` left. A second call only ever shortens it. */
  begin(graceMs: number): void {
    this.#endsAt = Math.min(this.#endsAt, this.#clock.monotonic() + graceMs);
  }

  end(): void {
    this.#over.abort(new Error('The process ends.'));
  }

  /** On the monotonic clock; infinite until it has begun. */
  get endsAt(): number {
    return this.#endsAt;
  }

  get signal(): AbortSignal {
    return this.#over.signal;
  }
}
