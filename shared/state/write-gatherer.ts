import type { ItemKey } from './keys.ts';
import type { Attributes } from './table-expression.ts';

export type TableWrite = { readonly put: Attributes } | { readonly delete: ItemKey };

/** What one request of DynamoDB may hold (BatchWriteItem). */
const MAX_WRITES = 25;
/** Requests under way at once; more would only queue at the table. */
const MAX_REQUESTS = 4;
/** Ms that a write waits for others: many folders are planned at once, and their writes come nearly together. */
const GATHER_MS = 4;

interface Waiting {
  readonly write: TableWrite;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** Joins unconditional writes that several callers ask for at about the same time into common requests. */
export class WriteGatherer {
  readonly #send: (writes: readonly TableWrite[]) => Promise<void>;
  readonly #delay: (ms: number) => Promise<void>;
  #waiting: Waiting[] = [];
  #requests = 0;
  readonly #underWay = new Set<string>();
  #gathering = false;

  /** @param send up to 25 writes to different keys; may be called while earlier calls are under way */
  constructor(send: (writes: readonly TableWrite[]) => Promise<void>, delay: (ms: number) => Promise<void>) {
    this.#send = send;
    this.#delay = delay;
  }

  /**
   * Resolves when all are done. Each key may come once.
   * @throws what `send` threw for one of them; others may be done nevertheless
   */
  async write(writes: readonly TableWrite[]): Promise<void> {
    const all = writes.map(
      (write) =>
        new Promise<void>((done, failed) => {
          this.#waiting.push({ write, done, failed });
        }),
    );
    if (all.length > 0) void this.#gather();
    // All of them, so that nothing is still being written after a failure.
    const failure = (await Promise.allSettled(all)).find((result) => result.status === 'rejected');
    if (failure !== undefined) throw failure.reason;
  }

  async #gather(): Promise<void> {
    if (this.#gathering) return;
    this.#gathering = true;
    if (this.#waiting.length < MAX_WRITES) await this.#delay(GATHER_MS);
    this.#gathering = false;
    while (this.#requests < MAX_REQUESTS) {
      const batch = this.#next();
      if (batch.length === 0) return;
      void this.#request(batch);
    }
  }

  /** The oldest writes that may go: a second write to a key waits until the first is done. */
  #next(): Waiting[] {
    const keys = new Set(this.#underWay);
    const batch: Waiting[] = [];
    const rest: Waiting[] = [];
    for (const waiting of this.#waiting) {
      const key = keyOf(waiting.write);
      if (batch.length < MAX_WRITES && !keys.has(key)) batch.push(waiting);
      else rest.push(waiting);
      keys.add(key);
    }
    this.#waiting = rest;
    return batch;
  }

  async #request(batch: readonly Waiting[]): Promise<void> {
    this.#requests += 1;
    const keys = batch.map(({ write }) => keyOf(write));
    for (const key of keys) this.#underWay.add(key);
    try {
      await this.#send(batch.map(({ write }) => write));
      for (const { done } of batch) done();
    } catch (error) {
      for (const { failed } of batch) failed(error);
    } finally {
      this.#requests -= 1;
      for (const key of keys) this.#underWay.delete(key);
      if (this.#waiting.length > 0) void this.#gather();
    }
  }
}

function keyOf(write: TableWrite): string {
  const { pk, sk } = 'put' in write ? write.put : write.delete;
  return JSON.stringify([pk, sk]);
}
