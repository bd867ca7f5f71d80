import pMap from 'p-map';
import type { NewMailbox } from '../lifecycle/add-mailboxes.ts';
import type { Services } from '../services.ts';
import type { DestinationRecord } from '../state/destination-repository.ts';
import { ProblemError, type ProblemPlace } from './problem.ts';
import type { RouteContext } from './route.ts';
import type { MailboxInput } from './schemas/migration-schema.ts';

const CONCURRENCY = 16;
const MAX_PLACES = 100;

/** Tells the place of a mailbox in what was sent. */
export type PlaceOf = (index: number, field: 'email' | 'destinationPassword') => Omit<ProblemPlace, 'detail'>;

/** @throws ProblemError destination-missing */
export async function requireDestination({ services, tenant }: RouteContext): Promise<DestinationRecord> {
  const destination = await services.state.destinations.get(tenant);
  if (destination !== undefined) return destination;
  throw new ProblemError('destination-missing', 'The tenant has no destination yet.');
}

/**
 * Turns what was asked for into mailboxes of users that exist, each with the passwords that it needs.
 * @throws ProblemError users-unknown, credential-incomplete
 */
export async function checkMailboxes(
  { state }: Pick<Services, 'state'>,
  tenant: string,
  destination: DestinationRecord,
  inputs: readonly MailboxInput[],
  placeOf: PlaceOf,
): Promise<NewMailbox[]> {
  const perUser = destination.signIn.kind === 'user-password';
  const incomplete = inputs.flatMap((input, index) =>
    perUser && input.destinationPassword === undefined
      ? [
          {
            ...placeOf(index, 'destinationPassword'),
            detail: 'The destination asks each user for a password',
          },
        ]
      : [],
  );
  if (incomplete.length > 0) {
    throw new ProblemError(
      'credential-incomplete',
      `${incomplete.length} destination passwords are missing.`,
      {
        errors: incomplete.slice(0, MAX_PLACES),
      },
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
    const { destinationPassword, userRoot } = input;
    return {
      email: user?.email ?? input.email,
      ...(user?.displayName === undefined ? {} : { displayName: user.displayName }),
      sourceUser: input.sourceUser,
      ...(userRoot === undefined ? {} : { userRoot }),
      credential: {
        source: { kind: 'password', password: input.password },
        // An administrator opens the destination: a password that nobody needs is not kept.
        ...(perUser && destinationPassword !== undefined
          ? { destination: { kind: 'password', password: destinationPassword } }
          : {}),
      },
    };
  });
}
