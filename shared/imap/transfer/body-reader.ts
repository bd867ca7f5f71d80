import { ProtocolError } from '../errors.ts';
import type { Backlog } from '../wire/backlog.ts';
import type { FetchEvent } from './fetch-event.ts';
import type { ReadyBody } from './message-body.ts';

type Step = IteratorResult<Uint8Array, undefined>;

const END: Step = { done: true, value: undefined };

/** The body of the message whose `message` event was just taken; reads its events up to `end`. */
export class BodyReader implements AsyncIterable<Uint8Array>, ReadyBody {
  readonly #events: Backlog<FetchEvent>;
  #ended = false;
  #cancelled = false;

  constructor(events: Backlog<FetchEvent>) {
    this.#events = events;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  poll(): Step | undefined {
    if (this.#cancelled || this.#ended) return END;
    const event = this.#events.poll();
    return event === undefined ? undefined : this.#step(event);
  }

  /** Rejects when the connection ends within the body: a body is never cut short silently. */
  async next(): Promise<Step> {
    return this.#cancelled || this.#ended ? END : this.#step(await this.#events.take());
  }

  /** The reader wants no more of it; `drain` throws the rest away. */
  return(): Promise<Step> {
    this.#cancelled = true;
    return Promise.resolve(END);
  }

  /** True when all of it was read. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Reads and forgets what is left, so that the next message can be taken. */
  async drain(): Promise<void> {
    this.#cancelled = true;
    while (!this.#ended) this.#step(this.#events.poll() ?? (await this.#events.take()));
  }

  #step(event: FetchEvent | undefined): Step {
    if (event?.kind === 'chunk') return { done: false, value: event.bytes };
    if (event?.kind !== 'end') throw new ProtocolError('A message body ended before its last byte.');
    this.#ended = true;
    return END;
  }
}
