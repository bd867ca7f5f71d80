import * as z from 'zod';
import { ITEM_REASONS, type ItemReason } from '../migration/item-reason.ts';
import { parseRecord } from './parse-record.ts';
import type { Attributes } from './table-expression.ts';

/** A message that was not copied, or not as it was, as people want to see it in a report. */
export interface ItemRecord {
  readonly folderId: string;
  readonly folderPath: string;
  /** At the source. */
  readonly uid: number;
  /** `copied`: the destination keeps it in another form. */
  readonly state: 'copied' | 'skipped' | 'failed';
  readonly reason: ItemReason;
  readonly attempts: number;
  /** Bytes. */
  readonly size?: number;
  readonly date?: string;
  readonly from?: string;
  readonly subject?: string;
  readonly messageId?: string;
  /** What the server that refused it said, or what it made of it. */
  readonly serverText?: string;
  /** Ms since the epoch. */
  readonly at: number;
}

/** Header fields and server texts come from outside; a report needs no more than this of them, in characters. */
const MAX_TEXT = 1000;

const schema = z.object({
  folderId: z.string(),
  folderPath: z.string(),
  uid: z.number().int(),
  state: z.enum(['copied', 'skipped', 'failed']),
  reason: z.enum(ITEM_REASONS),
  attempts: z.number().int(),
  size: z.number().exactOptional(),
  date: z.string().exactOptional(),
  from: z.string().exactOptional(),
  subject: z.string().exactOptional(),
  messageId: z.string().exactOptional(),
  serverText: z.string().exactOptional(),
  at: z.number(),
}) satisfies z.ZodType<ItemRecord>;

/** @throws RecordCorruptError */
export function parseItem(attributes: Attributes): ItemRecord {
  return parseRecord('item', schema, attributes);
}

/** The attributes of an item, its texts cut to what a report needs. */
export function boundedItem(record: ItemRecord): Attributes {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]: [string, unknown]) => [
      name,
      typeof value === 'string' ? value.slice(0, MAX_TEXT).toWellFormed() : value,
    ]),
  );
}
