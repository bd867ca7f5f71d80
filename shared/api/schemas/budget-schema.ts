import * as z from 'zod';
import { type Budget, budgetFor, type BudgetTuning } from '../../imap/providers/budget.ts';
import { profileForHost } from '../../imap/providers/provider-catalogue.ts';
import type { BudgetRecord } from '../../state/budget-repository.ts';
import { MAX_LANES } from '../../state/lane-record.ts';
import { countSchema, isoTime, timeSchema } from './bounded-text.ts';
import { hostSchema } from './endpoint-schema.ts';

const MOST_BYTES = 1e15;

const fields = {
  connections: z
    .number()
    .int()
    .min(1)
    .max(MAX_LANES)
    .meta({ description: 'Connections to one account at once, by all workers together' }),
  connectionsPerHost: z.number().int().min(1).max(10_000).meta({
    description:
      'Connections to this host at once, to all accounts together; mailboxes that find none free wait in line',
  }),
  messagesPerSecond: z
    .number()
    .positive()
    .max(100_000)
    .meta({ description: 'Messages a second written to one account' }),
  dailyBytesDown: z
    .number()
    .int()
    .min(1)
    .max(MOST_BYTES)
    .meta({ description: 'Bytes a day read from one account' }),
  dailyBytesUp: z
    .number()
    .int()
    .min(1)
    .max(MOST_BYTES)
    .meta({ description: 'Bytes a day written to one account' }),
};

export const budgetSchema = z
  .object({ ...fields })
  .partial({ connectionsPerHost: true, messagesPerSecond: true, dailyBytesDown: true, dailyBytesUp: true })
  .meta({ id: 'Budget', description: 'What is not there has no limit' });

/** Replaces what was set; what is left out is as the provider's profile says. */
export const budgetInputSchema = z
  .strictObject({ ...fields })
  .partial()
  .meta({ id: 'BudgetInput' });

export const budgetParams = z.strictObject({ host: hostSchema });

export const hostBudgetSchema = z
  .object({
    host: z.string(),
    provider: z.string().meta({ description: 'As the name of the host tells' }),
    budget: budgetSchema.meta({ description: 'What holds for it' }),
    inUse: z
      .object({
        connections: countSchema,
        waiting: countSchema.meta({ description: 'Mailboxes in line for a connection' }),
      })
      .optional()
      .meta({ description: 'At this moment, where connections to the host are bounded; not in lists' }),
    tuned: budgetInputSchema.meta({ description: 'What of it was set by this tenant' }),
    updatedAt: timeSchema.optional().meta({ description: 'Missing where nothing was set' }),
  })
  .meta({ id: 'HostBudget' });

/** What holds for a host, by the profile that its name tells; a connection may have been given another one. */
export function showHostBudget(
  host: string,
  record: BudgetRecord | undefined,
): z.input<typeof hostBudgetSchema> {
  const profile = profileForHost(host);
  return {
    host,
    provider: profile.id,
    budget: budgetFor(profile, record),
    tuned: record === undefined ? {} : tuningOf(record),
    ...(record === undefined ? {} : { updatedAt: isoTime(record.updatedAt) }),
  };
}

/** What is set, without what is not. */
export function tuningOf(
  given: {
    readonly [Name in keyof Budget]?: Budget[Name] | undefined;
  },
): BudgetTuning {
  const names = Object.keys(fields) as (keyof Budget)[]; // the fields are those of Budget
  return Object.fromEntries(
    names.map((name) => [name, given[name]] as const).filter(([, value]) => value !== undefined),
  );
}
