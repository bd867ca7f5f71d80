import type { Connection, MailhaulApi, Migration } from '../../../cli/api/mailhaul-api.ts';
import { ApiRequestError, UsageError } from '../../../cli/errors.ts';
import { ServerNotVerifiedError } from '../../../cli/migrate/errors.ts';
import { joinMailboxes, startMailboxes } from '../../../cli/migrate/join-mailboxes.ts';
import { setUpMigration } from '../../../cli/migrate/set-up-migration.ts';
import { mailboxView } from '../../support/mailbox-view.ts';

const SOURCE = { host: 'imap.gmail.com', port: 993, security: 'tls' } as const;
const DESTINATION = { host: 'new.example', port: 993, security: 'tls' } as const;
const user = (name: string, password = 'right') => ({
  emailAddress: `${name}@new.example`,
  userName: `${name}@old.example`,
  password,
  destinationPassword: password,
});
const USERS = [user('anna'), user('linh')];
const SET_UP = { source: SOURCE, destination: DESTINATION, users: USERS };

class Crash extends Error {}

/** An API in memory. `crashAt` ends it at the n-th call, before or after the call did its work. */
function fakeApi() {
  const connections: Connection[] = [];
  const migrations: Migration[] = [];
  const mailboxes = new Map<string, ReturnType<typeof mailboxView>>();
  const calls: string[] = [];
  const crash = { at: Infinity, after: false };
  const call = async <T>(name: string, work: () => T): Promise<T> => {
    calls.push(name);
    const now = calls.length === crash.at;
    if (now && !crash.after) throw new Crash();
    const result = work();
    if (now) throw new Crash();
    return result;
  };
  const verify = (side: string, password: string) => {
    if (password === 'right') return;
    const failed = {
      step: 'login',
      reason: 'authentication-failed',
      summary: `${side} refused.`,
      remedy: 'Correct it.',
    };
    throw new ApiRequestError('', { status: 422, problem: `${side}-not-verified`, verdict: { failed } });
  };
  const time = '2026-01-01T00:00:00.000Z';
  const api: MailhaulApi = {
    importUsers: () => call('importUsers', () => undefined),
    putDestination: (_server, test) =>
      call('putDestination', () => {
        if (test !== undefined) verify('destination', test.password ?? '');
      }),
    connections: () => call('connections', () => [...connections]),
    providers: () =>
      call('providers', () => [
        {
          id: 'gmail',
          name: 'Gmail',
          host: 'imap.gmail.com',
          port: 993,
          security: 'tls',
          signIn: ['app-password'],
          instructions: [],
          notes: [],
          budget: { connections: 1 },
          keywords: true,
        },
      ]),
    putConnectionSignIn: (connectionId) =>
      call('putConnectionSignIn', () => {
        const known = connections.find((connection) => connection.connectionId === connectionId);
        if (known === undefined) throw new Error('There is no such connection.');
        return known;
      }),
    createConnection: (provider, endpoint, _signIn, account) =>
      call('createConnection', () => {
        verify('connection', account.password ?? '');
        const made: Connection = {
          connectionId: `C${connections.length}`,
          provider,
          endpoint,
          signIn: { kind: 'user-password' },
          status: 'verified',
          verifiedAt: time,
          createdAt: time,
        };
        connections.push(made);
        return made;
      }),
    migrations: () => call('migrations', () => [...migrations]),
    createMigration: (connectionId) =>
      call('createMigration', () => {
        const made: Migration = {
          migrationId: `M${migrations.length}`,
          connectionId,
          status: 'active',
          mailboxCount: 0,
          createdAt: time,
        };
        migrations.push(made);
        return made;
      }),
    chooseLabels: () => call('chooseLabels', () => undefined),
    migrationItems: () => call('migrationItems', () => []),
    retry: () =>
      call('retry', () => {
        throw new TypeError('Nothing is to be tried again.');
      }),
    select: () => call('select', () => undefined),
    consentLinks: () => call('consentLinks', () => ({ links: [], redirectUris: [], skipped: 0 })),
    folderPlan: () => call('folderPlan', () => ({ folders: [], leftOut: [] })),
    mailboxes: () => call('mailboxes', () => [...mailboxes.values()]),
    addMailboxes: (_migrationId, added, { start }) =>
      call('addMailboxes', () => {
        const status = start ? 'starting' : 'stopped';
        for (const { email, sourceUser } of added) {
          mailboxes.set(email, mailboxView({ mailboxId: email, destinationUser: email, sourceUser, status }));
        }
        return { added: added.length, existing: 0, started: start ? added.length : 0 };
      }),
    mailbox: (mailboxId) => call('mailbox', () => mailboxes.get(mailboxId) ?? mailboxView()),
    putCredential: (mailboxId) => call('putCredential', () => mailboxes.get(mailboxId) ?? mailboxView()),
    act: (mailboxId, action) =>
      call(action, () => {
        const mailbox = mailboxView({ ...mailboxes.get(mailboxId), status: 'starting' });
        mailboxes.set(mailboxId, mailbox);
        return mailbox;
      }),
    items: () => call('items', () => []),
  };
  return { api, calls, crash, connections, migrations, mailboxes };
}

