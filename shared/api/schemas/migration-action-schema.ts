import * as z from 'zod';
import { countSchema } from './bounded-text.ts';

const continuation = z.string().min(1).max(3000);

/** What is asked of many mailboxes in bounded steps. */
export const migrationActionInput = z.strictObject({
  cursor: continuation.optional().meta({ description: '`nextCursor` of the answer before' }),
});

export const migrationActionResult = z
  .object({
    accepted: countSchema.meta({ description: 'Mailboxes to which it was applied' }),
    skipped: countSchema.meta({ description: 'Mailboxes for which there was nothing to do' }),
    nextCursor: continuation
      .optional()
      .meta({ description: 'Set while mailboxes are left: send again with it' }),
  })
  .meta({ id: 'MigrationActionResult' });
