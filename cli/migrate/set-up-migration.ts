import type { SignInInput } from '../../shared/api/schemas/sign-in-schema.ts';
import type {
  Connection,
  Endpoint,
  MailhaulApi,
  Migration,
  MigrationBeginning,
  TestAccount,
} from '../api/mailhaul-api.ts';
import { ApiRequestError, UsageError } from '../errors.ts';
import type { UserRow } from '../users/user-row.ts';
import { ServerNotVerifiedError } from './errors.ts';

/** Accounts that a server is tried with before all are taken for wrong. */
const MAX_TRIES = 10;

export interface MigrationSetUp {
  readonly source: Endpoint;
  readonly destination: Endpoint;
  readonly users: readonly UserRow[];
  /** How each server is opened; by a password of each user unless it is given. */
  readonly sourceSignIn?: SignInInput | undefined;
  readonly destinationSignIn?: SignInInput | undefined;
  /** Ids of their providers' profiles; by their names unless they are given. */
  readonly sourceProvider?: string | undefined;
  readonly destinationProvider?: string | undefined;
  /** For a migration that is not there yet. */
  readonly beginning: MigrationBeginning;
}

export interface SetUpMigration extends Migration {
  /** Made just now, with what it was to begin with. */
  readonly isNew: boolean;
}

const PASSWORDS: SignInInput = { kind: 'user-password' };

/**
 * Makes what the state folder does not have yet: users, destination, connection, migration. Each step looks first,
 * so that repeating it after a crash in any place goes on from there. (No Idempotency-Key: a state folder has one
 * process at a time, and a key that a dead process has begun would have to be waited for.)
 *
 * @throws ServerNotVerifiedError when no account can sign in at one of the servers
 * @throws UsageError when the state folder belongs to other servers
 */
export async function setUpMigration(api: MailhaulApi, setUp: MigrationSetUp): Promise<SetUpMigration> {
  const known = await findConnection(api, setUp);
  const importing = api.importUsers(setUp.users.map(({ emailAddress }) => emailAddress));
  // A known destination may be tried with any user that there is; new servers, with those of this run.
  if (known !== undefined) await importing;
  // Both servers are tried at once; when both fail, the destination's trouble is told first.
  const [imported, destination, source, migrations] = await Promise.allSettled([
    importing,
    putDestination(api, setUp, known !== undefined),
    known === undefined ? createConnection(api, setUp) : renewSignIn(api, setUp, known),
    api.migrations(),
  ]);
  if (imported.status === 'rejected') throw imported.reason;
  if (destination.status === 'rejected') throw destination.reason;
  if (source.status === 'rejected') throw source.reason;
  if (migrations.status === 'rejected') throw migrations.reason;
  const connection = source.value;
  const active = migrations.value.find(
    ({ connectionId, status }) => connectionId === connection.connectionId && status === 'active',
  );
  if (active !== undefined) return { ...active, isNew: false };
  return { ...(await api.createMigration(connection.connectionId, setUp.beginning)), isNew: true };
}

async function findConnection(
  api: MailhaulApi,
  { source, sourceProvider: provider }: MigrationSetUp,
): Promise<Connection | undefined> {
  const connections = await api.connections();
  const known = connections.find(
    ({ endpoint, status }) =>
      status === 'verified' && endpoint.host === source.host && endpoint.port === source.port,
  );
  if (known === undefined) return undefined;
  const { security, ca } = known.endpoint;
  if (provider !== undefined && provider !== known.provider) {
    throw new UsageError(
      `The state folder knows the source ${source.host} as one of the provider "${known.provider}". Leave out --source-provider, or use another --state.`,
    );
  }
  if (security === source.security && (source.ca === undefined || source.ca === ca)) return known;
  throw new UsageError(
    `The state folder knows the source ${source.host}:${source.port} with other security (imap:// or imaps://, --insecure, --ca). Use the same options as before, or another --state.`,
  );
}

async function putDestination(
  api: MailhaulApi,
  {
    destination: endpoint,
    destinationProvider: provider,
    destinationSignIn: signIn = PASSWORDS,
    users,
  }: MigrationSetUp,
  again: boolean,
): Promise<void> {
  try {
    // Once a migration runs, each mailbox says for itself whether it can sign in.
    const server = { endpoint, signIn, ...(provider !== undefined && { provider }) };
    if (again) await api.putDestination(server, undefined);
    else {
      await tryAccounts('destination', users, (user) =>
        api.putDestination(server, {
          user: user.emailAddress,
          ...(user.destinationPassword !== undefined && { password: user.destinationPassword }),
          ...(user.destinationRefreshToken !== undefined && { refreshToken: user.destinationRefreshToken }),
        }),
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
  { source: endpoint, sourceProvider, sourceSignIn: signIn = PASSWORDS, users }: MigrationSetUp,
): Promise<Connection> {
  // The provider decides how many connections its servers bear; unknown servers have a careful default.
  const provider =
    sourceProvider ?? (await api.providers()).find(({ host }) => host === endpoint.host)?.id ?? 'other';
  return tryAccounts('source', users, (user) =>
    api.createConnection(provider, endpoint, signIn, sourceAccount(user)),
  );
}

/** A secret of an application runs out, and the next one comes the same way as the first. */
async function renewSignIn(
  api: MailhaulApi,
  { sourceSignIn, users }: MigrationSetUp,
  known: Connection,
): Promise<Connection> {
  if (sourceSignIn === undefined || sourceSignIn.kind === 'user-password') {
    if (known.signIn.kind === 'user-password') return known;
    throw new UsageError(
      'The state folder knows this source as one that an account or an application opens. Give --source-sign-in as before, or another --state.',
    );
  }
  // What users consented to is each mailbox's own; trying one of them could use it up.
  if (sourceSignIn.kind === 'oauth' && sourceSignIn.grant === 'refresh-token') return known;
  return tryAccounts('source', users, (user) =>
    api.putConnectionSignIn(known.connectionId, sourceSignIn, sourceAccount(user)),
  );
}

function sourceAccount({ userName, password, refreshToken }: UserRow): TestAccount {
  return {
    user: userName,
    ...(password !== undefined && { password }),
    ...(refreshToken !== undefined && { refreshToken }),
  };
}

/** Failures of one account, which say nothing about the next one. */
const OF_ONE_ACCOUNT: ReadonlySet<string> = new Set([
  'authentication-failed',
  'token-refused',
  'consent-missing',
  'permission-denied',
]);

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
      if (!OF_ONE_ACCOUNT.has(failed.reason)) throw failure;
    }
  }
  throw failure ?? new UsageError('There is no user. Name at least one.');
}
