import * as z from 'zod';
import { StaleWriteError } from './errors.ts';
import type { ItemKey } from './keys.ts';
import { parseRecord } from './parse-record.ts';
import type { StateTable } from './state-table.ts';
import type { Attributes } from './table-expression.ts';

const writtenSchema = z.object({ writeId: z.string().optional() });

/**
 * Writes a record that was made from version `record.version` (0 = there is none yet), and gives it the next one.
 * @throws StaleWriteError when somebody else wrote it in the meantime
 */
export async function saveVersioned<Record extends { readonly version: number }>(
  table: StateTable,
  write: {
    readonly entity: string;
    readonly key: ItemKey;
    readonly record: Record;
    /** Attributes of the item; the record's own without it. */
    readonly attributes?: (record: Record) => Attributes;
    /** Unique for this write. */
    readonly writeId: string;
  },
): Promise<Record> {
  const { version } = write.record;
  const next: Record = { ...write.record, version: version + 1 };
  const written = await table.put(
    { ...(write.attributes?.(next) ?? next), ...write.key, writeId: write.writeId },
    version === 0
      ? { text: 'attribute_not_exists(pk)' }
      : { text: '#version = :version', names: { '#version': 'version' }, values: { ':version': version } },
  );
  if (written) return next;
  // The SDK may have sent it twice because the first answer was lost: then it is our own write that stands.
  const standing = await table.get(write.key);
  if (
    standing !== undefined &&
    parseRecord(write.entity, writtenSchema, standing).writeId === write.writeId
  ) {
    return next;
  }
  throw new StaleWriteError(write.entity);
}
