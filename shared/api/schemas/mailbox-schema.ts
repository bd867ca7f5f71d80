import * as z from 'zod';
import type { Catalogue } from '../../i18n/catalogue.ts';
import { REFUSAL_CODES } from '../../imap/refusal-code.ts';
import { FAILURE_REASONS } from '../../migration/failure-reason.ts';
import { MAILBOX_STATUSES } from '../../migration/mailbox-status.ts';
import type { Lane } from '../../state/lane-repository.ts';
import type { MailboxRecord } from '../../state/mailbox-repository.ts';
import { mailboxProgress } from '../mailbox-progress.ts';
import { countSchema, idSchema, isoTime, timeSchema } from './bounded-text.ts';
import { describeTrouble } from '../describe-trouble.ts';
import { totalsSchema } from './migration-schema.ts';

const progressSchema = z
  .object({
    messages: totalsSchema.omit({ bytes: true, folders: true }).extend({
      done: countSchema.meta({ description: 'Everything but pending' }),
    }),
    bytes: z.object({
      done: countSchema,
      estimatedTotal: countSchema
        .optional()
        .meta({ description: 'From the average size so far: IMAP tells no total beforehand' }),
    }),
    folders: countSchema,
    rate: z
      .object({ messagesPerSecond: z.number().min(0), bytesPerSecond: z.number().min(0) })
      .optional()
      .meta({ description: 'Of the pass that runs, averaged over it' }),
    secondsLeft: countSchema.optional(),
  })
  .meta({ id: 'Progress' });

export const mailboxSchema = z
  .object({
    mailboxId: idSchema,
    migrationId: idSchema,
    connectionId: idSchema,
    sourceUser: z.string(),
    userRoot: z.string().optional(),
    destinationUser: z.string(),
    displayName: z.string().optional(),
    status: z.enum(MAILBOX_STATUSES),
    statusText: z.string().meta({ description: 'In the language of Accept-Language' }),
    statusSince: timeSchema,
    reason: z
      .object({
        code: z.enum(FAILURE_REASONS),
        summary: z.string(),
        remedy: z.string(),
        detail: z.string().meta({ description: 'What exactly, often in the words of the server' }),
        side: z.enum(['source', 'destination']).optional(),
        refusal: z
          .enum(REFUSAL_CODES)
          .optional()
          .meta({ description: 'Where the provider is known for it; summary and remedy are then its own' }),
      })
      .optional(),
    throttledUntil: timeSchema.optional(),
    waitingFor: z
      .object({ host: z.string(), side: z.enum(['source', 'destination']), since: timeSchema })
      .optional()
      .meta({
        description:
          'In line for a connection to this server, whose budget (`/v1/budgets/{host}`) is used by others',
      }),
    pass: z.object({
      number: countSchema.meta({ description: '0 = none yet' }),
      kind: z.enum(['initial', 'incremental']),
      phase: z.enum(['idle', 'planning', 'copying']),
      trigger: z.enum(['start', 'timer', 'request']),
      startedAt: timeSchema.optional(),
      finishedAt: timeSchema.optional(),
      again: z.boolean().meta({
        description: 'A pass was asked for that has not begun: it begins at once, or after this one',
      }),
    }),
    progress: progressSchema,
    consents: z
      .object({ source: timeSchema.optional(), destination: timeSchema.optional() })
      .optional()
      .meta({ description: 'Since when a refresh token of its user is stored, for each side that has one' }),
    lastSyncedAt: timeSchema.optional(),
  })
  .meta({ id: 'Mailbox' });

/** @param lanes who works on it at this moment; [] where that was not looked up */
export function showMailbox(
  record: MailboxRecord,
  lanes: readonly Lane[],
  { catalogue, now }: { catalogue: Catalogue; now: number },
): z.input<typeof mailboxSchema> {
  const { pass, reason, throttledUntil, lastSyncedAt, userRoot, displayName, consents, waitingFor } = record;
  return {
    mailboxId: record.mailboxId,
    migrationId: record.migrationId,
    connectionId: record.connectionId,
    sourceUser: record.sourceUser,
    ...(userRoot === undefined ? {} : { userRoot }),
    destinationUser: record.destinationUser,
    ...(displayName === undefined ? {} : { displayName }),
    status: record.status,
    statusText: catalogue.statuses[record.status],
    statusSince: isoTime(record.statusSince),
    ...(reason === undefined ? {} : { reason: { ...reason, ...describeTrouble(reason, catalogue) } }),
    ...(throttledUntil === undefined ? {} : { throttledUntil: isoTime(throttledUntil) }),
    ...(waitingFor === undefined || lanes.length > 0
      ? {}
      : { waitingFor: { ...waitingFor, since: isoTime(waitingFor.since) } }),
    pass: {
      number: pass.number,
      kind: pass.kind,
      phase: pass.phase,
      trigger: pass.trigger,
      ...(pass.number === 0 ? {} : { startedAt: isoTime(pass.startedAt) }),
      ...(pass.finishedAt === undefined ? {} : { finishedAt: isoTime(pass.finishedAt) }),
      again: record.requestedPass === true,
    },
    progress: mailboxProgress(record, lanes, now),
    ...(consents === undefined
      ? {}
      : {
          consents: {
            ...(consents.source === undefined ? {} : { source: isoTime(consents.source) }),
            ...(consents.destination === undefined ? {} : { destination: isoTime(consents.destination) }),
          },
        }),
    ...(lastSyncedAt === undefined ? {} : { lastSyncedAt: isoTime(lastSyncedAt) }),
  };
}