async function run(api: MailhaulApi, users = USERS): Promise<void> {
  const migration = await setUpMigration(api, { ...SET_UP, users });
  const { mailboxIds } = await joinMailboxes(api, migration.migrationId, users);
  await startMailboxes(api, mailboxIds);
}

describe('setting up a migration', () => {
  test('makes each thing once and starts every mailbox', async () => {
    const fake = fakeApi();
    await run(fake.api);
    expect(fake.connections).toEqual([expect.objectContaining({ provider: 'gmail', endpoint: SOURCE })]);
    expect(fake.migrations).toHaveLength(1);
    expect([...fake.mailboxes.values()].map(({ status }) => status)).toEqual(['starting', 'starting']);
  });

  test('a second time makes nothing, replaces the passwords and asks for a pass', async () => {
    const fake = fakeApi();
    await run(fake.api);
    const first = fake.calls.length;
    await run(fake.api);
    const again = fake.calls.slice(first);
    expect(again.filter((name) => name === 'putCredential' || name === 'sync')).toEqual([
      'putCredential',
      'putCredential',
      'sync',
      'sync',
    ]);
    expect(again).not.toContain('createConnection');
    expect(again).not.toContain('createMigration');
    expect(again).not.toContain('addMailboxes');
  });

  test('starts new mailboxes with the request that makes them, and asks for nothing that it knows', async () => {
    const fake = fakeApi();
    const { migrationId, isNew } = await setUpMigration(fake.api, SET_UP);
    fake.calls.length = 0;
    const joined = await joinMailboxes(fake.api, migrationId, USERS, { start: true, isNew });
    await startMailboxes(fake.api, joined.mailboxIds, joined.made);
    expect(fake.calls).toEqual(['addMailboxes', 'mailboxes']);
    expect([...fake.mailboxes.values()].map(({ status }) => status)).toEqual(['starting', 'starting']);
  });

  test('starts those that it made and finds standing still; one that needs attention by then is left to people', async () => {
    const fake = fakeApi();
    const { migrationId } = await setUpMigration(fake.api, SET_UP);
    const { mailboxIds, made } = await joinMailboxes(fake.api, migrationId, USERS);
    const [first = '', second = ''] = mailboxIds;
    const attention = mailboxView({ ...made.get(first), status: 'needs-attention' });
    fake.calls.length = 0;
    await startMailboxes(fake.api, mailboxIds, new Map([...made, [first, attention]]));
    expect(fake.calls).toEqual(['mailbox', 'start']);
    expect(fake.mailboxes.get(second)?.status).toBe('starting');
  });

  test('goes on after a crash before or after any of its calls', async () => {
    const whole = fakeApi();
    await run(whole.api);
    for (let at = 1; at <= whole.calls.length; at += 1) {
      for (const after of [false, true]) {
        const fake = fakeApi();
        Object.assign(fake.crash, { at, after });
        await expect(run(fake.api)).rejects.toBeInstanceOf(Crash);
        await run(fake.api);
        expect([fake.connections.length, fake.migrations.length, fake.mailboxes.size]).toEqual([1, 1, 2]);
        expect([...fake.mailboxes.values()].every(({ status }) => status === 'starting')).toBe(true);
      }
    }
  });

  test('tries the server with the next account when one has a wrong password', async () => {
    const fake = fakeApi();
    await run(fake.api, [user('anna', 'wrong'), user('linh')]);
    expect(fake.connections).toHaveLength(1);
    expect(fake.mailboxes.size).toBe(2);
  });

  test('gives up when no account can sign in, and says on which side', async () => {
    const fake = fakeApi();
    await expect(run(fake.api, [user('anna', 'wrong')])).rejects.toMatchObject({
      constructor: ServerNotVerifiedError,
      side: 'destination',
      failed: { reason: 'authentication-failed' },
    });
    expect(fake.migrations).toHaveLength(0);
  });

  test('refuses the same source with other security before anything is changed', async () => {
    const fake = fakeApi();
    await run(fake.api);
    const before = fake.calls.length;
    const other = setUpMigration(fake.api, { ...SET_UP, source: { ...SOURCE, security: 'starttls' } });
    await expect(other).rejects.toBeInstanceOf(UsageError);
    expect(fake.calls.slice(before)).toEqual(['connections']);
  });

  test('takes the source for what it is said to be, and refuses to take it for something else later', async () => {
    const fake = fakeApi();
    await setUpMigration(fake.api, { ...SET_UP, sourceProvider: 'courier' });
    expect(fake.connections).toMatchObject([{ provider: 'courier' }]);
    await setUpMigration(fake.api, SET_UP);
    const other = setUpMigration(fake.api, { ...SET_UP, sourceProvider: 'cyrus' });
    await expect(other).rejects.toThrow(/"courier".*--source-provider/);
  });

  test('refuses a mailbox that is known with another source account', async () => {
    const fake = fakeApi();
    await run(fake.api);
    await expect(run(fake.api, [{ ...user('anna'), userName: 'somebody' }])).rejects.toThrow(
      /anna@old\.example.*somebody/,
    );
  });
});
