import { ProtocolError } from '../errors.ts';
import type { BufferMeter } from './buffer-meter.ts';
import { LONG_LIST_BYTES, splitLongList } from './split-long-list.ts';
import type { WireLimits } from './wire-limits.ts';

const LF = 0x0a;

/** Takes a stream of responses apart into lines and literals. */
export interface LineSink {
  /**
   * A line without its line end, one character per byte.
   * @returns the octets of the literal that follows it, undefined when none does
   */
  line(text: string): number | undefined;
  literalBytes(bytes: Uint8Array): void;
  literalEnd(): void;
}

/**
 * Cuts what a server sends into lines and literals, at any chunk boundaries. Literals pass through as they come;
 * of a line no more than the limit is held.
 */
export class ResponseReader {
  readonly #sink: LineSink;
  readonly #limits: WireLimits;
  readonly #meter: BufferMeter;
  #text = '';
  #literalLeft: number | undefined;

  constructor(sink: LineSink, limits: WireLimits, meter: BufferMeter) {
    this.#sink = sink;
    this.#limits = limits;
    this.#meter = meter;
  }

  /** @throws ProtocolError when the server exceeds a limit, and whatever the sink throws */
  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#literalLeft !== undefined) {
        const taken = Math.min(this.#literalLeft, chunk.length - at);
        this.#sink.literalBytes(chunk.subarray(at, at + taken));
        at += taken;
        this.#literalLeft -= taken;
        if (this.#literalLeft === 0) this.#endLiteral();
        continue;
      }
      const end = chunk.indexOf(LF, at);
      if (end === -1) {
        this.#hold(chunk.toString('latin1', at));
        return;
      }
      this.#hold(chunk.toString('latin1', at, end));
      at = end + 1;
      this.#line();
    }
  }

  #hold(text: string): void {
    this.#text += text;
    this.#meter.add(text.length);
    while (this.#text.length > LONG_LIST_BYTES) {
      const list = splitLongList(this.#text);
      if (list === undefined) break;
      this.#meter.remove(this.#text.length - list.rest.length);
      this.#text = list.rest;
      this.#sink.line(list.part);
    }
    if (this.#text.length > this.#limits.lineBytes) {
      throw new ProtocolError(`The server sent a line of more than ${this.#limits.lineBytes} bytes.`);
    }
  }

  #line(): void {
    const text = this.#text;
    this.#text = '';
    this.#meter.remove(text.length);
    this.#literalLeft = this.#sink.line(text.endsWith('\r') ? text.slice(0, -1) : text);
    if (this.#literalLeft === 0) this.#endLiteral();
  }

  #endLiteral(): void {
    this.#literalLeft = undefined;
    this.#sink.literalEnd();
  }
}
