import { CommandRefusedError, ProtocolError } from '../errors.ts';
import { Backlog } from '../wire/backlog.ts';
import type { FetchRow } from '../wire/fetch-row.ts';
import type { ImapConnection } from '../wire/imap-connection.ts';
import type { BodySink, ResponseHandler, UntaggedResponse } from '../wire/response.ts';
import { toError } from '../wire/to-error.ts';
import type { Wait } from '../wire/wait.ts';
import { type FetchEvent, weightOf } from './fetch-event.ts';
import { fetchCommand, type FetchSet, fetchSets } from './fetch-set.ts';
import { KnownAttributes, type MessageAttributes } from './known-attributes.ts';
import type { UndeliveredMessage } from './source-message.ts';

/** Commands in flight: the next is on its way before the last one ends. */
const COMMANDS_IN_FLIGHT = 2;
/** The same for commands that fetch one body each. */
const BODIES_IN_FLIGHT = 16;

const NOWHERE: BodySink = { chunk: () => undefined, end: () => undefined };

export interface MessageFetchOptions {
  wait: Wait;
  messagesPerCommand: number;
  undelivered: (message: UndeliveredMessage) => void;
  askedWhole: () => void;
  beforeMore: () => Promise<void> | undefined;
}

/**
 * Runs the UID FETCH commands for a list of messages and turns their responses into events.
 *
 * Every UID ends in one of three ways: delivered (once, whatever the server repeats), reported as undelivered, or
 * silently gone, when the server says nothing about it at all.
 */
export class MessageFetch {
  readonly events: Backlog<FetchEvent>;
  readonly #connection: ImapConnection;
  readonly #options: MessageFetchOptions;
  readonly #queue: FetchSet[];
  readonly #wanted: Set<number>;
  readonly #known = new KnownAttributes();
  #attributesFirst = false;
  #delivering = false;
  #inFlight = 0;
  #started = false;
  #stopped = false;

  constructor(connection: ImapConnection, uids: readonly number[], options: MessageFetchOptions) {
    this.#connection = connection;
    this.#options = options;
    this.events = new Backlog(connection);
    this.#wanted = new Set(uids);
    this.#queue = fetchSets('whole', uids, options.messagesPerCommand);
  }

  /** Sends the first commands. */
  start(): void {
    this.#pump();
    this.#started = true;
  }

  /** Begins no further command and throws away what still comes. */
  stop(): void {
    this.#stopped = true;
    this.#queue.length = 0;
    this.events.discard();
  }

