/** The means of a part of the time. */
export interface CopyMoment {
  /** Seconds since the start, at the end of the part. */
  readonly at: number;
  readonly workers: number;
  readonly planners: number;
  /** Mailboxes in step at its end. */
  readonly synced: number;
}

/** From this time on. */
interface Busy {
  readonly at: number;
  readonly workers: number;
  readonly planners: number;
  /** Mailboxes that somebody should work on and nobody does. */
  readonly waiting: number;
}

const PARTS = 8;

/** Remembers how many were at work when, and when mailboxes came to be in step. */
export class CopyHistory {
  readonly #mailboxes: number;
  readonly #busy: Busy[] = [];
  readonly #synced: { readonly at: number; readonly mailboxes: number }[] = [];

  constructor(mailboxes: number) {
    this.#mailboxes = mailboxes;
  }

  busy(busy: Busy): void {
    if (this.#busy.at(-1)?.at === busy.at) this.#busy.pop();
    this.#busy.push(busy);
  }

  synced(at: number, mailboxes: number): void {
    this.#synced.push({ at, mailboxes });
  }

  told(seconds: number) {
    const moments = Array.from({ length: PARTS }, (_, part) => {
      const from = (seconds * part) / PARTS;
      const to = (seconds * (part + 1)) / PARTS;
      const worked = this.#worked(from, to);
      const length = to - from;
      return {
        at: to,
        workers: length > 0 ? worked.workers / length : 0,
        planners: length > 0 ? worked.planners / length : 0,
        synced: this.#syncedBy(part === PARTS - 1 ? Number.POSITIVE_INFINITY : to),
      };
    });
    const all = this.#worked(0, seconds);
    return {
      seconds,
      halfSeconds: this.#whenSynced(this.#mailboxes / 2),
      plannerSeconds: all.planners,
      laneSeconds: all.workers,
      peakWorkers: this.#busy.reduce((most, { workers }) => Math.max(most, workers), 0),
      peakPlanners: this.#busy.reduce((most, { planners }) => Math.max(most, planners), 0),
      moments,
    };
  }

  /**
   * How often the timer wakes who waits.
   *
   * @param everySeconds that a mailbox has waited
   * @param mostPerSecond of all mailboxes
   */
  wakes(seconds: number, everySeconds: number, mostPerSecond: number): number {
    return this.#busy.reduce((sum, { at, waiting }, index) => {
      const length = (this.#busy[index + 1]?.at ?? seconds) - at;
      return sum + (length > 0 ? Math.min(waiting / everySeconds, mostPerSecond) * length : 0);
    }, 0);
  }

  #worked(from: number, to: number): { workers: number; planners: number } {
    const sum = { workers: 0, planners: 0 };
    for (const [index, { at, workers, planners }] of this.#busy.entries()) {
      const until = this.#busy[index + 1]?.at ?? to;
      const length = Math.min(to, until) - Math.max(from, at);
      if (length <= 0) continue;
      sum.workers += workers * length;
      sum.planners += planners * length;
    }
    return sum;
  }

  #syncedBy(time: number): number {
    return this.#synced.reduce((sum, { at, mailboxes }) => sum + (at <= time ? mailboxes : 0), 0);
  }

  #whenSynced(mailboxes: number): number {
    let sum = 0;
    for (const step of this.#synced) {
      sum += step.mailboxes;
      if (sum >= mailboxes) return step.at;
    }
    return 0;
  }
}
