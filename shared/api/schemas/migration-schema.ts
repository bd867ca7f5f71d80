import * as z from 'zod';
import { MAILBOX_STATUSES } from '../../migration/mailbox-status.ts';
import type { MigrationRecord } from '../../state/migration-repository.ts';
import {
  accountNameSchema,
  countSchema,
  emailSchema,
  idSchema,
  isoTime,
  lineSchema,
  passwordSchema,
  timeSchema,
} from './bounded-text.ts';
import { labelsSchema } from './label-schema.ts';
import { selectionSchema, showSelection } from './selection-schema.ts';
import { refreshTokenSchema } from './sign-in-schema.ts';

/** Mailboxes in one request: what is written well within an API request. Larger migrations are added to in steps. */
export const MAX_MAILBOXES = 1_000;
/** Bytes; some 1,000 for each mailbox. */
export const MAX_MAILBOXES_BYTES = 1_500_000;

const mailboxInputSchema = z
  .strictObject({
    email: emailSchema.meta({ description: 'A user of the tenant: the mailbox at the destination' }),
    sourceUser: accountNameSchema,
    password: passwordSchema
      .optional()
      .meta({ description: 'Needed where the source is opened by a password for each mailbox' }),
    refreshToken: refreshTokenSchema
      .optional()
      .meta({ description: 'In place of the password, where the source is opened by consent of its users' }),
    destinationPassword: passwordSchema
      .optional()
      .meta({ description: 'Needed where the destination is opened by a password for each user' }),
    destinationRefreshToken: refreshTokenSchema.optional().meta({
      description: 'In place of the password, where the destination is opened by consent of its users',
    }),
    userRoot: lineSchema(255)
      .optional()
      .meta({ description: 'The folder that holds the mail of the user, on servers that share one tree' }),
  })
  .meta({ id: 'MailboxInput' });

export const mailboxesInputSchema = z
  .array(mailboxInputSchema)
  .max(MAX_MAILBOXES)
  .superRefine((mailboxes, context) => {
    const seen = new Set<string>();
    for (const [index, { email }] of mailboxes.entries()) {
      if (seen.has(email.toLowerCase())) {
        context.addIssue({ code: 'custom', path: [index, 'email'], message: 'The address is there already' });
      }
      seen.add(email.toLowerCase());
    }
  });

export type MailboxInput = z.output<typeof mailboxInputSchema>;

export const migrationParams = z.strictObject({ migrationId: idSchema });

export const migrationSchema = z
  .object({
    migrationId: idSchema,
    connectionId: idSchema,
    name: z.string().optional(),
    status: z.enum(['active', 'closing', 'closed']),
    mailboxCount: countSchema,
    selection: selectionSchema.optional(),
    labels: labelsSchema.optional(),
    createdAt: timeSchema,
    closedAt: timeSchema.optional(),
  })
  .meta({ id: 'Migration', description: 'Mailboxes that move together from one connection' });

/** Messages of one or many mailboxes, as of the last tally. */
export const totalsSchema = z
  .object({
    listed: countSchema,
    pending: countSchema,
    copied: countSchema,
    adopted: countSchema.meta({ description: 'Were at the destination already' }),
    skipped: countSchema.meta({ description: 'Those under another label included' }),
    underOtherLabel: countSchema.meta({
      description:
        'Of the skipped ones, those that are nothing to do: a source with labels (Gmail) lists a message with each of its labels, and this one counts with another. Without them, `skipped` is what cannot be copied',
    }),
    failed: countSchema,
    bytes: countSchema.meta({ description: 'Of copied and adopted messages' }),
    folders: countSchema,
  })
  .meta({ id: 'Totals' });

export const migrationDetailSchema = migrationSchema
  .extend({
    statuses: z
      .record(z.enum(MAILBOX_STATUSES), countSchema)
      .meta({ description: 'Mailboxes by status; may lag behind by moments' }),
    totals: totalsSchema.extend({
      mailboxes: countSchema.meta({ description: 'How many mailboxes are summed up here' }),
      complete: z
        .boolean()
        .meta({ description: 'False where the migration has more mailboxes than are summed up' }),
    }),
  })
  .meta({ id: 'MigrationDetail' });

export function showMigration(record: MigrationRecord): z.input<typeof migrationSchema> {
  const { migrationId, connectionId, name, status, mailboxCount, selection, labels, createdAt, closedAt } =
    record;
  return {
    migrationId,
    connectionId,
    ...(name === undefined ? {} : { name }),
    status,
    mailboxCount,
    ...(selection === undefined ? {} : { selection: showSelection(selection) }),
    ...(labels === undefined ? {} : { labels }),
    createdAt: isoTime(createdAt),
    ...(closedAt === undefined ? {} : { closedAt: isoTime(closedAt) }),
  };
}

/** What became of mailboxes that were to be added. */
export const addedSchema = z.object({
  added: countSchema,
  existing: countSchema.meta({
    description: 'Were part of the migration already. Nothing of them was changed, their passwords neither.',
  }),
  started: countSchema,
});
