import { Duplex } from 'node:stream';
import { ConnectionClosedError, ProtocolError } from '../errors.ts';
import { HandoverTail } from './handover-tail.ts';
import { ServerLines } from './server-lines.ts';

/** A server may send this much unasked (alerts, farewells) before it is cut off. */
const MAX_UNASKED_BYTES = 256 * 1024;

/**
 * Stands between imapflow and the socket. imapflow believes to own a connection; in truth the socket can be taken
 * away from it between two bytes, and imapflow be closed for good, without the server noticing.
 */
export class SessionStream extends Duplex {
  readonly #socket: Duplex;
  readonly #lines = new ServerLines();
  readonly #tail = new HandoverTail((line) => this.#lines.observe(line));
  #detached = false;
  #failure: Error | undefined;
  #receivedBytes = 0;

  /** @param replay what imapflow is told the server said first. */
  constructor(socket: Duplex, replay: string) {
    super({ allowHalfOpen: true, emitClose: true });
    this.#socket = socket;
    this.push(Buffer.from(replay, 'latin1'));
    socket.on('data', this.#onData);
    socket.on('end', this.#onEnd);
    socket.on('close', this.#onClose);
    socket.on('error', this.#onError);
    socket.resume();
  }

  /** What broke the connection, where something did. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  get lines(): ServerLines {
    return this.#lines;
  }

  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  /** True once the server can send nothing more. */
  get gone(): boolean {
    return this.destroyed || this.#socket.destroyed || this.#socket.readableEnded || this.readableEnded;
  }

  /** imapflow's watchdog; ours measures the silence per command instead, so this one must never fire. */
  setTimeout(): this {
    return this;
  }

  /**
   * Gives the socket away, paused, the bytes that imapflow must not have put back in front. Destroying this stream
   * leaves the socket alone from here on.
   * @throws ConnectionClosedError
   */
  detach(): Duplex {
    const socket = this.#socket;
    if (this.gone) throw new ConnectionClosedError('The connection ended before it could be taken over.');
    this.#stopListening();
    socket.pause();
    this.#detached = true;
    const tail = this.#tail.bytes;
    if (tail.length > 0) socket.unshift(tail);
    return socket;
  }

  override _read(): void {
    if (!this.#detached) this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    if (this.#detached) {
      callback(new Error('This session was taken over.'));
      return;
    }
    this.#lines.commandSent(chunk);
    this.#tail.commandSent();
    this.#socket.write(chunk, callback);
  }

  override _final(callback: (error?: Error | null) => void): void {
    if (!this.#detached) this.#socket.end();
    callback();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    if (!this.#detached) {
      this.#stopListening();
      // The socket may still report an error while it goes down.
      this.#socket.on('error', () => undefined);
      this.#socket.destroy();
    }
    callback(error);
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#receivedBytes += chunk.length;
    if (this.#tail.feed(chunk)) this.emit('line');
    if (this.#tail.bytes.length > MAX_UNASKED_BYTES) {
      this.#fail(new ProtocolError('The server sent a line without end, or far too much unasked.'));
      return;
    }
    if (!this.push(chunk)) this.#socket.pause();
  };

  readonly #onEnd = (): void => {
    this.push(null);
  };

  readonly #onClose = (): void => {
    this.destroy();
  };

  readonly #onError = (error: Error): void => {
    this.#fail(error);
  };

  #fail(error: Error): void {
    this.#failure ??= error;
    this.destroy(error);
  }

  #stopListening(): void {
    this.#socket.removeListener('data', this.#onData);
    this.#socket.removeListener('end', this.#onEnd);
    this.#socket.removeListener('close', this.#onClose);
    this.#socket.removeListener('error', this.#onError);
  }
}
