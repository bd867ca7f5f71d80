import type { Clock } from '../../../shared/migration/clock.ts';

/**
 * The wish that running functions come to an end. From `begin` a function sees little time left, so that it hands
 * over as it does at the end of its budget; `end` fires the signal in the context of those that still run.
 */
export class Drain {
  readonly #clock: Clock;
  readonly #running = new Set<AbortController>();
  #endsAt = Number.POSITIVE_INFINITY;
  #ended = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** From now on functions have `graceMs` left. A second call only ever shortens it. */
  begin(graceMs: number): void {
    this.#endsAt = Math.min(this.#endsAt, this.#clock.monotonic() + graceMs);
  }

  end(): void {
    this.#ended = true;
    for (const ending of this.#running) abort(ending);
  }

  /** On the monotonic clock; infinite until it has begun. */
  get endsAt(): number {
    return this.#endsAt;
  }

  /** From now on `end` aborts the controller of a function, until the returned function is called. */
  enrol(ending: AbortController): () => void {
    this.#running.add(ending);
    if (this.#ended) abort(ending);
    return () => void this.#running.delete(ending);
  }
}

function abort(ending: AbortController): void {
  ending.abort(new Error('The process ends.'));
}
