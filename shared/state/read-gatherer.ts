import type { ItemKey } from './keys.ts';
import type { Attributes } from './table-expression.ts';

interface Reading {
  readonly key: ItemKey;
  readonly answer: PromiseWithResolvers<Attributes | undefined>;
}

/**
 * Joins reads of single items that are asked for in the same turn of the event loop (by `Promise.all`, say, or for
 * folders that are planned beside one another) into one request.
 */
export class ReadGatherer {
  readonly #send: (keys: readonly ItemKey[]) => Promise<Attributes[]>;
  #asked = new Map<string, Reading>();

  /** @param send reads items, in any order; those that do not exist are missing in its answer */
  constructor(send: (keys: readonly ItemKey[]) => Promise<Attributes[]>) {
    this.#send = send;
  }

  /**
   * The item, undefined when there is none.
   * @throws what `send` threw, as everybody who shares the request
   */
  read(key: ItemKey): Promise<Attributes | undefined> {
    if (this.#asked.size === 0) setImmediate(() => void this.#request());
    const name = nameOf(key.pk, key.sk);
    const reading = this.#asked.get(name) ?? { key, answer: Promise.withResolvers() };
    this.#asked.set(name, reading);
    return reading.answer.promise;
  }

  async #request(): Promise<void> {
    const asked = this.#asked;
    this.#asked = new Map();
    try {
      const items = await this.#send([...asked.values()].map(({ key }) => key));
      const found = new Map(items.map((item) => [nameOf(item['pk'], item['sk']), item]));
      for (const [name, { answer }] of asked) answer.resolve(found.get(name));
    } catch (error) {
      for (const { answer } of asked.values()) answer.reject(error);
    }
  }
}

function nameOf(pk: unknown, sk: unknown): string {
  return JSON.stringify([pk, sk]);
}
