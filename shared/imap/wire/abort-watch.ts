/** Listens once to each signal, however many commands share it. */
export class AbortWatch {
  readonly #aborted: (reason: unknown) => void;
  readonly #signals = new Map<AbortSignal, { uses: number; listener: () => void }>();

  constructor(aborted: (reason: unknown) => void) {
    this.#aborted = aborted;
  }

  add(signal: AbortSignal): void {
    const known = this.#signals.get(signal);
    if (known !== undefined) {
      known.uses += 1;
      return;
    }
    const listener = (): void => this.#aborted(signal.reason);
    this.#signals.set(signal, { uses: 1, listener });
    signal.addEventListener('abort', listener);
  }

  remove(signal: AbortSignal): void {
    const known = this.#signals.get(signal);
    if (known === undefined) return;
    known.uses -= 1;
    if (known.uses > 0) return;
    signal.removeEventListener('abort', known.listener);
    this.#signals.delete(signal);
  }
}
