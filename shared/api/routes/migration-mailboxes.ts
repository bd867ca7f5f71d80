import * as z from 'zod';
import { addMailboxes, type NewMailbox } from '../../lifecycle/add-mailboxes.ts';
import { MigrationClosedError } from '../../lifecycle/errors.ts';
import { laneLimitOf } from '../../lifecycle/lane-limit-of.ts';
import { startAddedMailboxes } from '../../lifecycle/start-mailboxes.ts';
import { MAILBOX_STATUSES } from '../../migration/mailbox-status.ts';
import type { ConnectionRecord } from '../../state/connection-repository.ts';
import type { DestinationRecord } from '../../state/destination-repository.ts';
import type { MigrationRecord } from '../../state/migration-repository.ts';
import type { SignInRecord } from '../../state/sign-in-record.ts';
import { checkMailboxes, requireDestination } from '../check-mailboxes.ts';
import { parseMailboxesCsv } from '../parse-mailboxes-csv.ts';
import { notFound } from '../problem-of-error.ts';
import { defineRoute, type RouteContext } from '../route.ts';
import { mailboxSchema, showMailbox } from '../schemas/mailbox-schema.ts';
import {
  addedSchema,
  MAX_MAILBOXES_BYTES,
  mailboxesInputSchema,
  migrationParams,
} from '../schemas/migration-schema.ts';
import { pageAnswer, pageQuery, pageRequest, pageSchema } from '../schemas/page-schema.ts';

export const listMigrationMailboxes = defineRoute({
  method: 'GET',
  path: '/v1/migrations/{migrationId}/mailboxes',
  operationId: 'listMigrationMailboxes',
  summary: 'The mailboxes of a migration',
  description:
    'Progress is as of the last tally; see a single mailbox for what its workers do at this moment.',
  access: 'mailhaul:read',
  params: migrationParams,
  query: pageQuery.extend({ status: z.enum(MAILBOX_STATUSES).optional() }),
  answers: [{ status: 200, description: 'A page of mailboxes' }],
  answer: pageSchema(mailboxSchema),
  handle: async ({ params, query }, context) => {
    const { services, tenant, catalogue } = context;
    await requireMigration(context, params.migrationId);
    const page = await services.state.mailboxes.list(tenant, params.migrationId, {
      ...pageRequest(query),
      status: query.status,
    });
    return pageAnswer(page, (record) => showMailbox(record, [], { catalogue, now: services.clock.now() }));
  },
});

const added = addedSchema.meta({ id: 'MailboxesAdded' });

export const addMigrationMailboxes = defineRoute({
  method: 'POST',
  path: '/v1/migrations/{migrationId}/mailboxes',
  operationId: 'addMigrationMailboxes',
  summary: 'Add mailboxes to a migration',
  description: 'Sending the same again is harmless: what is there already is counted as existing.',
  access: 'mailhaul:write',
  carriesSecrets: true,
  maxBodyBytes: MAX_MAILBOXES_BYTES,
  params: migrationParams,
  body: z
    .strictObject({
      mailboxes: mailboxesInputSchema.min(1),
      start: z.boolean().default(false).meta({ description: 'Start them at once' }),
    })
    .meta({ id: 'MailboxesInput' }),
  answers: [{ status: 200, description: 'The mailboxes are part of the migration' }],
  answer: added,
  problems: [
    'destination-missing',
    'users-unknown',
    'credential-incomplete',
    'mailbox-conflict',
    'migration-closed',
  ],
  handle: async ({ params, body }, context) => {
    const { services, tenant } = context;
    const migration = await requireMigration(context, params.migrationId);
    const ends = await requireEnds(context, migration);
    const mailboxes = await checkMailboxes(
      services,
      tenant,
      signInsOf(ends),
      body.mailboxes,
      (index, field) => ({
        in: 'body',
        pointer: `#/mailboxes/${index}/${field}`,
      }),
    );
    return { status: 200, body: await add(context, migration, ends, mailboxes, body.start) };
  },
});

export const importMigrationMailboxes = defineRoute({
  method: 'POST',
  path: '/v1/migrations/{migrationId}/mailboxes/import',
  operationId: 'importMigrationMailboxes',
  summary: 'Add mailboxes to a migration by a CSV file',
  description:
    'Columns `EmailAddress`, `UserName`, and as the servers want them `Password` or `RefreshToken`, `DestinationPassword` or `DestinationRefreshToken`, and optionally `UserRoot`. Nothing is stored unless every row is valid. Up to 1,000 rows; split larger files.',
  access: 'mailhaul:write',
  carriesSecrets: true,
  takesCsv: true,
  maxBodyBytes: MAX_MAILBOXES_BYTES,
  params: migrationParams,
  query: z.strictObject({ start: z.enum(['true', 'false']).optional() }),
  body: z.strictObject({ csv: z.string().max(MAX_MAILBOXES_BYTES) }).meta({ id: 'MailboxesCsv' }),
  answers: [{ status: 200, description: 'The mailboxes are part of the migration' }],
  answer: added,
  problems: [
    'csv-invalid',
    'destination-missing',
    'users-unknown',
    'credential-incomplete',
    'mailbox-conflict',
    'migration-closed',
  ],
  handle: async ({ params, query, body }, context) => {
    const { services, tenant } = context;
    const migration = await requireMigration(context, params.migrationId);
    const ends = await requireEnds(context, migration);
    const { inputs, placeOf } = parseMailboxesCsv(body.csv);
    const mailboxes = await checkMailboxes(services, tenant, signInsOf(ends), inputs, placeOf);
    const start = query.start === 'true';
    return { status: 200, body: await add(context, migration, ends, mailboxes, start) };
  },
});

async function requireMigration(
  { services, tenant }: RouteContext,
  migrationId: string,
): Promise<MigrationRecord> {
  const migration = await services.state.migrations.get(tenant, migrationId);
  if (migration === undefined) throw notFound();
  return migration;
}

interface Ends {
  readonly connection: ConnectionRecord;
  readonly destination: DestinationRecord;
}

/** Where the mailboxes come from and go to. @throws ProblemError destination-missing; MigrationClosedError */
async function requireEnds(context: RouteContext, migration: MigrationRecord): Promise<Ends> {
  const { services, tenant } = context;
  const [destination, connection] = await Promise.all([
    requireDestination(context),
    services.state.connections.get(tenant, migration.connectionId),
  ]);
  if (connection?.status !== 'verified') throw new MigrationClosedError(migration.migrationId);
  return { connection, destination };
}

function signInsOf({ connection, destination }: Ends): { source: SignInRecord; destination: SignInRecord } {
  return { source: connection.signIn, destination: destination.signIn };
}

async function add(
  { services }: RouteContext,
  migration: MigrationRecord,
  { connection, destination }: Ends,
  mailboxes: readonly NewMailbox[],
  start: boolean,
): Promise<{ added: number; existing: number; started: number }> {
  const laneLimit = await laneLimitOf(services, connection, destination);
  const result = await addMailboxes(services, migration, mailboxes, { laneLimit });
  const records = [...result.added, ...result.existing];
  const started = start ? await startAddedMailboxes(services, records, laneLimit) : [];
  return {
    added: result.added.length,
    existing: result.existing.length,
    started: started.filter(({ ok }) => ok).length,
  };
}
