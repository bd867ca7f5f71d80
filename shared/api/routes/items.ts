import * as z from 'zod';
import { actOnMigration } from '../../lifecycle/act-on-migration.ts';
import { retryItems } from '../../lifecycle/retry-items.ts';
import type { RetryWish } from '../../migration/retry-wish.ts';
import { requireMailbox, showWithWork } from '../mailbox-of.ts';
import { listMigrationItems } from '../migration-items.ts';
import { notFound } from '../problem-of-error.ts';
import { defineRoute } from '../route.ts';
import { idSchema } from '../schemas/bounded-text.ts';
import {
  filterOf,
  itemSchema,
  mailboxItemsQuery,
  mailboxRetrySchema,
  migrationItemSchema,
  migrationItemsQuery,
  migrationRetryFields,
  showItem,
  uidsByFolder,
} from '../schemas/item-schema.ts';
import { mailboxSchema } from '../schemas/mailbox-schema.ts';
import { migrationActionInput, migrationActionResult } from '../schemas/migration-action-schema.ts';
import { migrationParams } from '../schemas/migration-schema.ts';
import { pageAnswer, pageRequest, pageSchema } from '../schemas/page-schema.ts';

const mailboxParams = z.strictObject({ mailboxId: idSchema });

export const listMailboxItems = defineRoute({
  method: 'GET',
  path: '/v1/mailboxes/{mailboxId}/items',
  operationId: 'listMailboxItems',
  summary: 'The messages of a mailbox that were skipped or failed, with reasons',
  access: 'mailhaul:read',
  params: mailboxParams,
  query: mailboxItemsQuery,
  answers: [{ status: 200, description: 'A page of messages' }],
  answer: pageSchema(itemSchema),
  handle: async ({ params, query }, context) => {
    const mailbox = await requireMailbox(context, params.mailboxId);
    const { items } = context.services.state;
    const page = await items.list(mailbox, { ...pageRequest(query), filter: filterOf(query) });
    return pageAnswer(page, (item) => showItem(item, context.catalogue));
  },
});

export const listMigrationItemsRoute = defineRoute({
  method: 'GET',
  path: '/v1/migrations/{migrationId}/items',
  operationId: 'listMigrationItems',
  summary: 'The messages of all mailboxes of a migration that were skipped or failed, with reasons',
  description: 'A page may be empty and still not be the last.',
  access: 'mailhaul:read',
  params: migrationParams,
  query: migrationItemsQuery,
  answers: [{ status: 200, description: 'A page of messages' }],
  answer: pageSchema(migrationItemSchema),
  handle: async ({ params, query }, { catalogue, services, tenant }) => {
    const key = { tenant, migrationId: params.migrationId };
    if ((await services.state.migrations.get(tenant, key.migrationId)) === undefined) throw notFound();
    const filter = filterOf(query);
    const page = await listMigrationItems(services, key, { ...pageRequest(query), filter });
    return pageAnswer(page, ({ item, mailbox }) => ({
      ...showItem(item, catalogue),
      mailboxId: mailbox.mailboxId,
      email: mailbox.destinationUser,
    }));
  },
});

/** Bytes; some 30 for each item that is named. */
const MAX_RETRY_BYTES = 256 * 1024;

export const retryMailboxItems = defineRoute({
  method: 'POST',
  path: '/v1/mailboxes/{mailboxId}/retry',
  operationId: 'retryMailboxItems',
  summary: 'Try messages of a mailbox again that were skipped or failed: some, those that fit, or all',
  description:
    'A pass begins at once, or after the one that runs, and tries each of them as often as at first. What is copied leaves the list of items; what fails again is listed with its new reason. Items that are named and not on the list any more are passed over. Repeating is harmless.',
  access: 'mailhaul:write',
  params: mailboxParams,
  maxBodyBytes: MAX_RETRY_BYTES,
  body: mailboxRetrySchema,
  answers: [{ status: 202, description: 'It is under way; the mailbox as it is now' }],
  answer: mailboxSchema,
  problems: ['mailbox-status', 'migration-closed'],
  handle: async ({ params, body = {} }, context) => {
    const key = { tenant: context.tenant, mailboxId: params.mailboxId };
    const wishes: RetryWish[] =
      body.items === undefined
        ? [{ kind: 'matching', ...filterOf(body) }]
        : Array.from(uidsByFolder(body.items), ([folderId, uids]) => ({ kind: 'messages', folderId, uids }));
    const [outcome] = await retryItems(context.services, [key], wishes);
    if (outcome === undefined) throw notFound();
    if (!outcome.ok) throw outcome.error;
    return { status: 202, body: await showWithWork(context, outcome.record) };
  },
});

export const retryMigrationItems = defineRoute({
  method: 'POST',
  path: '/v1/migrations/{migrationId}/retry',
  operationId: 'retryMigrationItems',
  summary: 'Try messages of all mailboxes of a migration again that were skipped or failed',
  description:
    'Works on up to 2,000 mailboxes. While the answer holds `nextCursor`, send it again in the body to go on. Mailboxes without such messages, and those that are not started, are passed over. Repeating is harmless.',
  access: 'mailhaul:write',
  params: migrationParams,
  body: migrationActionInput
    .extend(migrationRetryFields.shape)
    .optional()
    .meta({ id: 'MigrationRetryInput' }),
  answers: [{ status: 202, description: 'It is under way for the mailboxes that were accepted' }],
  answer: migrationActionResult,
  problems: ['migration-closed', 'cursor-invalid'],
  handle: async ({ params, body = {} }, { services, tenant }) => {
    const { cursor, ...filter } = body;
    const key = { tenant, migrationId: params.migrationId };
    const options = { retry: filterOf(filter), ...(cursor !== undefined && { cursor }) };
    return { status: 202, body: await actOnMigration(services, key, 'retry', options) };
  },
});
