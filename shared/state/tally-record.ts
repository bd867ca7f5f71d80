import * as z from 'zod';
import { ByteReader } from '../migration/byte-reader.ts';
import { ByteWriter } from '../migration/byte-writer.ts';
import { LedgerCorruptError } from '../migration/errors.ts';
import { emptyCounts } from '../migration/ledger-counts.ts';
import { RecordCorruptError } from './errors.ts';
import type { FolderRecord } from './folder-record.ts';
import { parseRecord } from './parse-record.ts';
import type { Attributes } from './table-expression.ts';

/** What the pages of a folder came to. */
export type StoredTally = Required<Pick<FolderRecord, 'counts' | 'retryPages'>>;

/**
 * What was counted of a mailbox's folders when a pass ended, all in one item. A tally belongs to one write of its folder's
 * record, and holds as long as the record is the one of that write: whatever is written there later is newer.
 */
export interface TallyRecord {
  /** By the id of the write of the folder's record that was counted. */
  readonly tallies: ReadonlyMap<string, StoredTally>;
  /** Grows with each write, 0 = there is none yet; a write names the version it was made from. */
  readonly version: number;
}

const FORMAT = 1;
/** An id of a write, its length, eight figures and a number of pages: what a tally takes at least. */
const LEAST_BYTES = 11;
const FIGURES = [
  'listed',
  'pending',
  'copied',
  'adopted',
  'skipped',
  'underOtherLabel',
  'failed',
  'bytes',
] as const satisfies ReadonlyArray<keyof StoredTally['counts']>;

const schema = z.object({ version: z.number().int().min(1), tallies: z.instanceof(Uint8Array) });

/** @throws RecordCorruptError */
export function parseTally(attributes: Attributes): TallyRecord {
  const { tallies, version } = parseRecord('folder tally', schema, attributes);
  try {
    return { tallies: decodeTallies(tallies), version };
  } catch (cause) {
    if (!(cause instanceof LedgerCorruptError)) throw cause;
    throw new RecordCorruptError('folder tally', ['tallies'], { cause });
  }
}

function decodeTallies(bytes: Uint8Array): Map<string, StoredTally> {
  const reader = new ByteReader(bytes);
  if (reader.byte() !== FORMAT) throw reader.corrupt('its format is not known');
  const tallies = new Map<string, StoredTally>();
  for (let left = reader.count(LEAST_BYTES); left > 0; left -= 1) {
    const writeId = reader.text();
    const counts = emptyCounts();
    for (const figure of FIGURES) counts[figure] = reader.varint();
    const pages = reader.count(1);
    const retryPages: number[] = [];
    for (let index = 0; index < pages; index += 1) {
      retryPages.push((retryPages[index - 1] ?? 0) + reader.zigzag());
    }
    tallies.set(writeId, { counts, retryPages });
  }
  if (reader.remaining > 0) throw reader.corrupt('something follows its end');
  return tallies;
}

/** Tallies as they are stored. */
export class PackedTallies {
  readonly #rows = new ByteWriter();
  readonly #mostBytes: number;
  #count = 0;
  #length = 0;

  /** @param mostBytes that all of them may take */
  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  get count(): number {
    return this.#count;
  }

  /** Bytes, but for the few that stand before the first tally. */
  get length(): number {
    return this.#length;
  }

  /** @returns false when there is no room for it, and it was not added */
  add(writeId: string, { counts, retryPages }: StoredTally): boolean {
    const row = new ByteWriter();
    row.text(writeId);
    for (const figure of FIGURES) row.varint(counts[figure]);
    row.varint(retryPages.length);
    for (const [index, page] of retryPages.entries()) row.zigzag(page - (retryPages[index - 1] ?? 0));
    const bytes = row.finish();
    if (this.#length + bytes.length > this.#mostBytes) return false;
    this.#rows.bytes(bytes);
    this.#count += 1;
    this.#length += bytes.length;
    return true;
  }

  finish(): Uint8Array {
    const whole = new ByteWriter();
    whole.byte(FORMAT);
    whole.varint(this.#count);
    whole.bytes(this.#rows.finish());
    return whole.finish();
  }
}
