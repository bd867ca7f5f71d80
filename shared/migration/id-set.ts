const FIRST_SLOTS = 1024;
/** Spreads ids over the slots: 2^64 divided by the golden ratio. */
const SPREAD = 0x9e37_79b9_7f4a_7c15n;

/** Many 64-bit ids other than 0: at most 32 bytes each, where a Set of bigints takes some hundred. */
export class IdSet {
  #slots = new BigUint64Array(FIRST_SLOTS);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(id: bigint): boolean {
    return this.#slots[this.#slotOf(id)] === id;
  }

  /** @returns false where it is there already */
  add(id: bigint): boolean {
    const slot = this.#slotOf(id);
    if (this.#slots[slot] === id) return false;
    this.#slots[slot] = id;
    this.#size += 1;
    if (this.#size * 2 > this.#slots.length) this.#grow();
    return true;
  }

  /** Where it is, or would be. */
  #slotOf(id: bigint): number {
    const mask = this.#slots.length - 1;
    let slot = Number(BigInt.asUintN(64, id * SPREAD) >> 32n) & mask;
    while (this.#slots[slot] !== 0n && this.#slots[slot] !== id) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const before = this.#slots;
    this.#slots = new BigUint64Array(before.length * 2);
    for (const id of before) if (id !== 0n) this.#slots[this.#slotOf(id)] = id;
  }
}
