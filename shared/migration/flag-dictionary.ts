import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';

/**
 * The distinct flag lists of a ledger page, so that an entry names its own by a small number. A page has many
 * messages and few combinations of flags.
 */
export class FlagDictionary {
  readonly #flags = new Map<string, number>();
  readonly #lists = new Map<string, number>();
  readonly #rows: number[][] = [];

  /** The number of a flag list; the order of the flags is kept. */
  add(flags: readonly string[]): number {
    const row = flags.map((flag) => numberOf(this.#flags, flag));
    const key = row.join();
    const known = this.#lists.get(key);
    if (known !== undefined) return known;
    this.#lists.set(key, this.#rows.length);
    return this.#rows.push(row) - 1;
  }

  write(writer: ByteWriter): void {
    writer.varint(this.#flags.size);
    for (const flag of this.#flags.keys()) writer.text(flag);
    writer.varint(this.#rows.length);
    for (const row of this.#rows) {
      writer.varint(row.length);
      for (const index of row) writer.varint(index);
    }
  }
}

/** @throws {LedgerCorruptError} */
export function readFlagLists(reader: ByteReader): ReadonlyArray<readonly string[]> {
  const flags = Array.from({ length: reader.count(1) }, () => reader.text());
  return Array.from({ length: reader.count(1) }, () =>
    Array.from({ length: reader.count(1) }, () => {
      const flag = flags[reader.varint()];
      if (flag === undefined) throw reader.corrupt('a flag is not in the dictionary');
      return flag;
    }),
  );
}

function numberOf(numbers: Map<string, number>, key: string): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  numbers.set(key, numbers.size);
  return numbers.size - 1;
}
