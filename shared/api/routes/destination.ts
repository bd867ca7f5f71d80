import type * as z from 'zod';
import type { ConnectionVerdict } from '../../imap/connection-test/connection-verdict.ts';
import { profileForHost } from '../../imap/providers/provider-catalogue.ts';
import { hasServiceSecret, ownSecretKind } from '../../sign-in/needed-secrets.ts';
import type { DestinationRecord } from '../../state/destination-repository.ts';
import { endpointAt } from '../../state/endpoint-at.ts';
import type { EndpointRecord } from '../../state/endpoint-record.ts';
import { endpointOf, requireAllowedSecurity } from '../endpoint-policy.ts';
import { openMigrations } from '../open-migrations.ts';
import { ProblemError } from '../problem.ts';
import { notFound } from '../problem-of-error.ts';
import { requireProvider } from '../require-provider.ts';
import { defineRoute, type RouteContext } from '../route.ts';
import {
  destinationInputSchema,
  destinationSchema,
  destinationTestSchema,
  showDestination,
} from '../schemas/destination-schema.ts';
import { showVerdict, verdictSchema } from '../schemas/verdict-schema.ts';
import { type StoredSignIn, signInOfInput } from '../sign-in-of-input.ts';
import { trySignIn } from '../try-sign-in.ts';

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
    const stored = signInOfInput(body.signIn, {
      profile: profileForHost(endpoint.host),
      allowPrivate: services.environment.allowPrivateAddresses,
      before: current === undefined ? undefined : await readSignIn(context, current),
    });
    const verdict = await tryBeforeSaving(context, body, endpoint, stored);
    if (verdict?.ok === false) {
      throw new ProblemError('destination-not-verified', 'The destination could not be verified.', {
        extensions: { verdict: showVerdict(verdict, context.catalogue) },
      });
    }

    const { signIn, service } = stored;
    const place = { tenant, kind: 'destination' } as const;
    // The secret first: a record that names an administrator or an application always has what it signs in with.
    if (service !== undefined) await vault.putService(place, service);
    const now = clock.now();
    const saved = await state.destinations.put({
      tenant,
      endpoint,
      ...(body.provider === undefined ? {} : { provider: body.provider }),
      signIn,
      ...(verdict === undefined ? {} : { verifiedAt: now }),
      updatedAt: now,
      version: current?.version ?? 0,
    });
    if (service === undefined) await vault.destroyService(place);
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
    const { state, clock } = services;
    const destination = await state.destinations.get(tenant);
    if (destination === undefined) {
      throw new ProblemError('destination-missing', 'The tenant has no destination yet.');
    }
    const stored = await readSignIn(context, destination);
    const verdict = await trySignIn(context, 'destination', endpointAt(destination), stored, body, '#');
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

async function readSignIn(
  { services, tenant }: RouteContext,
  record: DestinationRecord,
): Promise<StoredSignIn> {
  const { signIn } = record;
  const service = hasServiceSecret(signIn)
    ? await services.vault.getService({ tenant, kind: 'destination' })
    : undefined;
  return { signIn, service };
}

async function tryBeforeSaving(
  context: RouteContext,
  { provider, test }: Input,
  endpoint: EndpointRecord,
  stored: StoredSignIn,
): Promise<ConnectionVerdict | undefined> {
  const perUser = ownSecretKind(stored.signIn) !== undefined;
  const user = test?.user ?? (perUser ? undefined : await firstUser(context));
  if (user === undefined) return undefined;
  return trySignIn(
    context,
    'destination',
    endpointAt({ endpoint, provider }),
    stored,
    { ...test, user },
    '#/test',
  );
}

async function firstUser({ services, tenant }: RouteContext): Promise<string | undefined> {
  const { items } = await services.state.users.list(tenant, { limit: 1 });
  return items[0]?.email;
}
