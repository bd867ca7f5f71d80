const UID_BYTES = 4;
const GROWTH_BYTES = 64 * 1024;
/** Addresses that are set aside so that a column grows where it is; memory is taken as it grows. */
const FIRST_RESERVE_BYTES = 16 * 1024 * 1024;

/**
 * UIDs of many messages, four bytes each (RFC 3501 2.3.1.1: 32 bits). Growing copies nothing, so that there is no
 * moment with two copies, and no garbage.
 */
export class UidColumn {
  #length = 0;
  #capacity = 0;
  #reserved = FIRST_RESERVE_BYTES;
  #uids = new Uint32Array(new ArrayBuffer(0, { maxByteLength: FIRST_RESERVE_BYTES }));

  get length(): number {
    return this.#length;
  }

  append(uid: number): void {
    if (this.#length === this.#capacity) this.#grow();
    this.#uids[this.#length] = uid;
    this.#length += 1;
  }

  /** All of them, each once, ascending; they are put in order in place. */
  distinct(): Uint32Array<ArrayBuffer> {
    const sorted = this.sorted();
    let kept = 0;
    for (const uid of sorted) {
      if (kept > 0 && sorted[kept - 1] === uid) continue;
      sorted[kept] = uid;
      kept += 1;
    }
    this.#length = kept;
    return sorted.subarray(0, kept);
  }

  /** All of them, ascending; they are put in order in place. */
  sorted(): Uint32Array<ArrayBuffer> {
    const uids = new Uint32Array(this.#uids.buffer, 0, this.#length);
    return isAscending(uids) ? uids : uids.sort();
  }

  #grow(): void {
    const bytes = this.#uids.buffer.byteLength + GROWTH_BYTES;
    if (bytes > this.#reserved) {
      this.#reserved *= 2;
      const moved = new Uint32Array(new ArrayBuffer(bytes, { maxByteLength: this.#reserved }));
      moved.set(this.#uids);
      this.#uids = moved;
    } else {
      this.#uids.buffer.resize(bytes);
    }
    this.#capacity = bytes / UID_BYTES;
  }
}

function isAscending(uids: Uint32Array): boolean {
  for (let index = 1; index < uids.length; index += 1) {
    if ((uids[index - 1] ?? 0) > (uids[index] ?? 0)) return false;
  }
  return true;
}
