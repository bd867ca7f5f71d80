import { ProtocolError } from '../errors.ts';
import type { Value } from './value.ts';
import type { WireLimits } from './wire-limits.ts';

const SPACE = 0x20;
const QUOTE = 0x22;
const OPEN = 0x28;
const CLOSE = 0x29;
const SECTION = 0x5b;
const BACKSLASH = 0x5c;
const BRACE = 0x7b;

/** The announcement of a literal (RFC 3501 4.3) or binary literal (RFC 3516) that ends a line. */
const LITERAL = /^~?\{(\d{1,10})\+?\}$/;

/**
 * Turns the text of one response into values. The text comes in fragments, one per line, with literals between
 * them; the parser never looks back. Text is one character per byte.
 */
export class ValueParser {
  readonly #limits: WireLimits;
  #stack: Value[][] = [[]];
  #tokens = 0;
  #afterLiteral = false;

  constructor(limits: WireLimits) {
    this.#limits = limits;
  }

  reset(): void {
    this.#stack = [[]];
    this.#tokens = 0;
    this.#afterLiteral = false;
  }

  /** The innermost list that is still open; the response itself at depth 0. */
  get innermost(): Value[] {
    return this.#stack.at(-1) ?? [];
  }

  get depth(): number {
    return this.#stack.length - 1;
  }

  /**
   * @returns the octets of the literal that `text` ends with: hand its value to `place`, then feed the next line;
   * undefined when the response is complete
   * @throws ProtocolError when the text is malformed or exceeds a limit
   */
  feed(text: string, from = 0): number | undefined {
    let at = from;
    if (this.#afterLiteral && !/^[ )]|^$/.test(text)) {
      throw new ProtocolError('The server announced a wrong length of a literal.');
    }
    this.#afterLiteral = false;
    while (at < text.length) {
      const code = text.charCodeAt(at);
      if (code === SPACE) {
        at += 1;
      } else if (code === OPEN) {
        this.#open();
        at += 1;
      } else if (code === CLOSE) {
        this.#close();
        at += 1;
      } else if (code === QUOTE) {
        at = this.#quoted(text, at + 1);
      } else {
        const tilde = code === 0x7e && text.charCodeAt(at + 1) === BRACE;
        if (code === BRACE || tilde) {
          const literal = LITERAL.exec(text.slice(at));
          if (literal !== null) {
            this.#afterLiteral = true;
            return Number(literal[1]);
          }
          if (!tilde) throw new ProtocolError('The server sent a malformed literal.');
        }
        at = this.#atom(text, at);
      }
    }
    if (this.depth !== 0) throw new ProtocolError('The server ended a response within a list.');
    return undefined;
  }

  /** Puts the value of a literal where it was announced. */
  place(value: Value): void {
    this.#tokens += 1;
    if (this.#tokens > this.#limits.tokens) {
      throw new ProtocolError(`The server sent a response of more than ${this.#limits.tokens} values.`);
    }
    this.innermost.push(value);
  }

  #open(): void {
    if (this.depth >= this.#limits.nesting) {
      throw new ProtocolError(`The server sent lists more than ${this.#limits.nesting} deep.`);
    }
    const list: Value[] = [];
    this.place(list);
    this.#stack.push(list);
  }

  #close(): void {
    if (this.depth === 0) throw new ProtocolError('The server closed a list that it had not opened.');
    this.#stack.pop();
  }

  #quoted(text: string, from: number): number {
    let at = from;
    let escaped = false;
    for (; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        const raw = text.slice(from, at);
        this.place(Buffer.from(escaped ? raw.replace(/\\(.)/gs, '$1') : raw, 'latin1'));
        return at + 1;
      }
      if (code === BACKSLASH) {
        escaped = true;
        at += 1;
      }
    }
    throw new ProtocolError('The server did not close a quoted string.');
  }

  #atom(text: string, from: number): number {
    let at = from;
    for (; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === SPACE || code === OPEN || code === CLOSE || code === QUOTE) break;
      if (code === SECTION && /^(?:BODY|BINARY)$/i.test(text.slice(from, at))) at = sectionEnd(text, at);
    }
    this.place(text.slice(from, at));
    return at;
  }
}

/** The index of the `]` that ends `BODY[HEADER.FIELDS ("To" Cc)]`. */
function sectionEnd(text: string, from: number): number {
  let quoted = false;
  for (let at = from; at < text.length; at += 1) {
    const character = text[at];
    if (quoted && character === '\\') at += 1;
    else if (character === '"') quoted = !quoted;
    else if (character === ']' && !quoted) return at;
  }
  throw new ProtocolError('The server did not close a section name.');
}
