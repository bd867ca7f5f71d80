import type { MessageIdentity } from '../migration/match-messages.ts';
import { UidColumn } from '../migration/uid-column.ts';

const FIRST_CAPACITY = 1024;

/** Messages matched at a time; bounds the memory of matching, not what can be matched. */
const MATCH_SLICE = 50_000;

/** Into how many slices so many messages are cut. */
export function slicesFor(messages: number): number {
  return Math.max(1, Math.ceil(messages / MATCH_SLICE));
}

/** The slice of a fingerprint; equal fingerprints share one. */
export function sliceOf(fingerprint: bigint, slices: number): number {
  return Number(fingerprint % BigInt(slices));
}

/**
 * Identities of many messages in typed columns: 20 bytes each, so that a folder of a million messages fits in a
 * function's memory while it is matched.
 */
export class IdentityColumns {
  #length = 0;
  #uids = new Uint32Array(FIRST_CAPACITY);
  #sizes = new Float64Array(FIRST_CAPACITY);
  #fingerprints = new BigUint64Array(FIRST_CAPACITY);

  get length(): number {
    return this.#length;
  }

  /** Of all messages, ascending, each once. */
  distinctUids(): Uint32Array {
    const uids = new UidColumn();
    for (const uid of this.#uids.subarray(0, this.#length)) uids.append(uid);
    return uids.distinct();
  }

  append(identity: MessageIdentity): void {
    if (this.#length === this.#uids.length) this.#grow();
    this.#uids[this.#length] = identity.uid;
    this.#sizes[this.#length] = identity.size;
    this.#fingerprints[this.#length] = identity.fingerprint;
    this.#length += 1;
  }

  /** The messages whose fingerprint falls into slice `slice` of `slices`. */
  slice(slice: number, slices: number): MessageIdentity[] {
    const found: MessageIdentity[] = [];
    for (let index = 0; index < this.#length; index += 1) {
      const fingerprint = this.#fingerprints[index] ?? 0n;
      if (sliceOf(fingerprint, slices) !== slice) continue;
      found.push({ uid: this.#uids[index] ?? 0, size: this.#sizes[index] ?? 0, fingerprint });
    }
    return found;
  }

  #grow(): void {
    const capacity = this.#uids.length * 2;
    const uids = new Uint32Array(capacity);
    const sizes = new Float64Array(capacity);
    const fingerprints = new BigUint64Array(capacity);
    uids.set(this.#uids);
    sizes.set(this.#sizes);
    fingerprints.set(this.#fingerprints);
    this.#uids = uids;
    this.#sizes = sizes;
    this.#fingerprints = fingerprints;
  }
}
