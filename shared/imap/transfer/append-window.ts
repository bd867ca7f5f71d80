/** Bounds what is on its way to the server without an answer. */
export class AppendWindow {
  readonly #messages: number;
  readonly #bytes: number;
  #messagesInFlight = 0;
  #bytesInFlight = 0;
  #waiting: Array<() => void> = [];

  constructor(messages: number, bytes: number) {
    this.#messages = messages;
    this.#bytes = bytes;
  }

  /** Waits until a message of this size may begin. A message larger than the window goes alone. */
  async enter(size: number): Promise<void> {
    while (!this.#fits(size)) await this.#change();
    this.#messagesInFlight += 1;
    this.#bytesInFlight += size;
  }

  leave(size: number): void {
    this.#messagesInFlight -= 1;
    this.#bytesInFlight -= size;
    for (const waiter of this.#waiting.splice(0)) waiter();
  }

  /** Resolves when nothing is in flight. */
  async empty(): Promise<void> {
    while (this.#messagesInFlight > 0) await this.#change();
  }

  #fits(size: number): boolean {
    if (this.#messagesInFlight === 0) return true;
    return this.#messagesInFlight < this.#messages && this.#bytesInFlight + size <= this.#bytes;
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
