import * as z from 'zod';
import { chooseLabels } from '../../lifecycle/choose-labels.ts';
import { createMigration } from '../../lifecycle/create-migration.ts';
import { selectMail } from '../../lifecycle/select-mail.ts';
import { laneLimitOf } from '../../lifecycle/lane-limit-of.ts';
import { startAddedMailboxes } from '../../lifecycle/start-mailboxes.ts';
import { checkMailboxes, requireDestination } from '../check-mailboxes.ts';
import { invalidBody } from '../parse-request.ts';
import { ProblemError } from '../problem.ts';
import { notFound } from '../problem-of-error.ts';
import { defineRoute, type RouteContext } from '../route.ts';
import { idSchema, lineSchema } from '../schemas/bounded-text.ts';
import { labelsInputSchema } from '../schemas/label-schema.ts';
import {
  addedSchema,
  MAX_MAILBOXES_BYTES,
  mailboxesInputSchema,
  migrationDetailSchema,
  migrationParams,
  migrationSchema,
  showMigration,
} from '../schemas/migration-schema.ts';
import { pageAnswer, pageQuery, pageRequest, pageSchema } from '../schemas/page-schema.ts';
import { selectionInputSchema, selectionOf } from '../schemas/selection-schema.ts';
import { sumTotals } from '../sum-totals.ts';

export const listMigrations = defineRoute({
  method: 'GET',
  path: '/v1/migrations',
  operationId: 'listMigrations',
  summary: 'The migrations of the tenant, newest first',
  access: 'mailhaul:read',
  query: pageQuery,
  answers: [{ status: 200, description: 'A page of migrations' }],
  answer: pageSchema(migrationSchema),
  handle: async ({ query }, { services, tenant }) =>
    pageAnswer(await services.state.migrations.list(tenant, pageRequest(query)), showMigration),
});

export const getMigration = defineRoute({
  method: 'GET',
  path: '/v1/migrations/{migrationId}',
  operationId: 'getMigration',
  summary: 'One migration, with its mailboxes by status and its totals',
  access: 'mailhaul:read',
  params: migrationParams,
  answers: [{ status: 200, description: 'The migration' }],
  answer: migrationDetailSchema,
  handle: async ({ params }, { services, tenant }) => {
    const { migrationId } = params;
    const migration = await services.state.migrations.get(tenant, migrationId);
    if (migration === undefined) throw notFound();
    const [statuses, totals] = await Promise.all([
      services.state.mailboxes.countByStatus(tenant, migrationId),
      sumTotals(services, tenant, migrationId),
    ]);
    return { status: 200, body: { ...showMigration(migration), statuses, totals } };
  },
});

export const createMigrationRoute = defineRoute({
  method: 'POST',
  path: '/v1/migrations',
  operationId: 'createMigration',
  summary: 'Make a migration with its first mailboxes',
  description:
    'If it fails half-way, the same request with the same Idempotency-Key completes it. Without a key, what was begun is listed and can be completed by adding the missing mailboxes, or ended by closing its connection.',
  access: 'mailhaul:write',
  carriesSecrets: true,
  maxBodyBytes: MAX_MAILBOXES_BYTES,
  body: z
    .strictObject({
      connectionId: idSchema,
      name: lineSchema(200).optional(),
      selection: selectionInputSchema.optional(),
      labels: labelsInputSchema.optional(),
      mailboxes: mailboxesInputSchema.default([]),
      start: z.boolean().default(false).meta({ description: 'Start them at once' }),
    })
    .meta({ id: 'MigrationInput' }),
  answers: [{ status: 201, description: 'The migration is made' }],
  answer: addedSchema.extend({ migration: migrationSchema }).meta({ id: 'MigrationCreated' }),
  problems: [
    'connection-closed',
    'destination-missing',
    'users-unknown',
    'credential-incomplete',
    'mailbox-conflict',
    'migration-closed',
  ],
  handle: async ({ body }, context) => {
    const { services, tenant, requestKey } = context;
    const [connection, destination] = await Promise.all([
      requireVerified(context, body.connectionId),
      requireDestination(context),
    ]);
    const servers = { source: connection.signIn, destination: destination.signIn };
    const [mailboxes, laneLimit] = await Promise.all([
      checkMailboxes(services, tenant, servers, body.mailboxes, (index, field) => ({
        in: 'body',
        pointer: `#/mailboxes/${index}/${field}`,
      })),
      laneLimitOf(services, connection, destination),
    ]);
    const { migration, added, existing } = await createMigration(services, {
      tenant,
      migrationId: services.ids(),
      connectionId: connection.connectionId,
      ...(requestKey === undefined ? {} : { requestKey }),
      ...(body.name === undefined ? {} : { name: body.name }),
      ...(body.selection === undefined ? {} : { selection: selectionOf(body.selection) }),
      ...(body.labels === undefined ? {} : { labels: body.labels }),
      mailboxes,
      laneLimit,
    });
    const started = body.start ? await startAddedMailboxes(services, [...added, ...existing], laneLimit) : [];
    return {
      status: 201,
      body: {
        migration: showMigration(migration),
        added: added.length,
        existing: existing.length,
        started: started.filter(({ ok }) => ok).length,
      },
      location: `/v1/migrations/${migration.migrationId}`,
    };
  },
});

export const putMigrationSelection = defineRoute({
  method: 'PUT',
  path: '/v1/migrations/{migrationId}/selection',
  operationId: 'putMigrationSelection',
  summary: 'Choose anew what of the mailboxes of a migration is copied, and where to',
  description:
    'Takes effect with the next pass of each mailbox, which finds what is let through now. What was copied stays where it is.',
  access: 'mailhaul:write',
  params: migrationParams,
  body: selectionInputSchema,
  answers: [{ status: 200, description: 'The choice is stored; the migration as it is now' }],
  answer: migrationSchema,
  problems: ['migration-closed'],
  handle: async ({ params, body }, { services, tenant }) => {
    const key = { tenant, migrationId: params.migrationId };
    return { status: 200, body: showMigration(await selectMail(services, key, selectionOf(body))) };
  },
});

export const putMigrationLabels = defineRoute({
  method: 'PUT',
  path: '/v1/migrations/{migrationId}/labels',
  operationId: 'putMigrationLabels',
  summary: 'Choose anew what becomes of labels, where the source has them in place of folders (Gmail)',
  description:
    'Takes effect with the next pass of each mailbox. From one-folder to each-label, messages that are at the destination are copied there into the folders of their other labels, but for those that its user has deleted or moved. From each-label to one-folder, and where a folder is switched off, what was copied stays where it is.',
  access: 'mailhaul:write',
  params: migrationParams,
  body: labelsInputSchema,
  answers: [{ status: 200, description: 'The choice is stored; the migration as it is now' }],
  answer: migrationSchema,
  problems: ['migration-closed'],
  handle: async ({ params, body }, { services, tenant }) => {
    const key = { tenant, migrationId: params.migrationId };
    return { status: 200, body: showMigration(await chooseLabels(services, key, body)) };
  },
});

/** A connection that is not there is a place in the body that is wrong: the address itself is right. */
async function requireVerified({ services, tenant }: RouteContext, connectionId: string) {
  const connection = await services.state.connections.get(tenant, connectionId);
  if (connection === undefined) {
    throw invalidBody('#/connectionId', 'There is no such connection');
  }
  if (connection.status !== 'verified') {
    throw new ProblemError('connection-closed', `The connection is ${connection.status}.`);
  }
  return connection;
}
