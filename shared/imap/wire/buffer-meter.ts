/** Counts the bytes that a connection holds in memory, so that tests can see that a body is never gathered. */
export class BufferMeter {
  #bytes = 0;
  #peak = 0;

  /** Bytes held at this moment. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The most that was ever held at once. */
  get peak(): number {
    return this.#peak;
  }

  add(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > this.#peak) this.#peak = this.#bytes;
  }

  remove(bytes: number): void {
    this.#bytes -= bytes;
  }

  /** Replaces the count, for a holder that knows its whole size. */
  set(bytes: number): void {
    this.#bytes = bytes;
    if (bytes > this.#peak) this.#peak = bytes;
  }
}
