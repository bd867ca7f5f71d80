import pMap from 'p-map';
import type { MailboxSecrets, MailhaulApi } from '../api/mailhaul-api.ts';
import type { MailboxView } from '../api/mailbox-view.ts';
import { ApiRequestError, UsageError } from '../errors.ts';
import type { UserRow } from '../users/user-row.ts';

/** The first are under way while the others are added, and a request takes a few seconds at most. */
const BATCH = 250;
const CONCURRENCY = 8;

/** The mailboxes of this run, in the order of the users. */
export interface Joined {
  readonly mailboxIds: readonly string[];
  /** As they were before this run began, by id; a mailbox that this run made is missing. */
  readonly before: ReadonlyMap<string, MailboxView>;
  /** Those that this run made, as they were then, by id. */
  readonly made: ReadonlyMap<string, MailboxView>;
}

/**
 * Brings the users into the migration: new ones are added, known ones get the passwords of this run (whether they
 * changed cannot be asked: nobody shows a stored password).
 * @param options.start new ones, at once
 * @param options.isNew the migration has been made just now: nobody needs to ask what it has
 * @throws UsageError when a mailbox is known with another source account
 */
export async function joinMailboxes(
  api: MailhaulApi,
  migrationId: string,
  users: readonly UserRow[],
  options: { readonly start?: boolean; readonly isNew?: boolean } = {},
): Promise<Joined> {
  const { start = false, isNew = false } = options;
  const before = byAddress(isNew ? [] : await api.mailboxes(migrationId));
  const fresh = users.filter((user) => !before.has(keyOf(user.emailAddress)));
  requireSameSource(users, before);
  for (let from = 0; from < fresh.length; from += BATCH) {
    await api.addMailboxes(
      migrationId,
      fresh.slice(from, from + BATCH).map((user) => ({
        email: user.emailAddress,
        sourceUser: user.userName,
        ...secretsOf(user),
        ...(user.userRoot === undefined ? {} : { userRoot: user.userRoot }),
      })),
      { start },
    );
  }
  const after = fresh.length === 0 ? before : byAddress(await api.mailboxes(migrationId));
  const mailboxes = users.map((user) => {
    const mailbox = after.get(keyOf(user.emailAddress));
    if (mailbox === undefined)
      throw new Error(`The API does not list the mailbox ${user.emailAddress} that it took.`);
    return { user, mailbox };
  });
  await pMap(
    mailboxes.filter(({ mailbox }) => before.has(keyOf(mailbox.destinationUser))),
    async ({ user, mailbox }) => {
      const secrets = secretsFor(mailbox, user);
      if (Object.keys(secrets).length > 0) await api.putCredential(mailbox.mailboxId, secrets);
    },
    { concurrency: CONCURRENCY },
  );
  const made = mailboxes.filter(({ mailbox }) => !before.has(keyOf(mailbox.destinationUser)));
  return {
    mailboxIds: mailboxes.map(({ mailbox }) => mailbox.mailboxId),
    before: new Map([...before.values()].map((mailbox) => [mailbox.mailboxId, mailbox])),
    made: new Map(made.map(({ mailbox }) => [mailbox.mailboxId, mailbox])),
  };
}

function secretsOf(user: UserRow): MailboxSecrets {
  const { password, refreshToken, destinationPassword, destinationRefreshToken } = user;
  return {
    ...(password !== undefined && { password }),
    ...(refreshToken !== undefined && { refreshToken }),
    ...(destinationPassword !== undefined && { destinationPassword }),
    ...(destinationRefreshToken !== undefined && { destinationRefreshToken }),
  };
}

/**
 * For a mailbox that is known. A sign-in service may have changed the refresh token since it was given to us, and the
 * newer one is stored: only a mailbox that stands still for want of one takes what was given.
 */
function secretsFor(mailbox: MailboxView, user: UserRow): MailboxSecrets {
  const secrets = secretsOf(user);
  if (mailbox.status === 'needs-attention' || mailbox.status === 'waiting-for-user') return secrets;
  const { refreshToken: _token, destinationRefreshToken: _other, ...passwords } = secrets;
  return passwords;
}

/**
 * Starts mailboxes that stand still and asks the others for a pass. Harmless when repeated.
 * @param made by this run, as they were then: those that were started by then need nothing
 */
export async function startMailboxes(
  api: MailhaulApi,
  mailboxIds: readonly string[],
  made: Joined['made'] = new Map(),
): Promise<void> {
  const waiting = mailboxIds.filter((id) => (made.get(id)?.status ?? 'stopped') === 'stopped');
  await pMap(waiting, (mailboxId) => wake(api, mailboxId), { concurrency: CONCURRENCY });
}

async function wake(api: MailhaulApi, mailboxId: string): Promise<void> {
  const { status } = await api.mailbox(mailboxId);
  const action = actionFor(status);
  if (action === undefined) return;
  try {
    await api.act(mailboxId, action);
  } catch (error) {
    // Its status changed in between, by a pass that ended or by the timer: then it is under way, or says why not.
    if (!(error instanceof ApiRequestError) || error.problem !== 'mailbox-status') throw error;
  }
}

function actionFor(status: MailboxView['status']): 'start' | 'sync' | undefined {
  switch (status) {
    case 'stopped':
    case 'stopping':
    case 'needs-attention':
    case 'waiting-for-user':
    case 'failed':
      return 'start';
    case 'starting':
    case 'queued':
    case 'syncing':
    case 'synced':
    case 'throttled':
      return 'sync';
    case 'closed':
      return undefined;
  }
}

function requireSameSource(users: readonly UserRow[], before: ReadonlyMap<string, MailboxView>): void {
  for (const { emailAddress, userName } of users) {
    const known = before.get(keyOf(emailAddress));
    if (known === undefined || known.sourceUser === userName) continue;
    throw new UsageError(
      `The state folder knows ${emailAddress} as the mailbox of ${known.sourceUser} at this source, and the users now name ${userName}. Correct the users, or use another --state.`,
    );
  }
}

function byAddress(mailboxes: readonly MailboxView[]): Map<string, MailboxView> {
  return new Map(mailboxes.map((mailbox) => [keyOf(mailbox.destinationUser), mailbox]));
}

/** The API takes addresses that differ in case alone for one user. */
function keyOf(email: string): string {
  return email.toLowerCase();
}
