import * as z from 'zod';
import { profileOf } from '../../imap/providers/provider-catalogue.ts';
import type { ConnectionVerdict } from '../../imap/connection-test/connection-verdict.ts';
import type { ImapEndpoint } from '../../imap/session/imap-endpoint.ts';
import { changeConnection } from '../../lifecycle/change-connection.ts';
import { closeConnection } from '../../lifecycle/close-connection.ts';
import { hasServiceSecret, ownSecretKind } from '../../sign-in/needed-secrets.ts';
import type { ConnectionRecord } from '../../state/connection-repository.ts';
import { endpointAt } from '../../state/endpoint-at.ts';
import type { EndpointRecord } from '../../state/endpoint-record.ts';
import { endpointOf, requireAllowedSecurity } from '../endpoint-policy.ts';
import { ProblemError } from '../problem.ts';
import { invalidBody } from '../parse-request.ts';
import { notFound } from '../problem-of-error.ts';
import { requireProvider } from '../require-provider.ts';
import { defineRoute, type RouteContext } from '../route.ts';
import {
  connectionInputSchema,
  connectionParams,
  connectionSchema,
  showConnection,
} from '../schemas/connection-schema.ts';
import { signInInputSchema, testAccountSchema } from '../schemas/sign-in-schema.ts';
import { type StoredSignIn, signInOfInput } from '../sign-in-of-input.ts';
import { type TriedAccount, trySignIn } from '../try-sign-in.ts';
import { pageAnswer, pageQuery, pageRequest, pageSchema } from '../schemas/page-schema.ts';
import { showVerdict, verdictSchema } from '../schemas/verdict-schema.ts';

export const listConnections = defineRoute({
  method: 'GET',
  path: '/v1/connections',
  operationId: 'listConnections',
  summary: 'The services that mail is moved from, newest first',
  access: 'mailhaul:read',
  query: pageQuery,
  answers: [{ status: 200, description: 'A page of connections' }],
  answer: pageSchema(connectionSchema),
  handle: async ({ query }, { services, tenant }) =>
    pageAnswer(await services.state.connections.list(tenant, pageRequest(query)), showConnection),
});

export const getConnection = defineRoute({
  method: 'GET',
  path: '/v1/connections/{connectionId}',
  operationId: 'getConnection',
  summary: 'One connection',
  access: 'mailhaul:read',
  params: connectionParams,
  answers: [{ status: 200, description: 'The connection' }],
  answer: connectionSchema,
  handle: async ({ params }, context) => ({
    status: 200,
    body: showConnection(await requireConnection(context, params.connectionId)),
  }),
});

export const createConnection = defineRoute({
  method: 'POST',
  path: '/v1/connections',
  operationId: 'createConnection',
  summary: 'Verify a source with one account, and save it',
  description: 'Only a source that passes the test is saved. The account is used for the test alone.',
  access: 'mailhaul:write',
  carriesSecrets: true,
  body: connectionInputSchema,
  answers: [{ status: 201, description: 'The connection is verified and saved' }],
  answer: connectionSchema,
  problems: ['connection-not-verified', 'credential-incomplete'],
  handle: async ({ body }, context) => {
    const { services, tenant } = context;
    const provider = body.provider ?? 'other';
    const endpoint = endpointFor(provider, body.endpoint);
    requireAllowedSecurity(endpoint, context);
    const stored = signInOfInput(body.signIn ?? { kind: 'user-password' }, {
      profile: profileOf(endpointAt({ endpoint, provider })),
      allowPrivate: services.environment.allowPrivateAddresses,
    });
    const verdict = await requireVerdict(context, endpointAt({ endpoint, provider }), stored, body.account);
    const now = services.clock.now();
    const connectionId = services.ids();
    // The record first: a secret that no record names would never be destroyed.
    const saved = await services.state.connections.put({
      tenant,
      connectionId,
      provider,
      endpoint,
      signIn: stored.signIn,
      status: 'verified',
      verifiedAt: now,
      createdAt: now,
      version: 0,
    });
    if (stored.service !== undefined) {
      await services.vault.putService({ tenant, kind: 'connection', connectionId }, stored.service);
    }
    return {
      status: 201,
      body: { ...showConnection(saved), verdict: showVerdict(verdict, context.catalogue) },
      location: `/v1/connections/${saved.connectionId}`,
    };
  },
});

export const testConnectionRoute = defineRoute({
  method: 'POST',
  path: '/v1/connections/{connectionId}/test',
  operationId: 'testConnection',
  summary: 'Try a connection with another account',
  access: 'mailhaul:write',
  carriesSecrets: true,
  params: connectionParams,
  body: z.strictObject({ account: testAccountSchema }).meta({ id: 'ConnectionTestInput' }),
  answers: [{ status: 200, description: 'The verdict, good or bad' }],
  answer: verdictSchema,
  problems: ['connection-closed', 'credential-incomplete'],
  handle: async ({ params, body }, context) => {
    const connection = await requireOpen(context, params.connectionId);
    const stored = await readSignIn(context, connection);
    const verdict = await trySignIn(
      context,
      'source',
      endpointAt(connection),
      stored,
      body.account,
      '#/account',
    );
    if (verdict.ok) {
      const verifiedAt = context.services.clock.now();
      await changeConnection(context.services, connection, (current) => ({ ...current, verifiedAt }));
    }
    return { status: 200, body: showVerdict(verdict, context.catalogue) };
  },
});

