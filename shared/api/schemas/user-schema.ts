import * as z from 'zod';
import type { UserRecord } from '../../state/user-repository.ts';
import { emailSchema, isoTime, lineSchema, timeSchema } from './bounded-text.ts';

export const userInputSchema = z
  .strictObject({
    email: emailSchema.meta({ description: 'The mailbox at the destination' }),
    displayName: lineSchema(200).optional(),
    sourceEmail: emailSchema
      .optional()
      .meta({ description: 'The account at the source; the same address unless given' }),
  })
  .meta({ id: 'UserInput' });

export const userSchema = z
  .object({
    email: z.string(),
    displayName: z.string().optional(),
    sourceEmail: z.string(),
    createdAt: timeSchema,
  })
  .meta({ id: 'User' });

export function showUser(record: UserRecord): z.input<typeof userSchema> {
  const { email, displayName, sourceEmail, createdAt } = record;
  return {
    email,
    ...(displayName === undefined ? {} : { displayName }),
    sourceEmail,
    createdAt: isoTime(createdAt),
  };
}
