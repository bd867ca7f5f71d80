import { MigrationInputError } from './errors.ts';
import { indexOfUid } from './index-of-uid.ts';

/** The UIDs that belong to many messages' own: eight bytes a message, where a Map takes some forty. */
export class UidMap {
  readonly #own: Uint32Array;
  readonly #others: Uint32Array;
  #size = 0;

  /** @param own the messages that may be given another UID: ascending, each once */
  constructor(own: Uint32Array) {
    this.#own = own;
    this.#others = new Uint32Array(own.length);
  }

  /** How many have been given one. */
  get size(): number {
    return this.#size;
  }

  /** @throws {MigrationInputError} when `uid` is none of the messages */
  set(uid: number, other: number): void {
    const index = indexOfUid(this.#own, uid);
    if (index < 0) throw new MigrationInputError(`UID ${uid} is not in the map.`);
    if (this.#others[index] === 0) this.#size += 1;
    this.#others[index] = other;
  }

  get(uid: number): number | undefined {
    const other = this.#others[indexOfUid(this.#own, uid)] ?? 0;
    return other === 0 ? undefined : other;
  }
}
