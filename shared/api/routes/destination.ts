import type * as z from 'zod';
import type { ConnectionVerdict } from '../../imap/connection-test/connection-verdict.ts';
import type { DestinationRecord } from '../../state/destination-repository.ts';
import { endpointAt } from '../../state/endpoint-at.ts';
import type { EndpointRecord } from '../../state/endpoint-record.ts';
import { destinationCredential, type DestinationSignIn } from '../destination-sign-in.ts';
import { endpointOf, requireAllowedSecurity } from '../endpoint-policy.ts';
import { openMigrations } from '../open-migrations.ts';
import { ProblemError } from '../problem.ts';
import { notFound } from '../problem-of-error.ts';
import { requireProvider } from '../require-provider.ts';
import { defineRoute, type RouteContext } from '../route.ts';
import { runConnectionTest } from '../run-connection-test.ts';
import {
  destinationInputSchema,
  destinationSchema,
  destinationTestSchema,
  showDestination,
} from '../schemas/destination-schema.ts';
import { showVerdict, verdictSchema } from '../schemas/verdict-schema.ts';

type Input = z.output<typeof destinationInputSchema>;

export const getDestination = defineRoute({
  method: 'GET',
  path: '/v1/destination',
  operationId: 'getDestination',
  summary: 'Where the mailboxes of the tenant live',
  access: 'mailhaul:read',
  answers: [{ status: 200, description: 'The destination' }],
  answer: destinationSchema,
  handle: async (_request, { services, tenant }) => {
    const record = await services.state.destinations.get(tenant);
    if (record === undefined) throw notFound();
    return { status: 200, body: showDestination(record) };
  },
});

export const putDestination = defineRoute({
  method: 'PUT',
  path: '/v1/destination',
  operationId: 'putDestination',
  summary: 'Set the destination',
  description:
    'It is tried first where that is possible, and saved only if it works. While a migration is open the server cannot be changed, only the sign-in.',
  access: 'mailhaul:write',
  carriesSecrets: true,
  body: destinationInputSchema,
  answers: [{ status: 200, description: 'The destination as saved' }],
  answer: destinationSchema,
  problems: ['destination-not-verified', 'destination-in-use', 'credential-incomplete'],
  handle: async ({ body }, context) => {
    const { services, tenant } = context;
    const { state, vault, clock } = services;
    const endpoint = endpointOf(body.endpoint);
    if (body.provider !== undefined) requireProvider(body.provider);
    requireAllowedSecurity(endpoint, context);
    const current = await state.destinations.get(tenant);
    await requireChangeable(context, current, endpoint);
    const password = await administratorPassword(context, body, current);
    const verdict = await tryBeforeSaving(context, body, endpoint, password);
    if (verdict?.ok === false) {
      throw new ProblemError('destination-not-verified', 'The destination could not be verified.', {
        extensions: { verdict: showVerdict(verdict, context.catalogue) },
      });
    }

    const { signIn } = body;
    // The secret first: a record that names an administrator always has the password for it.
    if (signIn.kind === 'administrator' && signIn.password !== undefined) {
      await vault.putDestination(tenant, { kind: 'password', password: signIn.password });
    }
    const now = clock.now();
    const saved = await state.destinations.put({
      tenant,
      endpoint,
      ...(body.provider === undefined ? {} : { provider: body.provider }),
      signIn:
        signIn.kind === 'user-password'
          ? { kind: 'user-password' }
          : { kind: 'administrator', user: signIn.user, form: signIn.form, secret: true },
      ...(verdict === undefined ? {} : { verifiedAt: now }),
      updatedAt: now,
      version: current?.version ?? 0,
    });
    if (signIn.kind === 'user-password') await vault.destroyDestination(tenant);
    return {
      status: 200,
      body: {
        ...showDestination(saved),
        ...(verdict === undefined ? {} : { verdict: showVerdict(verdict, context.catalogue) }),
      },
    };
  },
});

export const testDestination = defineRoute({
  method: 'POST',
  path: '/v1/destination/test',
  operationId: 'testDestination',
  summary: 'Try the saved destination with one mailbox',
  access: 'mailhaul:write',
  carriesSecrets: true,
  body: destinationTestSchema,
  answers: [{ status: 200, description: 'The verdict, good or bad' }],
  answer: verdictSchema,
  problems: ['destination-missing', 'credential-incomplete', 'changed-meanwhile'],
  handle: async ({ body }, context) => {
    const { services, tenant } = context;
    const { state, vault, clock } = services;
    const destination = await state.destinations.get(tenant);
    if (destination === undefined) {
      throw new ProblemError('destination-missing', 'The tenant has no destination yet.');
    }
    const password =
      destination.signIn.kind === 'administrator'
        ? (await vault.getDestination(tenant))?.password
        : body.password;
    if (password === undefined) throw passwordMissing('#/password');
    const credential = destinationCredential(destination.signIn, body.user, password);
    const verdict = await runConnectionTest(context, 'destination', endpointAt(destination), credential);
    if (verdict.ok) await state.destinations.put({ ...destination, verifiedAt: clock.now() });
    return { status: 200, body: showVerdict(verdict, context.catalogue) };
  },
});

/** Mail that was copied to one server must not be looked for on another. */
async function requireChangeable(
  { services, tenant }: RouteContext,
  current: DestinationRecord | undefined,
  wanted: EndpointRecord,
): Promise<void> {
  if (current === undefined) return;
  if (current.endpoint.host === wanted.host && current.endpoint.port === wanted.port) return;
  for await (const migration of openMigrations(services, tenant)) {
    throw new ProblemError(
      'destination-in-use',
      `Migration ${migration.migrationId} copies to the present destination.`,
    );
  }
}

/** The administrator's password as given, else as stored for the same administrator. */
async function administratorPassword(
  { services, tenant }: RouteContext,
  { signIn }: Input,
  current: DestinationRecord | undefined,
): Promise<string | undefined> {
  if (signIn.kind === 'user-password') return undefined;
  if (signIn.password !== undefined) return signIn.password;
  const same = current?.signIn.kind === 'administrator' && current.signIn.user === signIn.user;
  const stored = same ? await services.vault.getDestination(tenant) : undefined;
  if (stored === undefined) throw passwordMissing('#/signIn/password');
  return stored.password;
}

async function tryBeforeSaving(
  context: RouteContext,
  { signIn, test, provider }: Input,
  endpoint: EndpointRecord,
  administrator: string | undefined,
): Promise<ConnectionVerdict | undefined> {
  const user = test?.user ?? (signIn.kind === 'administrator' ? await firstUser(context) : undefined);
  if (user === undefined) return undefined;
  const password = administrator ?? test?.password;
  if (password === undefined) throw passwordMissing('#/test/password');
  const way: DestinationSignIn = signIn;
  return runConnectionTest(
    context,
    'destination',
    endpointAt({ endpoint, provider }),
    destinationCredential(way, user, password),
  );
}

async function firstUser({ services, tenant }: RouteContext): Promise<string | undefined> {
  const { items } = await services.state.users.list(tenant, { limit: 1 });
  return items[0]?.email;
}

function passwordMissing(pointer: string): ProblemError {
  return new ProblemError('credential-incomplete', 'The password of the account is missing.', {
    errors: [{ in: 'body', pointer, detail: 'Give the password' }],
  });
}