  #pump(): void {
    for (;;) {
      const [set] = this.#queue;
      if (set === undefined || this.#stopped) break;
      if (this.#inFlight >= (set.step === 'body' ? BODIES_IN_FLIGHT : COMMANDS_IN_FLIGHT)) return;
      this.#queue.shift();
      this.#send(set.step === 'whole' && this.#attributesFirst ? { ...set, step: 'attributes' } : set);
    }
    if (this.#inFlight === 0) this.events.finish();
    else this.#options.askedWhole();
  }

  #send(set: FetchSet): void {
    this.#inFlight += 1;
    const handler: ResponseHandler = {
      untagged: (response) => this.#untagged(set, response),
      body: (row, size) => this.#body(set, row, size),
      answered: () => {
        this.#inFlight -= 1;
        this.#conclude(set);
        this.#pump();
      },
    };
    void this.#run(set, handler, this.#started ? this.#options.beforeMore() : undefined);
  }

  async #run(set: FetchSet, handler: ResponseHandler, before: Promise<void> | undefined): Promise<void> {
    if (before !== undefined && !(await this.#mayGoOn(before))) return;
    try {
      await this.#connection.run(fetchCommand(set), this.#options.wait, handler);
    } catch (error) {
      this.#inFlight -= 1;
      this.#refused(set, toError(error));
      this.#pump();
    }
  }

  async #mayGoOn(before: Promise<void>): Promise<boolean> {
    try {
      await before;
      if (!this.#stopped) return true;
      this.#inFlight -= 1;
      this.#pump();
    } catch (error) {
      this.#inFlight -= 1;
      this.#fail(toError(error));
    }
    return false;
  }

  #fail(error: Error): void {
    this.#queue.length = 0;
    this.#stopped = true;
    this.events.fail(error);
  }

  /** Every body belongs to the oldest command, for servers answer in order; what cannot be used is thrown away. */
  #body(set: FetchSet, row: FetchRow, size: number): BodySink {
    const uid = row.uid ?? (set.step === 'body' ? set.uids[0] : undefined);
    // without a UID, or without flags and date, the message cannot be handed on yet: its body is fetched again
    if (uid === undefined) this.#attributesFirst = true;
    if (uid === undefined || !this.#wanted.has(uid)) return NOWHERE;
    const attributes = this.#known.learn(uid, row);
    if (set.step !== 'body' && !isComplete(attributes)) {
      this.#attributesFirst = true;
      return NOWHERE;
    }
    this.#deliver(uid, attributes, size);
    this.#delivering = true;
    // the body ends with its response: until then the server may still turn out to talk nonsense
    return { chunk: (bytes) => this.#emit({ kind: 'chunk', bytes }), end: () => undefined };
  }

  #untagged(set: FetchSet, response: UntaggedResponse): boolean {
    if (response.kind !== 'fetch') return false;
    const { row } = response;
    const expected = set.step === 'body' ? set.uids[0] : undefined;
    if (row.body === 'streamed' && expected !== undefined && row.uid !== undefined && row.uid !== expected) {
      throw new ProtocolError('The server sent the body of another message than the one asked for.');
    }
    if (row.body === 'streamed' && this.#delivering) {
      this.#delivering = false;
      this.#emit({ kind: 'end' });
    }
    const uid = row.uid ?? (row.body === 'absent' ? undefined : expected);
    if (uid === undefined || !this.#wanted.has(uid)) return row.body !== 'absent';
    const attributes = this.#known.learn(uid, row);
    if (row.body instanceof Uint8Array) {
      if (set.step === 'body' || isComplete(attributes)) {
        this.#deliver(uid, attributes, row.body.length);
        if (row.body.length > 0) this.#emit({ kind: 'chunk', bytes: row.body });
        this.#emit({ kind: 'end' });
      } else {
        this.#attributesFirst = true;
      }
    }
    return true;
  }

  #deliver(uid: number, attributes: MessageAttributes, size: number): void {
    this.#wanted.delete(uid);
    const { flags = [], internalDate = '' } = attributes;
    this.#emit({ kind: 'message', uid, flags, internalDate, size });
  }

  #emit(event: FetchEvent): void {
    this.events.push(event, weightOf(event));
  }

  /** The command was carried out: what did not come is looked at. */
  #conclude(set: FetchSet): void {
    const missing = set.uids.filter((uid) => this.#wanted.has(uid));
    const there = missing.filter((uid) => this.#known.has(uid));
    if (set.step === 'whole' && this.#attributesFirst && missing.length > 0) {
      // rows without a UID leave open which messages they were: all that is missing is asked for again
      this.#again('attributes', missing);
      return;
    }
    if (set.step === 'attributes') {
      this.#again('body', there);
      return;
    }
    for (const uid of there) this.#undelivered({ uid, reason: 'no-body' });
    this.#known.forget(set.uids);
  }

  /** One message that a server cannot read makes it refuse the whole set: halves find out which. */
  #refused(set: FetchSet, error: Error): void {
    if (!(error instanceof CommandRefusedError) || error.status !== 'NO' || error.retryable) {
      this.#fail(error);
      return;
    }
    const missing = set.uids.filter((uid) => this.#wanted.has(uid));
    const [only, ...others] = missing;
    if (only === undefined) return;
    if (others.length === 0) {
      this.#undelivered({ uid: only, reason: 'refused', error });
      return;
    }
    this.#queue.unshift(...fetchSets(set.step, missing, Math.ceil(missing.length / 2)));
  }

  #undelivered(message: UndeliveredMessage): void {
    this.#wanted.delete(message.uid);
    if (!this.#stopped) this.#options.undelivered(message);
  }

  #again(step: FetchSet['step'], uids: readonly number[]): void {
    this.#queue.unshift(...fetchSets(step, uids, this.#options.messagesPerCommand));
  }
}

function isComplete(attributes: MessageAttributes): boolean {
  return attributes.flags !== undefined && attributes.internalDate !== undefined;
}
