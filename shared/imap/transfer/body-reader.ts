import { ProtocolError } from '../errors.ts';
import type { Backlog } from '../wire/backlog.ts';
import type { FetchEvent } from './fetch-event.ts';

/** The body of the message whose `message` event was just taken; reads its events up to `end`. */
export class BodyReader implements AsyncIterable<Uint8Array>, AsyncIterator<Uint8Array, undefined> {
  readonly #events: Backlog<FetchEvent>;
  #ended = false;
  #cancelled = false;

  constructor(events: Backlog<FetchEvent>) {
    this.#events = events;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Rejects when the connection ends within the body: a body is never cut short silently. */
  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    return this.#cancelled ? { done: true, value: undefined } : this.#read();
  }

  /** The reader wants no more of it; `drain` throws the rest away. */
  return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#cancelled = true;
    return Promise.resolve({ done: true, value: undefined });
  }

  /** Reads and forgets what is left, so that the next message can be taken. */
  async drain(): Promise<void> {
    this.#cancelled = true;
    while (!this.#ended) await this.#read();
  }

  async #read(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (this.#ended) return { done: true, value: undefined };
    const event = await this.#events.take();
    if (event?.kind === 'chunk') return { done: false, value: event.bytes };
    if (event?.kind !== 'end') throw new ProtocolError('A message body ended before its last byte.');
    this.#ended = true;
    return { done: true, value: undefined };
  }
}
