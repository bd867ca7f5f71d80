import type { BufferMeter } from './buffer-meter.ts';

/** What a backlog needs of its connection. */
export interface ReadingControl {
  /** Bytes above which reading stops. */
  readonly backlogBytes: number;
  readonly meter: BufferMeter;
  /** Stops reading the socket until the function returned is called. */
  holdReading(): () => void;
}

type End = { kind: 'finished' } | { kind: 'failed'; error: Error };

/**
 * Received items on their way to a caller who takes them at its own pace. When it is slow the socket is not read
 * any more, so the backlog is bounded by the limit and one chunk of the socket.
 */
export class Backlog<T extends object> {
  readonly #control: ReadingControl;
  #items: Array<{ item: T; bytes: number } | undefined> = [];
  #next = 0;
  #bytes = 0;
  #end: End | undefined;
  #discarding = false;
  #release: (() => void) | undefined;
  #taker: { resolve: (item: T | undefined) => void; reject: (error: Error) => void } | undefined;

  constructor(control: ReadingControl) {
    this.#control = control;
  }

  push(item: T, bytes: number): void {
    if (this.#discarding || this.#end !== undefined) return;
    const taker = this.#taker;
    if (taker !== undefined) {
      this.#taker = undefined;
      taker.resolve(item);
      return;
    }
    this.#items.push({ item, bytes });
    this.#bytes += bytes;
    this.#control.meter.add(bytes);
    if (this.#bytes > this.#control.backlogBytes) this.#release ??= this.#control.holdReading();
  }

  /** Nothing more comes. What is here can still be taken. */
  finish(): void {
    this.#close({ kind: 'finished' });
  }

  /** Nothing more comes, because of this. What is here can still be taken, then `take` rejects. */
  fail(error: Error): void {
    this.#close({ kind: 'failed', error });
  }

  /** The caller has gone: what is here and what still comes is thrown away. */
  discard(): void {
    this.#discarding = true;
    this.#control.meter.remove(this.#bytes);
    this.#items = [];
    this.#next = 0;
    this.#bytes = 0;
    this.#release?.();
    this.#release = undefined;
  }

  /** The next item if it is here. */
  poll(): T | undefined {
    const entry = this.#items[this.#next];
    if (entry === undefined) return undefined;
    this.#items[this.#next] = undefined; // no longer kept from the garbage collector
    this.#next += 1;
    if (this.#next === this.#items.length) {
      this.#items = [];
      this.#next = 0;
    } else if (this.#next >= 1024) {
      this.#items.splice(0, this.#next);
      this.#next = 0;
    }
    this.#bytes -= entry.bytes;
    this.#control.meter.remove(entry.bytes);
    if (this.#release !== undefined && this.#bytes <= this.#control.backlogBytes / 2) {
      this.#release();
      this.#release = undefined;
    }
    return entry.item;
  }

  /** The next item, undefined at the end. One caller at a time. */
  take(): Promise<T | undefined> {
    const item = this.poll();
    if (item !== undefined || this.#end?.kind === 'finished') return Promise.resolve(item);
    if (this.#end !== undefined) return Promise.reject(this.#end.error);
    return new Promise((resolve, reject) => {
      this.#taker = { resolve, reject };
    });
  }

  #close(end: End): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    const taker = this.#taker;
    this.#taker = undefined;
    if (taker === undefined) return;
    if (end.kind === 'failed') taker.reject(end.error);
    else taker.resolve(undefined);
  }
}
