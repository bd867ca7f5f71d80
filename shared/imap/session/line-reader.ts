import type { Duplex } from 'node:stream';
import { ConnectionClosedError, ProtocolError } from '../errors.ts';
import type { Wait } from '../wire/wait.ts';
import { boundedWait } from './bounded-wait.ts';

const LF = 0x0a;
const CR = 0x0d;
const MAX_LINE = 8_192;

/**
 * Reads single lines of a connection before the session proper begins: greeting, CAPABILITY, STARTTLS. It takes
 * nothing from the socket that it does not give back: see `detach`.
 */
export class LineReader {
  readonly #socket: Duplex;
  #buffered: Buffer = Buffer.alloc(0);

  constructor(socket: Duplex) {
    this.#socket = socket;
  }

  /** What has arrived and is not a whole line yet. */
  get buffered(): Buffer {
    return this.#buffered;
  }

  /**
   * The next line without its line end, as Latin-1. The deadline is for the whole line, so that a server dripping
   * single bytes gains nothing.
   * @throws ConnectionClosedError, ProtocolError, what `expired` makes
   */
  readLine(wait: Wait, expired: () => unknown): Promise<string> {
    return boundedWait<string>(wait, expired, ({ resolve, reject }) => {
      const socket = this.#socket;
      const advance = (): void => {
        try {
          const line = this.#takeLine();
          if (line !== undefined) resolve(line);
        } catch (error) {
          reject(error);
        }
      };
      const onGone = (cause?: Error): void => {
        // Bytes that came with the end may still hold a last line, such as a BYE.
        advance();
        reject(new ConnectionClosedError('The server closed the connection.', cause ? { cause } : {}));
      };
      const onEnd = (): void => onGone();
      const onClose = (): void => onGone();
      socket.on('readable', advance);
      socket.once('end', onEnd);
      socket.once('close', onClose);
      socket.once('error', onGone);
      // Attached first, read after: 'readable' is only emitted for what comes from now on.
      advance();
      if (socket.destroyed || socket.readableEnded) onGone();
      return () => {
        socket.removeListener('readable', advance);
        socket.removeListener('end', onEnd);
        socket.removeListener('close', onClose);
        socket.removeListener('error', onGone);
      };
    });
  }

  /** Ends the reading. Returns the bytes behind the last line, which are the caller's from here on. */
  detach(): Buffer {
    const rest = this.#buffered;
    this.#buffered = Buffer.alloc(0);
    return rest;
  }

  #takeLine(): string | undefined {
    for (;;) {
      const end = this.#buffered.indexOf(LF);
      if (end >= 0) {
        const stop = end > 0 && this.#buffered[end - 1] === CR ? end - 1 : end;
        const line = this.#buffered.toString('latin1', 0, stop);
        this.#buffered = this.#buffered.subarray(end + 1);
        return line;
      }
      if (this.#buffered.length > MAX_LINE) {
        throw new ProtocolError(`The server sent a line of more than ${MAX_LINE} bytes before the sign-in.`);
      }
      const chunk = this.#socket.read() as Buffer | null;
      if (chunk === null) return undefined;
      this.#buffered = this.#buffered.length === 0 ? chunk : Buffer.concat([this.#buffered, chunk]);
    }
  }
}
