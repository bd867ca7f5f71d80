import type { FetchRow } from '../wire/fetch-row.ts';

export interface MessageAttributes {
  readonly flags?: readonly string[];
  readonly internalDate?: string;
}

/** What is known of the messages of a running fetch: a server may tell it in several responses, in any order. */
export class KnownAttributes {
  readonly #known = new Map<number, MessageAttributes>();

  /** Adds what a response says; the newest wins. */
  learn(uid: number, row: FetchRow): MessageAttributes {
    const before = this.#known.get(uid);
    const flags = row.flags ?? before?.flags;
    const internalDate = row.internalDate ?? before?.internalDate;
    const now = {
      ...(flags === undefined ? {} : { flags }),
      ...(internalDate === undefined ? {} : { internalDate }),
    };
    this.#known.set(uid, now);
    return now;
  }

  /** True when the server has said anything about it, so that it exists. */
  has(uid: number): boolean {
    return this.#known.has(uid);
  }

  get(uid: number): MessageAttributes | undefined {
    return this.#known.get(uid);
  }

  forget(uids: readonly number[]): void {
    for (const uid of uids) this.#known.delete(uid);
  }
}
