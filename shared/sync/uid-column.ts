const FIRST_CAPACITY = 1024;

/** UIDs of many messages, four bytes each (RFC 3501 2.3.1.1: 32 bits). */
export class UidColumn {
  #length = 0;
  #uids = new Uint32Array(FIRST_CAPACITY);

  append(uid: number): void {
    if (this.#length === this.#uids.length) {
      const grown = new Uint32Array(this.#uids.length * 2);
      grown.set(this.#uids);
      this.#uids = grown;
    }
    this.#uids[this.#length] = uid;
    this.#length += 1;
  }

  /** All of them, ascending. Sorts in place: nothing is copied. */
  sorted(): Uint32Array {
    return this.#uids.subarray(0, this.#length).sort();
  }
}
