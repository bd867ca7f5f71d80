import pMap from 'p-map';
import type { MailboxSecrets, MailhaulApi, NewMailbox } from '../api/mailhaul-api.ts';
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
  /** The others as they were last seen, with the passwords of this run. */
  readonly known: ReadonlyMap<string, MailboxView>;
}

/** What a new migration begins with; {@link joinMailboxes} adds the others. */
export function firstMailboxes(users: readonly UserRow[]): NewMailbox[] {
  return users.slice(0, BATCH).map(mailboxOf);
}

/**
 * Brings the users into the migration: new ones are added, known ones get the passwords of this run (whether they
 * changed cannot be asked: nobody shows a stored password).
 * @param options.start new ones, at once
 * @param options.isNew the migration has been made just now, with its first mailboxes
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
  for (let from = isNew ? BATCH : 0; from < fresh.length; from += BATCH) {
    await api.addMailboxes(migrationId, fresh.slice(from, from + BATCH).map(mailboxOf), { start });
  }
  const after = fresh.length === 0 ? before : byAddress(await api.mailboxes(migrationId));
  const mailboxes = users.map((user) => {
    const mailbox = after.get(keyOf(user.emailAddress));
    if (mailbox === undefined)
      throw new Error(`The API does not list the mailbox ${user.emailAddress} that it took.`);
    return { user, mailbox };
  });
  const known = await pMap(
    mailboxes.filter(({ mailbox }) => before.has(keyOf(mailbox.destinationUser))),
    async ({ user, mailbox }) => {
      const secrets = secretsFor(mailbox, user);
      return Object.keys(secrets).length === 0 ? mailbox : api.putCredential(mailbox.mailboxId, secrets);
    },
    { concurrency: CONCURRENCY },
  );
  const made = mailboxes.filter(({ mailbox }) => !before.has(keyOf(mailbox.destinationUser)));
  return {
    mailboxIds: mailboxes.map(({ mailbox }) => mailbox.mailboxId),
    before: new Map([...before.values()].map((mailbox) => [mailbox.mailboxId, mailbox])),
    made: new Map(made.map(({ mailbox }) => [mailbox.mailboxId, mailbox])),
    known: new Map(known.map((mailbox) => [mailbox.mailboxId, mailbox])),
  };
}

function mailboxOf(user: UserRow): NewMailbox {
  return {
    email: user.emailAddress,
    sourceUser: user.userName,
    ...secretsOf(user),
    ...(user.userRoot === undefined ? {} : { userRoot: user.userRoot }),
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
 * Starts mailboxes that stand still and asks the others for a pass. Harmless when repeated. Those that this run made
 * and that were started by then need nothing.
 */
export async function startMailboxes(
  api: MailhaulApi,
  { made, known }: Pick<Joined, 'made' | 'known'>,
): Promise<void> {
  const still = [...made.values()].filter(({ status }) => status === 'stopped');
  await pMap([...known.values(), ...still], (mailbox) => wake(api, mailbox), { concurrency: CONCURRENCY });
}

async function wake(api: MailhaulApi, seen: MailboxView): Promise<void> {
  if (await act(api, seen)) return;
  // Its status changed in between, by a pass that ended or by the timer. Refused again, it is under way or says why not.
  await act(api, await api.mailbox(seen.mailboxId));
}

/** @returns false when the mailbox's status is another one by now, which does not take the action */
async function act(api: MailhaulApi, { mailboxId, status }: MailboxView): Promise<boolean> {
  const action = actionFor(status);
  if (action === undefined) return true;
  try {
    await api.act(mailboxId, action);
    return true;
  } catch (error) {
    if (!(error instanceof ApiRequestError) || error.problem !== 'mailbox-status') throw error;
    return false;
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
