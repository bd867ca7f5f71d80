import type { Duplex } from 'node:stream';
import { BufferMeter } from './buffer-meter.ts';

/** Bytes that may wait in the socket before a writer has to pause. */
const HIGH_WATER_BYTES = 256 * 1024;

/** Writes to the socket in few, large packets and tells when it is full. */
export class SocketWriter {
  /** Bytes accepted by us and not yet by the network. */
  readonly meter = new BufferMeter();
  readonly #socket: Duplex;
  #corked = false;
  #text = '';
  #waiting: Array<{ resolve: () => void; reject: (error: Error) => void }> = [];
  #failure: Error | undefined;

  constructor(socket: Duplex, progressed: () => void) {
    this.#socket = socket;
    socket.on('drain', () => {
      progressed();
      this.meter.set(socket.writableLength);
      for (const waiter of this.#waiting.splice(0)) waiter.resolve();
    });
  }

  /** Text is written with one byte per character. */
  write(data: string | Uint8Array): void {
    if (this.#failure !== undefined) return;
    if (!this.#corked) {
      // what is written before control returns to the event loop leaves in one packet
      this.#corked = true;
      this.#socket.cork();
      process.nextTick(() => {
        this.#corked = false;
        this.#passText();
        this.#socket.uncork();
      });
    }
    if (typeof data === 'string') {
      this.#text += data;
      return;
    }
    this.#passText();
    this.#socket.write(data);
    this.meter.set(this.#socket.writableLength);
  }

  #passText(): void {
    if (this.#text === '' || this.#failure !== undefined) return;
    this.#socket.write(this.#text, 'latin1');
    this.#text = '';
    this.meter.set(this.#socket.writableLength);
  }

  /** Resolves as soon as there is room for more. Rejects when the connection ends. */
  room(): Promise<void> | undefined {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    if (!this.#socket.writableNeedDrain || this.#socket.writableLength <= HIGH_WATER_BYTES) return undefined;
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  fail(error: Error): void {
    this.#failure ??= error;
    for (const waiter of this.#waiting.splice(0)) waiter.reject(error);
  }
}
