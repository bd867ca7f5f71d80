/**
 * A body that can say what it has without a promise. For `for await` it is like any other.
 */
export interface ReadyBody extends AsyncIterator<Uint8Array, undefined> {
  /** The next step when it is known by now; undefined: ask `next`. */
  poll(): IteratorResult<Uint8Array, undefined> | undefined;
}

function isReady(body: AsyncIterator<Uint8Array>): body is ReadyBody {
  return 'poll' in body && typeof body.poll === 'function';
}

/** Reads the body of one message and shows each chunk to an observer as it passes. */
export class MessageBody {
  readonly #body: AsyncIterator<Uint8Array>;
  readonly #ready: ReadyBody | undefined;
  readonly #observe: ((chunk: Uint8Array) => void) | undefined;

  constructor(body: AsyncIterable<Uint8Array>, observe: ((chunk: Uint8Array) => void) | undefined) {
    this.#body = body[Symbol.asyncIterator]();
    this.#ready = isReady(this.#body) ? this.#body : undefined;
    this.#observe = observe;
  }

  /** The next chunk, `end` behind the last, undefined when it has to be waited for. */
  poll(): Uint8Array | 'end' | undefined {
    const step = this.#ready?.poll();
    return step === undefined ? undefined : this.#pass(step);
  }

  /** The next chunk, `end` behind the last. Rejects with what the body throws. */
  async next(): Promise<Uint8Array | 'end'> {
    return this.#pass(await this.#body.next());
  }

  /** Reads what is left. */
  async drain(): Promise<void> {
    while ((this.poll() ?? (await this.next())) !== 'end');
  }

  /** Wants no more of it. Not waited for: the body may itself be waiting for a connection that no longer answers. */
  cancel(): void {
    this.#body.return?.()?.catch(() => undefined);
  }

  #pass(step: IteratorResult<Uint8Array>): Uint8Array | 'end' {
    if (step.done === true) return 'end';
    this.#observe?.(step.value);
    return step.value;
  }
}
