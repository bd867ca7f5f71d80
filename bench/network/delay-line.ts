import type { Socket } from 'node:net';

/** What one direction may hold before its sender is not read any more: far above what a fast link has under way. */
const MOST_BYTES = 64 * 1024 * 1024;

interface Parcel {
  readonly due: number;
  /** Undefined: the sender has ended. */
  readonly data: Buffer | undefined;
}

/**
 * Carries the bytes of one socket to another, each chunk a fixed time after it came, in order and at any speed.
 * One timer serves the whole line: it is set for the oldest chunk, and sends all that are due with it.
 */
export class DelayLine {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #delayMs: number;
  readonly #parcels: Parcel[] = [];
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #blocked = false;

  constructor(from: Socket, to: Socket, delayMs: number) {
    this.#from = from;
    this.#to = to;
    this.#delayMs = delayMs;
    from.on('data', (data: Buffer) => this.#take(data));
    // a connection that breaks off ends at the other side too, after all that came before
    from.once('end', () => this.#take(undefined));
    from.once('close', () => this.#take(undefined));
    to.on('drain', () => {
      this.#blocked = false;
      this.#send();
    });
    to.once('close', () => {
      clearTimeout(this.#timer);
      this.#parcels.length = 0;
    });
  }

  #take(data: Buffer | undefined): void {
    this.#parcels.push({ due: performance.now() + this.#delayMs, data });
    this.#bytes += data?.length ?? 0;
    if (this.#bytes > MOST_BYTES) this.#from.pause();
    if (this.#parcels.length === 1) this.#send();
  }

  #send(): void {
    clearTimeout(this.#timer);
    const now = performance.now();
    let sent = 0;
    this.#to.cork();
    for (const { due, data } of this.#parcels) {
      if (this.#blocked || due > now) break;
      sent += 1;
      if (data === undefined) {
        if (this.#to.writable) this.#to.end();
        continue;
      }
      this.#bytes -= data.length;
      if (this.#to.writable) this.#blocked = !this.#to.write(data);
    }
    this.#to.uncork();
    this.#parcels.splice(0, sent);
    if (this.#bytes <= MOST_BYTES) this.#from.resume();
    const [next] = this.#parcels;
    if (next === undefined || this.#blocked) return;
    this.#timer = setTimeout(() => this.#send(), Math.max(0, next.due - performance.now()));
  }
}
