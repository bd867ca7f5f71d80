/** Bounds what is on its way to a server without an answer. Appenders of one connection may share one. */
export class AppendWindow {
  readonly bytes: number;
  readonly #messages: number;
  #messagesInFlight = 0;
  #bytesInFlight = 0;
  #waiting: Array<() => void> = [];

  constructor(messages: number, bytes: number) {
    this.#messages = messages;
    this.bytes = bytes;
  }

  /** Whether a message of this size may begin. One larger than the window may when nothing else is in flight. */
  fits(size: number): boolean {
    if (this.#messagesInFlight === 0) return true;
    return this.#messagesInFlight < this.#messages && this.#bytesInFlight + size <= this.bytes;
  }

  enter(size: number): void {
    this.#messagesInFlight += 1;
    this.#bytesInFlight += size;
  }

  leave(messages: number, bytes: number): void {
    this.#messagesInFlight -= messages;
    this.#bytesInFlight -= bytes;
    for (const waiter of this.#waiting.splice(0)) waiter();
  }

  /** Resolves when a message of this size may begin. */
  async room(size: number): Promise<void> {
    while (!this.fits(size)) await this.#change();
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
