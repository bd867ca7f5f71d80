import type { MailhaulApi, Migration, Endpoint, Connection } from '../api/mailhaul-api.ts';
import { ApiRequestError, UsageError } from '../errors.ts';
import type { UserRow } from '../users/user-row.ts';
import { ServerNotVerifiedError } from './errors.ts';

/** Accounts that a server is tried with before all are taken for wrong. */
const MAX_TRIES = 10;

export interface MigrationSetUp {
  readonly source: Endpoint;
  readonly destination: Endpoint;
  readonly users: readonly UserRow[];
}

/**
 * Makes what the state folder does not have yet: users, destination, connection, migration. Each step looks first,
 * so that repeating it after a crash in any place goes on from there. (No Idempotency-Key: a state folder has one
 * process at a time, and a key that a dead process has begun would have to be waited for.)
 *
 * @throws ServerNotVerifiedError when no account can sign in at one of the servers
 * @throws UsageError when the state folder belongs to other servers
 */
export async function setUpMigration(api: MailhaulApi, setUp: MigrationSetUp): Promise<Migration> {
  const { users } = setUp;
  const known = await findConnection(api, setUp.source);
  await api.importUsers(users.map(({ emailAddress }) => emailAddress));
  // Both are tried at once; when both fail, the destination's trouble is told first.
  const [destination, source] = await Promise.allSettled([
    putDestination(api, setUp.destination, users, known !== undefined),
    known ?? createConnection(api, setUp.source, users),
  ]);
  if (destination.status === 'rejected') throw destination.reason;
  if (source.status === 'rejected') throw source.reason;
  const connection = source.value;
  const migrations = await api.migrations();
  return (
    migrations.find(
      ({ connectionId, status }) => connectionId === connection.connectionId && status === 'active',
    ) ?? (await api.createMigration(connection.connectionId))
  );
}

async function findConnection(api: MailhaulApi, source: Endpoint): Promise<Connection | undefined> {
  const connections = await api.connections();
  const known = connections.find(
    ({ endpoint, status }) =>
      status === 'verified' && endpoint.host === source.host && endpoint.port === source.port,
  );
  if (known === undefined) return undefined;
  const { security, ca } = known.endpoint;
  if (security === source.security && (source.ca === undefined || source.ca === ca)) return known;
  throw new UsageError(
    `The state folder knows the source ${source.host}:${source.port} with other security (imap:// or imaps://, --insecure, --ca). Use the same options as before, or another --state.`,
  );
}

async function putDestination(
  api: MailhaulApi,
  endpoint: Endpoint,
  users: readonly UserRow[],
  again: boolean,
): Promise<void> {
  try {
    // Once a migration runs, each mailbox says for itself whether it can sign in.
    if (again) await api.putDestination(endpoint, undefined);
    else {
      await tryAccounts('destination', users, (user) =>
        api.putDestination(endpoint, { user: user.emailAddress, password: user.destinationPassword }),
      );
    }
  } catch (error) {
    if (!(error instanceof ApiRequestError) || error.problem !== 'destination-in-use') throw error;
    throw new UsageError(
      `The state folder belongs to a move to another destination than ${endpoint.host}:${endpoint.port}. Use that --destination, or another --state for this move.`,
      { cause: error },
    );
  }
}

async function createConnection(
  api: MailhaulApi,
  endpoint: Endpoint,
  users: readonly UserRow[],
): Promise<Connection> {
  // The provider decides how many connections its servers bear; unknown servers have a careful default.
  const provider = (await api.providers()).find(({ host }) => host === endpoint.host)?.id ?? 'other';
  return tryAccounts('source', users, (user) =>
    api.createConnection(provider, endpoint, { user: user.userName, password: user.password }),
  );
}

/** One account with a wrong password must not hold up the others: the server is tried with the next one. */
async function tryAccounts<Result>(
  side: 'source' | 'destination',
  users: readonly UserRow[],
  attempt: (user: UserRow) => Promise<Result>,
): Promise<Result> {
  let failure: ServerNotVerifiedError | undefined;
  for (const user of users.slice(0, MAX_TRIES)) {
    try {
      return await attempt(user);
    } catch (error) {
      const failed = error instanceof ApiRequestError ? error.verdict?.failed : undefined;
      if (failed === undefined) throw error;
      failure = new ServerNotVerifiedError(side, failed, { cause: error });
      if (failed.reason !== 'authentication-failed') throw failure;
    }
  }
  throw failure ?? new UsageError('There is no user. Name at least one.');
}
