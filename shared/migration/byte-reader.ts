import { LedgerCorruptError } from './errors.ts';

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The counterpart of ByteWriter. Whatever it is fed, it ends in a value or a LedgerCorruptError. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #view: DataView | undefined;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get offset(): number {
    return this.#offset;
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  byte(): number {
    const value = this.#bytes[this.#offset];
    if (value === undefined) throw this.corrupt('it ends too early');
    this.#offset += 1;
    return value;
  }

  varint(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (value > Number.MAX_SAFE_INTEGER) throw this.corrupt('a number is too large');
      if (byte < 0x80) {
        if (byte === 0 && scale > 1) throw this.corrupt('a number is padded');
        return value;
      }
      scale *= 0x80;
      if (scale > Number.MAX_SAFE_INTEGER) throw this.corrupt('a number is too long');
    }
  }

  zigzag(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** Eight bytes that were skipped before, the highest first. */
  uint64At(start: number): bigint {
    this.#view ??= new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.length);
    return this.#view.getBigUint64(start);
  }

  text(): string {
    const length = this.varint();
    const start = this.skip(length);
    try {
      return UTF8.decode(this.#bytes.subarray(start, start + length));
    } catch (cause) {
      throw this.corrupt('a text is not UTF-8', cause);
    }
  }

  /** A count of things that each take at least `bytesEach` of what remains, so that no count allocates ahead. */
  count(bytesEach: number): number {
    const count = this.varint();
    if (count * bytesEach > this.remaining) throw this.corrupt('a count exceeds what follows');
    return count;
  }

  /** @returns the offset of the first of the bytes that are passed over */
  skip(count: number): number {
    if (count > this.remaining) throw this.corrupt('it ends too early');
    const start = this.#offset;
    this.#offset += count;
    return start;
  }

  corrupt(problem: string, cause?: unknown): LedgerCorruptError {
    return new LedgerCorruptError(problem, this.#offset, cause);
  }
}
