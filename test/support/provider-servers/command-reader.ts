import type { Socket } from 'node:net';
import { LITERAL } from './parse-arguments.ts';

/** A command as a client sent it. */
export interface HeardCommand {
  readonly tag: string;
  /** Upper case; with its verb for `UID`. */
  readonly verb: string;
  /** Behind the verb; literals are `LITERAL`. */
  readonly text: string;
  readonly literals: readonly Buffer[];
  /** Bytes of its longest line. */
  readonly longestLine: number;
  /** What it was refused with before its literals were read. */
  readonly refusal?: string;
  /** A literal went out unasked that was too large for that (RFC 7888 4). */
  readonly rude: boolean;
}

interface LiteralPolicy {
  /** Largest literal that may come unasked, in bytes. */
  readonly unasked: number;
  /** @param command so far, without its tag */
  readonly refuse: (command: string, size: number) => string | undefined;
}

/** Cuts what a client sends into commands, and gives leave for its literals (RFC 3501 7.5). */
export class CommandReader {
  readonly #socket: Socket;
  readonly #policy: () => LiteralPolicy;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #ended = false;
  #wake: (() => void) | undefined;

  constructor(socket: Socket, policy: () => LiteralPolicy) {
    this.#socket = socket;
    this.#policy = policy;
    const wake = (): void => {
      this.#wake?.();
      this.#wake = undefined;
    };
    socket.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#bytes += chunk.length;
      wake();
    });
    socket.on('close', () => {
      this.#ended = true;
      wake();
    });
  }

  /** The next command; undefined when the client has gone. */
  async next(): Promise<HeardCommand | undefined> {
    const literals: Buffer[] = [];
    let text = '';
    let longestLine = 0;
    let refusal: string | undefined;
    let rude = false;
    for (;;) {
      const line = await this.line();
      if (line === undefined) return undefined;
      longestLine = Math.max(longestLine, line.length);
      const literal = /\{(\d+)(\+?)\}$/.exec(line);
      if (literal === null) {
        text += line;
        break;
      }
      text += line.slice(0, literal.index) + LITERAL;
      const size = Number(literal[1]);
      const asked = literal[2] === '';
      const policy = this.#policy();
      rude ||= !asked && size > policy.unasked;
      refusal ??= policy.refuse(text.slice(text.indexOf(' ') + 1), size);
      if (asked && refusal !== undefined) break;
      if (asked) this.#socket.write('+ go ahead\r\n');
      const bytes = await this.#take(size);
      if (bytes === undefined) return undefined;
      literals.push(bytes);
    }
    const [, tag = '', verb = '', rest = ''] = /^(\S+) ((?:UID )?\S+) ?([^]*)$/i.exec(text) ?? [text];
    const command = { tag, verb: verb.toUpperCase(), text: rest, literals, longestLine, rude };
    return refusal === undefined ? command : { ...command, refusal };
  }

  /** The next line without its end, one character per byte. */
  async line(): Promise<string | undefined> {
    for (;;) {
      const end = this.#received().indexOf('\r\n');
      if (end !== -1) return (await this.#take(end + 2))?.toString('latin1', 0, end);
      if (!(await this.#more())) return undefined;
    }
  }

  async #take(count: number): Promise<Buffer | undefined> {
    while (this.#bytes < count) if (!(await this.#more())) return undefined;
    const received = this.#received();
    this.#chunks = [received.subarray(count)];
    this.#bytes -= count;
    return received.subarray(0, count);
  }

  #received(): Buffer {
    const whole = this.#chunks.length === 1 ? this.#chunks[0] : undefined;
    const received = whole ?? Buffer.concat(this.#chunks);
    this.#chunks = [received];
    return received;
  }

  async #more(): Promise<boolean> {
    if (this.#ended) return false;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    return true;
  }
}
