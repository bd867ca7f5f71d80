import pMap from 'p-map';
import type { NewMailbox } from '../lifecycle/add-mailboxes.ts';
import type { Services } from '../services.ts';
import { isByConsent, ownSecretKind } from '../sign-in/needed-secrets.ts';
import type { DestinationRecord } from '../state/destination-repository.ts';
import type { SignInRecord } from '../state/sign-in-record.ts';
import type { ImapSecret, MailboxCredential } from '../vault/vault.ts';
import { ProblemError, type ProblemPlace } from './problem.ts';
import type { RouteContext } from './route.ts';
import type { MailboxInput } from './schemas/migration-schema.ts';
import { ownSecret } from './try-sign-in.ts';

const CONCURRENCY = 16;
const MAX_PLACES = 100;

/** Tells the place of a mailbox in what was sent. */
export type PlaceOf = (index: number, field: 'email' | SecretField) => Omit<ProblemPlace, 'detail'>;

type SecretField = 'password' | 'refreshToken' | 'destinationPassword' | 'destinationRefreshToken';

/** @throws ProblemError destination-missing */
export async function requireDestination({ services, tenant }: RouteContext): Promise<DestinationRecord> {
  const destination = await services.state.destinations.get(tenant);
  if (destination !== undefined) return destination;
  throw new ProblemError('destination-missing', 'The tenant has no destination yet.');
}

/**
 * Turns what was asked for into mailboxes of users that exist, each with the secrets that it needs. What nobody needs,
 * because one account or application opens the server for all, is not kept.
 * @throws ProblemError users-unknown, credential-incomplete
 */
export async function checkMailboxes(
  { state }: Pick<Services, 'state'>,
  tenant: string,
  servers: { readonly source: SignInRecord; readonly destination: SignInRecord },
  inputs: readonly MailboxInput[],
  placeOf: PlaceOf,
): Promise<NewMailbox[]> {
  const wanted = { source: ownSecretKind(servers.source), destination: ownSecretKind(servers.destination) };
  const credentials = inputs.map((input) => credentialOf(input, wanted));
  const incomplete = credentials.flatMap((credential, index) =>
    (['source', 'destination'] as const).flatMap((side) => {
      const kind = wanted[side];
      // Users who can consent by a link may do so later.
      if (kind === undefined || credential[side] !== undefined || isByConsent(servers[side])) return [];
      const { field, what } = MISSING[side][kind];
      return [{ ...placeOf(index, field), detail: `The ${side} asks each user for a ${what}` }];
    }),
  );
  if (incomplete.length > 0) {
    throw new ProblemError(
      'credential-incomplete',
      `${incomplete.length} passwords or refresh tokens are missing.`,
      { errors: incomplete.slice(0, MAX_PLACES) },
    );
  }
  const users = await pMap(inputs, ({ email }) => state.users.get(tenant, email), {
    concurrency: CONCURRENCY,
  });
  const unknown = users.flatMap((user, index) =>
    user === undefined ? [{ ...placeOf(index, 'email'), detail: 'There is no user with this address' }] : [],
  );
  if (unknown.length > 0) {
    throw new ProblemError('users-unknown', `${unknown.length} mailboxes belong to no user of the tenant.`, {
      errors: unknown.slice(0, MAX_PLACES),
    });
  }
  return inputs.map((input, index): NewMailbox => {
    const user = users[index];
    const { userRoot } = input;
    return {
      email: user?.email ?? input.email,
      ...(user?.displayName === undefined ? {} : { displayName: user.displayName }),
      sourceUser: input.sourceUser,
      ...(userRoot === undefined ? {} : { userRoot }),
      credential: credentials[index] ?? {},
    };
  });
}

type Wanted = Readonly<Record<'source' | 'destination', ImapSecret['kind'] | undefined>>;

const MISSING = {
  source: {
    password: { field: 'password', what: 'password' },
    'refresh-token': { field: 'refreshToken', what: 'refresh token' },
  },
  destination: {
    password: { field: 'destinationPassword', what: 'password' },
    'refresh-token': { field: 'destinationRefreshToken', what: 'refresh token' },
  },
} as const;

/** What was given for a mailbox and is of the kind that its servers want. */
export function credentialOf(
  given: Partial<Record<SecretField, string | undefined>>,
  wanted: Wanted,
): MailboxCredential {
  const source = wanted.source && ownSecret(wanted.source, given);
  const destination =
    wanted.destination &&
    ownSecret(wanted.destination, {
      password: given.destinationPassword,
      refreshToken: given.destinationRefreshToken,
    });
  return { ...(source && { source }), ...(destination && { destination }) };
}
