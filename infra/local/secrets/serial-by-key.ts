/** Runs pieces of work on one key one after the other, and those on different keys at the same time. */
export class SerialByKey {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Begins when all earlier work on the key has ended, however it ended. */
  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#last.get(key) ?? Promise.resolve()).then(work, work);
    this.#last.set(key, turn);
    const leave = (): void => {
      if (this.#last.get(key) === turn) this.#last.delete(key);
    };
    turn.then(leave, leave);
    return turn;
  }
}
