import type * as z from 'zod';
import { RecordCorruptError } from './errors.ts';

/**
 * Turns attributes read from the table into a record; attributes that the schema does not know fall away.
 * @throws RecordCorruptError naming the fields
 */
export function parseRecord<Record>(entity: string, schema: z.ZodType<Record>, attributes: unknown): Record {
  const parsed = schema.safeParse(attributes);
  if (parsed.success) return parsed.data;
  throw new RecordCorruptError(
    entity,
    parsed.error.issues.map((issue) => issue.path.join('.') || 'item'),
  );
}
