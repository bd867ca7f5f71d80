/** Lets one after the other through, in the order of asking. */
export class Turn {
  #taken = false;
  readonly #queue: Array<() => void> = [];

  /** @returns the function that ends the turn; further calls of it do nothing */
  async take(): Promise<() => void> {
    if (this.#taken) await new Promise<void>((resolve) => this.#queue.push(resolve));
    this.#taken = true;
    let ended = false;
    return () => {
      if (ended) return;
      ended = true;
      const next = this.#queue.shift();
      if (next === undefined) this.#taken = false;
      else next();
    };
  }
}
