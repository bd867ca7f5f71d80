import { ProtocolError } from '../errors.ts';
import type { BufferMeter } from './buffer-meter.ts';
import { type FetchRow, isBodyItem, readFetchRow } from './fetch-row.ts';
import type { BodySink, StatusAnswer, UntaggedResponse } from './response.ts';
import type { LineSink } from './response-reader.ts';
import { parseStatusLine } from './status-line.ts';
import { STREAMED } from './value.ts';
import { ValueParser } from './value-parser.ts';
import type { WireLimits } from './wire-limits.ts';

/** Takes whole responses, in the order in which the server sent them. */
export interface ResponseSink {
  tagged(tag: string, answer: StatusAnswer): void;
  /** NO or BAD without the tag that would say which command it answers. */
  tagless(answer: StatusAnswer): void;
  /** `+ …`: the server is ready for a literal. */
  continuation(): void;
  untagged(response: UntaggedResponse): void;
  /** A message body begins; its bytes go to the sink that is returned, or nowhere. */
  body(row: FetchRow, size: number): BodySink | undefined;
}

const TAGGED = /^([^\s*+(){"%\\]{1,64}) (?=(?:OK|NO|BAD)(?: |$))/i;
const TAGLESS = /^(?:NO|BAD)(?: |$)/i;
const NUMBERED = /^\* (\d{1,10}) ([A-Za-z]+) ?/;
const NAMED = /^\* ([A-Za-z0-9_.-]+) ?/;
const LITERAL_AT_END = /\{(\d{1,10})\+?\}$/;
const MAX_EMPTY_LINES = 64;

/** The response whose lines are coming in: what to do with its literals, and with the whole at its end. */
type Building =
  | { kind: 'fetch'; sequence: number }
  | { kind: 'data'; name: 'FLAGS' | 'STATUS' | 'LIST' | 'CAPABILITY' | 'QUOTA' | 'MYRIGHTS' }
  /** A response that nobody here needs: passed over, literals included. */
  | { kind: 'ignored' };

type Literal =
  | { kind: 'gathered'; parts: Uint8Array[]; bytes: number }
  | { kind: 'streamed'; sink: BodySink | undefined };

/** Makes responses of the lines and literals of a ResponseReader. */
export class ResponseAssembler implements LineSink {
  readonly #sink: ResponseSink;
  readonly #limits: WireLimits;
  readonly #meter: BufferMeter;
  readonly #parser: ValueParser;
  #building: Building | undefined;
  #literal: Literal | undefined;
  #responseBytes = 0;
  #literalBytesHeld = 0;
  #emptyLines = 0;

  constructor(sink: ResponseSink, limits: WireLimits, meter: BufferMeter) {
    this.#sink = sink;
    this.#limits = limits;
    this.#meter = meter;
    this.#parser = new ValueParser(limits);
  }

  line(text: string): number | undefined {
    if (this.#building !== undefined) return this.#feed(this.#building, text, 0);
    this.#responseBytes = 0;
    if (text === '') {
      this.#emptyLines += 1;
      if (this.#emptyLines > MAX_EMPTY_LINES)
        throw new ProtocolError('The server sends nothing but empty lines.');
      return undefined;
    }
    this.#emptyLines = 0;
    if (text.startsWith('* ')) return this.#untagged(text);
    if (text === '+' || text.startsWith('+ ')) {
      this.#sink.continuation();
      return undefined;
    }
    const tag = TAGGED.exec(text);
    if (tag !== null) {
      const answer = parseStatusLine(text.slice(tag[0].length));
      if (answer !== undefined) this.#sink.tagged(tag[1] ?? '', answer);
      return undefined;
    }
    const tagless = TAGLESS.test(text) ? parseStatusLine(text) : undefined;
    if (tagless === undefined) throw new ProtocolError('The server sent a line that is no IMAP response.');
    this.#sink.tagless(tagless);
    return undefined;
  }

  literalBytes(bytes: Uint8Array): void {
    const literal = this.#literal;
    if (literal === undefined) return;
    if (literal.kind === 'streamed') {
      literal.sink?.chunk(bytes);
      return;
    }
    const kept = bytes.subarray(0, Math.max(0, this.#limits.literalBytes - literal.bytes));
    if (kept.length === 0) return;
    this.#grow(kept.length);
    // a copy: the part would keep the whole chunk of the socket in memory
    literal.parts.push(Buffer.from(kept));
    literal.bytes += kept.length;
    this.#literalBytesHeld += kept.length;
    this.#meter.add(kept.length);
  }

  literalEnd(): void {
    const literal = this.#literal;
    this.#literal = undefined;
    if (literal === undefined) return;
    if (literal.kind === 'streamed') {
      this.#parser.place(STREAMED);
      literal.sink?.end();
    } else {
      const [only] = literal.parts;
      this.#parser.place(
        literal.parts.length === 1 && only !== undefined ? only : Buffer.concat(literal.parts),
      );
    }
  }

  #untagged(text: string): number | undefined {
    const numbered = NUMBERED.exec(text);
    if (numbered !== null) return this.#numbered(text, numbered);
    const named = NAMED.exec(text);
    if (named === null) throw new ProtocolError('The server sent an untagged line that is no IMAP response.');
    const name = (named[1] ?? '').toUpperCase();
    switch (name) {
      case 'OK':
      case 'NO':
      case 'BAD':
      case 'BYE':
      case 'PREAUTH': {
        const answer = parseStatusLine(text.slice(2));
        if (answer !== undefined) this.#sink.untagged({ kind: 'status', ...answer });
        return undefined;
      }
      case 'SEARCH':
        this.#sink.untagged({ kind: 'search', numbers: numbersOf(text.slice(named[0].length)) });
        return undefined;
      case 'ESEARCH':
        this.#sink.untagged({ kind: 'esearch', set: setOf(text) });
        return undefined;
      case 'FLAGS':
      case 'STATUS':
      case 'LIST':
      case 'CAPABILITY':
      case 'QUOTA':
      case 'MYRIGHTS':
        return this.#begin({ kind: 'data', name }, text, named[0].length);
      default:
        return this.#begin({ kind: 'ignored' }, text, named[0].length);
    }
  }

  #numbered(text: string, match: RegExpExecArray): number | undefined {
    const number = Number(match[1]);
    const name = (match[2] ?? '').toUpperCase();
    switch (name) {
      case 'FETCH':
        return this.#begin({ kind: 'fetch', sequence: number }, text, match[0].length);
      case 'EXISTS':
      case 'RECENT':
      case 'EXPUNGE':
        this.#sink.untagged({ kind: 'count', name, number });
        return undefined;
      default:
        return this.#begin({ kind: 'ignored' }, text, match[0].length);
    }
  }

  #begin(building: Building, text: string, from: number): number | undefined {
    this.#building = building;
    this.#parser.reset();
    return this.#feed(building, text, from);
  }

  #feed(building: Building, text: string, from: number): number | undefined {
    this.#grow(text.length - from);
    if (building.kind === 'ignored') {
      const literal = LITERAL_AT_END.exec(text);
      if (literal !== null) return Number(literal[1]);
      this.#building = undefined;
      return undefined;
    }
    const octets = this.#parser.feed(text, from);
    if (octets === undefined) this.#finish(building);
    else this.#literal = this.#literalOf(building, octets);
    return octets;
  }

  #literalOf(building: Building, octets: number): Literal {
    const items = this.#parser.innermost;
    if (building.kind === 'fetch' && this.#parser.depth === 1 && isBodyItem(items.at(-1))) {
      const sink = this.#sink.body(readFetchRow(building.sequence, items.slice(0, -1)), octets);
      return { kind: 'streamed', sink };
    }
    // an enormous header must not make a message impossible to look at for ever: it is cut off
    if (building.kind !== 'fetch' && octets > this.#limits.literalBytes) {
      throw new ProtocolError(
        `The server announced a literal of ${octets} bytes where a short text belongs.`,
      );
    }
    return { kind: 'gathered', parts: [], bytes: 0 };
  }

  #finish(building: Building): void {
    this.#building = undefined;
    this.#meter.remove(this.#literalBytesHeld);
    this.#literalBytesHeld = 0;
    const values = this.#parser.innermost;
    this.#parser.reset();
    switch (building.kind) {
      case 'fetch': {
        const [items] = values;
        if (!Array.isArray(items))
          throw new ProtocolError('The server sent a FETCH response without a list.');
        this.#sink.untagged({ kind: 'fetch', row: readFetchRow(building.sequence, items) });
        return;
      }
      case 'data':
        this.#sink.untagged({ kind: 'data', name: building.name, values });
        return;
      case 'ignored':
    }
  }

  #grow(bytes: number): void {
    this.#responseBytes += bytes;
    if (this.#responseBytes > this.#limits.responseBytes) {
      throw new ProtocolError(`The server sent a response of more than ${this.#limits.responseBytes} bytes.`);
    }
  }
}

/** `1 2 3 (MODSEQ 9)` (RFC 7162 3.1.5) without what is no number. */
/** RFC 4731: what follows ALL. Read by hand: over a line of megabytes a pattern that repeats runs out of stack. */
function setOf(text: string): string | undefined {
  const from = text.search(/ ALL (?=\d)/i) + ' ALL '.length;
  if (from < ' ALL '.length) return undefined;
  let to = from;
  while (SET_CHARACTERS.has(text.charAt(to))) to += 1;
  return text.slice(from, to);
}

const SET_CHARACTERS: ReadonlySet<string> = new Set('0123456789:,');

function numbersOf(text: string): number[] {
  const numbers: number[] = [];
  for (const word of text.split(' ')) {
    if (word.startsWith('(')) break;
    if (word === '') continue;
    const number = Number(word);
    if (!/^\d{1,10}$/.test(word)) throw new ProtocolError('The server listed something that is no number.');
    numbers.push(number);
  }
  return numbers;
}
