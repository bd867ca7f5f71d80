import type { Context } from 'aws-lambda';
import { createApiHandler } from '../../functions/api/handler.ts';
import { createServices, type Services } from '../../shared/services.ts';
import { type ApiCaller, type ApiClient, type ApiFunction, apiClient, textOf } from './api-client.ts';
import { type Dovecot, startDovecot } from './dovecot.ts';
import { startTestCloud, type TestCloud } from './test-cloud.ts';

/** The API's own handler on the services of one machine, with a real mail server; for one test file. */
export interface ApiWorld {
  readonly cloud: TestCloud;
  readonly dovecot: Dovecot;
  readonly services: Services;
  readonly variables: Readonly<Record<string, string>>;
  client(caller: ApiCaller): ApiClient;
  /** A tenant of its own with a destination, users ann and ben, and a verified connection. */
  tenant(): Promise<ApiTenant>;
  close(): Promise<void>;
}

export interface ApiTenant {
  readonly tenant: string;
  readonly api: ApiClient;
  readonly connectionId: string;
}

export const PASSWORD = 'correct-horse-7781';

export const ANN = 'ann@example.org';
export const BEN = 'ben@example.org';

/** What a mailbox of a user needs to be migrated. */
export function mailboxInput(email: string): Record<string, string> {
  return { email, sourceUser: email, password: PASSWORD, destinationPassword: PASSWORD };
}

export async function startApiWorld(): Promise<ApiWorld> {
  const cloud = await startTestCloud();
  const dovecot = await startDovecot({ users: { [ANN]: PASSWORD, [BEN]: PASSWORD } });
  const variables = { ...cloud.cloud.environment, MAILHAUL_LOG_LEVEL: 'SILENT' };
  const handler = createApiHandler(variables);
  // The handler asks nothing of Lambda's context.
  const call: ApiFunction = (event) => handler(event, {} as Context);
  const client = (caller: ApiCaller): ApiClient => apiClient(call, caller);
  return {
    cloud,
    dovecot,
    services: createServices('test', variables),
    variables,
    client,
    async tenant() {
      const tenant = cloud.tenant();
      const api = client({ tenant });
      const endpoint = endpointOf(dovecot);
      await succeed(api('PUT', '/v1/destination', { endpoint, signIn: { kind: 'user-password' } }));
      await succeed(api('POST', '/v1/users', { email: ANN, displayName: 'Ann' }));
      await succeed(api('POST', '/v1/users', { email: BEN }));
      const account = { user: ANN, password: PASSWORD };
      const made = await succeed(api('POST', '/v1/connections', { endpoint, account }));
      return { tenant, api, connectionId: textOf(made, 'connectionId') };
    },
    async close() {
      await dovecot.stop();
      await cloud.close();
    },
  };
}

/** The server as an admin would give it. */
export function endpointOf({ port }: Dovecot): { host: string; port: number; security: 'insecure' } {
  return { host: '127.0.0.1', port, security: 'insecure' };
}

/** @throws with the problem where there is one */
export async function succeed<Reply extends { status: number; body: unknown }>(
  asked: Promise<Reply>,
): Promise<Reply> {
  const reply = await asked;
  if (reply.status >= 400) throw new Error(`the API answered ${reply.status}: ${JSON.stringify(reply.body)}`);
  return reply;
}
