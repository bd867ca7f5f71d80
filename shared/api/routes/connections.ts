import * as z from 'zod';
import { changeConnection } from '../../lifecycle/change-connection.ts';
import { closeConnection } from '../../lifecycle/close-connection.ts';
import type { ConnectionRecord } from '../../state/connection-repository.ts';
import { endpointAt } from '../../state/endpoint-at.ts';
import type { EndpointRecord } from '../../state/endpoint-record.ts';
import { endpointOf, requireAllowedSecurity } from '../endpoint-policy.ts';
import { ProblemError } from '../problem.ts';
import { invalidBody } from '../parse-request.ts';
import { notFound } from '../problem-of-error.ts';
import { requireProvider } from '../require-provider.ts';
import { defineRoute, type RouteContext } from '../route.ts';
import { runConnectionTest } from '../run-connection-test.ts';
import {
  connectionInputSchema,
  connectionParams,
  connectionSchema,
  showConnection,
} from '../schemas/connection-schema.ts';
import { testAccountSchema } from '../schemas/endpoint-schema.ts';
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
  problems: ['connection-not-verified'],
  handle: async ({ body }, context) => {
    const { services, tenant } = context;
    const provider = body.provider ?? 'other';
    const endpoint = endpointFor(provider, body.endpoint);
    requireAllowedSecurity(endpoint, context);
    const verdict = await runConnectionTest(context, 'source', endpointAt({ endpoint, provider }), {
      kind: 'password',
      ...body.account,
    });
    if (!verdict.ok) {
      throw new ProblemError('connection-not-verified', 'The source server could not be verified.', {
        extensions: { verdict: showVerdict(verdict, context.catalogue) },
      });
    }
    const now = services.clock.now();
    const saved = await services.state.connections.put({
      tenant,
      connectionId: services.ids(),
      provider,
      endpoint,
      status: 'verified',
      verifiedAt: now,
      createdAt: now,
      version: 0,
    });
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
  problems: ['connection-closed'],
  handle: async ({ params, body }, context) => {
    const connection = await requireConnection(context, params.connectionId);
    if (connection.status !== 'verified') {
      throw new ProblemError('connection-closed', `The connection is ${connection.status}.`);
    }
    const credential = { kind: 'password', ...body.account } as const;
    const verdict = await runConnectionTest(context, 'source', endpointAt(connection), credential);
    if (verdict.ok) {
      const verifiedAt = context.services.clock.now();
      await changeConnection(context.services, connection, (current) => ({ ...current, verifiedAt }));
    }
    return { status: 200, body: showVerdict(verdict, context.catalogue) };
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

/** The provider's own server, or the one that is given. */
function endpointFor(provider: string, given: Parameters<typeof endpointOf>[0] | undefined): EndpointRecord {
  const { host, port, security } = requireProvider(provider);
  if (given !== undefined) return endpointOf(given);
  if (host === undefined)
    throw invalidBody('#/endpoint', 'Give the server, port and security for this provider');
  return { host, port, security };
}