export const putConnectionSignIn = defineRoute({
  method: 'PUT',
  path: '/v1/connections/{connectionId}/sign-in',
  operationId: 'putConnectionSignIn',
  summary: 'Change how the mailboxes of a connection are opened',
  description:
    'Such as a new secret of the application before the old one runs out. It is tried with one account and saved only if it works. A secret that is left out stays. What each mailbox has of its own must be of the same kind as before.',
  access: 'mailhaul:write',
  carriesSecrets: true,
  params: connectionParams,
  body: z
    .strictObject({ signIn: signInInputSchema, account: testAccountSchema })
    .meta({ id: 'ConnectionSignInInput' }),
  answers: [{ status: 200, description: 'The connection as saved' }],
  answer: connectionSchema,
  problems: ['connection-closed', 'connection-not-verified', 'credential-incomplete', 'changed-meanwhile'],
  handle: async ({ params, body }, context) => {
    const { services, tenant } = context;
    const connection = await requireOpen(context, params.connectionId);
    const { connectionId } = connection;
    const stored = signInOfInput(body.signIn, {
      profile: profileOf(endpointAt(connection)),
      allowPrivate: services.environment.allowPrivateAddresses,
      before: await readSignIn(context, connection),
    });
    const own = ownSecretKind(stored.signIn);
    if (own !== undefined && own !== ownSecretKind(connection.signIn)) {
      throw invalidBody('#/signIn', 'The mailboxes have no such secret of their own: make a new connection');
    }
    const verdict = await requireVerdict(context, endpointAt(connection), stored, body.account);
    const place = { tenant, kind: 'connection', connectionId } as const;
    // What the record names must be there before and after.
    if (stored.service !== undefined) await services.vault.putService(place, stored.service);
    const saved = await services.state.connections.put({
      ...connection,
      signIn: stored.signIn,
      verifiedAt: services.clock.now(),
    });
    if (stored.service === undefined) await services.vault.destroyService(place);
    return {
      status: 200,
      body: { ...showConnection(saved), verdict: showVerdict(verdict, context.catalogue) },
    };
  },
});

export const closeConnectionRoute = defineRoute({
  method: 'POST',
  path: '/v1/connections/{connectionId}/close',
  operationId: 'closeConnection',
  summary: 'Close a connection and its migrations for good',
  description:
    'Work is stopped first, then every credential is destroyed; reports stay. It goes on by itself after a 202; sending it again is harmless and hurries it.',
  access: 'mailhaul:write',
  params: connectionParams,
  answers: [
    { status: 200, description: 'The connection is closed' },
    { status: 202, description: 'The connection is closing' },
  ],
  answer: connectionSchema,
  handle: async ({ params }, { services, tenant }) => {
    const connection = await closeConnection(services, { tenant, connectionId: params.connectionId });
    if (connection === undefined) throw notFound();
    return { status: connection.status === 'closed' ? 200 : 202, body: showConnection(connection) };
  },
});

async function requireConnection(
  { services, tenant }: RouteContext,
  connectionId: string,
): Promise<ConnectionRecord> {
  const connection = await services.state.connections.get(tenant, connectionId);
  if (connection === undefined) throw notFound();
  return connection;
}

/** @throws ProblemError connection-closed */
async function requireOpen(context: RouteContext, connectionId: string): Promise<ConnectionRecord> {
  const connection = await requireConnection(context, connectionId);
  if (connection.status === 'verified') return connection;
  throw new ProblemError('connection-closed', `The connection is ${connection.status}.`);
}

async function readSignIn(
  { services, tenant }: RouteContext,
  { connectionId, signIn }: ConnectionRecord,
): Promise<StoredSignIn> {
  const service = hasServiceSecret(signIn)
    ? await services.vault.getService({ tenant, kind: 'connection', connectionId })
    : undefined;
  return { signIn, service };
}

/** @throws ProblemError connection-not-verified, credential-incomplete */
async function requireVerdict(
  context: RouteContext,
  endpoint: ImapEndpoint,
  stored: StoredSignIn,
  account: TriedAccount,
): Promise<ConnectionVerdict> {
  const verdict = await trySignIn(context, 'source', endpoint, stored, account, '#/account');
  if (verdict.ok) return verdict;
  throw new ProblemError('connection-not-verified', 'The source server could not be verified.', {
    extensions: { verdict: showVerdict(verdict, context.catalogue) },
  });
}

/** The provider's own server, or the one that is given. */
function endpointFor(provider: string, given: Parameters<typeof endpointOf>[0] | undefined): EndpointRecord {
  const { host, port, security } = requireProvider(provider);
  if (given !== undefined) return endpointOf(given);
  if (host === undefined)
    throw invalidBody('#/endpoint', 'Give the server, port and security for this provider');
  return { host, port, security };
}
