import * as z from 'zod';
import { clampLimit, decodeCursor, encodeCursor, type PageOf, type PageRequest } from './cursor.ts';
import { CursorInvalidError } from './errors.ts';
import type { StateTable } from './state-table.ts';
import type { Attributes } from './table-expression.ts';
import { rangeOf } from './table-query.ts';
import { parseRecord } from './parse-record.ts';

const sortKeyed = z.object({ sk: z.string() });

/**
 * One page of the items of a partition whose sort keys begin with `prefix`.
 * @throws CursorInvalidError
 */
export async function listRange<Record>(
  table: StateTable,
  range: { pk: string; prefix: string; descending?: boolean; parse: (attributes: Attributes) => Record },
  page: PageRequest,
): Promise<PageOf<Record>> {
  const list = listOf(range);
  const { items, lastKey } = await table.queryPage(
    { ...rangeOf(range.pk, range.prefix), descending: range.descending ?? false },
    { limit: clampLimit(page.limit), startKey: startKeyOf(range, list, page.cursor) },
  );
  const records = items.map(range.parse);
  if (lastKey === undefined) return { items: records };
  const { sk } = parseRecord('list position', sortKeyed, lastKey);
  return { items: records, cursor: encodeCursor(list, sk) };
}

/** The cursor of a page that ends with an item of the range. */
export function rangeCursor(range: { pk: string; prefix: string }, sk: string): string {
  return encodeCursor(listOf(range), sk);
}

function listOf({ pk, prefix }: { pk: string; prefix: string }): string {
  return `${pk}\n${prefix}`;
}

function startKeyOf(range: { pk: string; prefix: string }, list: string, cursor: string | undefined) {
  if (cursor === undefined) return undefined;
  const sk = decodeCursor(list, cursor);
  if (!sk.startsWith(range.prefix) || Buffer.byteLength(sk) > 1024) throw new CursorInvalidError();
  return { pk: range.pk, sk };
}
