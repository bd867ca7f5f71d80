import * as z from 'zod';
import { mailboxIdOf } from '../../lifecycle/mailbox-id.ts';
import type { UserRecord } from '../../state/user-repository.ts';
import { importUsers } from '../import-users.ts';
import { openMigrations } from '../open-migrations.ts';
import { ProblemError } from '../problem.ts';
import { notFound } from '../problem-of-error.ts';
import { defineRoute } from '../route.ts';
import { countSchema, emailSchema } from '../schemas/bounded-text.ts';
import { pageAnswer, pageQuery, pageRequest, pageSchema } from '../schemas/page-schema.ts';
import { showUser, userInputSchema, userSchema } from '../schemas/user-schema.ts';
import { MAX_CSV_BYTES } from '../parse-csv.ts';

const emailParams = z.strictObject({ email: emailSchema });

export const listUsers = defineRoute({
  method: 'GET',
  path: '/v1/users',
  operationId: 'listUsers',
  summary: 'The users of the tenant, by address',
  access: 'mailhaul:read',
  query: pageQuery,
  answers: [{ status: 200, description: 'A page of users' }],
  answer: pageSchema(userSchema),
  handle: async ({ query }, { services, tenant }) =>
    pageAnswer(await services.state.users.list(tenant, pageRequest(query)), showUser),
});

export const getUser = defineRoute({
  method: 'GET',
  path: '/v1/users/{email}',
  operationId: 'getUser',
  summary: 'One user',
  access: 'mailhaul:read',
  params: emailParams,
  answers: [{ status: 200, description: 'The user' }],
  answer: userSchema,
  handle: async ({ params }, { services, tenant }) => {
    const user = await services.state.users.get(tenant, params.email);
    if (user === undefined) throw notFound();
    return { status: 200, body: showUser(user) };
  },
});

export const createUser = defineRoute({
  method: 'POST',
  path: '/v1/users',
  operationId: 'createUser',
  summary: 'Add a user',
  access: 'mailhaul:write',
  body: userInputSchema,
  answers: [{ status: 201, description: 'The user was added' }],
  answer: userSchema,
  problems: ['user-exists'],
  handle: async ({ body }, { services, tenant }) => {
    const user: UserRecord = {
      tenant,
      email: body.email,
      ...(body.displayName === undefined ? {} : { displayName: body.displayName }),
      sourceEmail: body.sourceEmail ?? body.email,
      createdAt: services.clock.now(),
    };
    if (!(await services.state.users.create(user))) {
      throw new ProblemError('user-exists', `${body.email} is a user of the tenant already.`);
    }
    return { status: 201, body: showUser(user), location: `/v1/users/${encodeURIComponent(user.email)}` };
  },
});

export const importUsersRoute = defineRoute({
  method: 'POST',
  path: '/v1/users/import',
  operationId: 'importUsers',
  summary: 'Add or update many users by a CSV file',
  description:
    'Columns `EmailAddress`, and optionally `DisplayName` and `SourceEmailAddress`. Nothing is stored unless every row is valid. Users that are not in the file stay. Importing a file again completes what was interrupted.',
  access: 'mailhaul:write',
  body: z.strictObject({ csv: z.string().max(MAX_CSV_BYTES) }).meta({ id: 'CsvFile' }),
  takesCsv: true,
  // As JSON, a line break takes two bytes and a quotation mark too.
  maxBodyBytes: 2 * MAX_CSV_BYTES,
  answers: [{ status: 200, description: 'The users are stored' }],
  answer: z
    .object({ created: countSchema, updated: countSchema, unchanged: countSchema })
    .meta({ id: 'UserImport' }),
  problems: ['csv-invalid'],
  handle: async ({ body }, { services, tenant }) => ({
    status: 200,
    body: await importUsers(services, tenant, body.csv),
  }),
});

export const deleteUser = defineRoute({
  method: 'DELETE',
  path: '/v1/users/{email}',
  operationId: 'deleteUser',
  summary: 'Remove a user',
  description: 'Not possible while a mailbox of the user is part of an open migration.',
  access: 'mailhaul:write',
  params: emailParams,
  answers: [{ status: 204, description: 'The user is removed' }],
  problems: ['user-in-use'],
  handle: async ({ params }, { services, tenant }) => {
    const { state } = services;
    if ((await state.users.get(tenant, params.email)) === undefined) throw notFound();
    for await (const { migrationId } of openMigrations(services, tenant)) {
      const mailbox = await state.mailboxes.get(tenant, mailboxIdOf(tenant, migrationId, params.email));
      if (mailbox !== undefined) {
        throw new ProblemError('user-in-use', `A mailbox of the user is part of migration ${migrationId}.`);
      }
    }
    await state.users.remove(tenant, params.email);
    return { status: 204, body: undefined };
  },
});
