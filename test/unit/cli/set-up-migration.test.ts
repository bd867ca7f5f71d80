import type { Connection, MailhaulApi, Migration, NewMailbox } from '../../../cli/api/mailhaul-api.ts';
import { ApiRequestError, UsageError } from '../../../cli/errors.ts';
import { ServerNotVerifiedError } from '../../../cli/migrate/errors.ts';
import { firstMailboxes, joinMailboxes, startMailboxes } from '../../../cli/migrate/join-mailboxes.ts';
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
const SET_UP = {
  source: SOURCE,
  destination: DESTINATION,
  users: USERS,
  beginning: { mailboxes: firstMailboxes(USERS), start: false },
};

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
  const add = (added: readonly NewMailbox[], start: boolean) => {
    const status = start ? 'starting' : 'stopped';
    for (const { email, sourceUser } of added) {
      mailboxes.set(email, mailboxView({ mailboxId: email, destinationUser: email, sourceUser, status }));
    }
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
    createMigration: (connectionId, beginning) =>
      call('createMigration', () => {
        const made: Migration = {
          migrationId: `M${migrations.length}`,
          connectionId,
          status: 'active',
          mailboxCount: 0,
          createdAt: time,
        };
        migrations.push(made);
        add(beginning.mailboxes, beginning.start);
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
        add(added, start);
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
  const beginning = { mailboxes: firstMailboxes(users), start: false };
  const { migrationId, isNew } = await setUpMigration(api, { ...SET_UP, users, beginning });
  await startMailboxes(api, await joinMailboxes(api, migrationId, users, { isNew }));
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
    const beginning = { ...SET_UP.beginning, start: true };
    const { migrationId, isNew } = await setUpMigration(fake.api, { ...SET_UP, beginning });
    const joined = await joinMailboxes(fake.api, migrationId, USERS, { start: true, isNew });
    await startMailboxes(fake.api, joined);
    expect(fake.calls.slice(-2)).toEqual(['createMigration', 'mailboxes']);
    expect([...fake.mailboxes.values()].map(({ status }) => status)).toEqual(['starting', 'starting']);
  });

  test('starts those that it made and finds standing still; one that needs attention by then is left to people', async () => {
    const fake = fakeApi();
    const { migrationId, isNew } = await setUpMigration(fake.api, SET_UP);
    const { mailboxIds, made, known } = await joinMailboxes(fake.api, migrationId, USERS, { isNew });
    const [first = '', second = ''] = mailboxIds;
    const attention = mailboxView({ ...made.get(first), status: 'needs-attention' });
    fake.calls.length = 0;
    await startMailboxes(fake.api, { made: new Map([...made, [first, attention]]), known });
    expect(fake.calls).toEqual(['start']);
    expect(fake.mailboxes.get(second)?.status).toBe('starting');
  });

  test('looks again where a status has changed since it was seen, and leaves alone what is refused then too', async () => {
    const fake = fakeApi();
    await run(fake.api);
    const refused: string[] = [];
    const api: MailhaulApi = {
      ...fake.api,
      act: (mailboxId, action) => {
        if (action === 'start') return fake.api.act(mailboxId, action);
        refused.push(mailboxId);
        return Promise.reject(
          new ApiRequestError('', { status: 409, problem: 'mailbox-status', verdict: undefined }),
        );
      },
    };
    const joined = await joinMailboxes(fake.api, 'M0', USERS);
    const [first = '', second = ''] = joined.mailboxIds;
    fake.mailboxes.set(first, mailboxView({ ...fake.mailboxes.get(first), status: 'needs-attention' }));
    fake.calls.length = 0;
    await startMailboxes(api, joined);
    expect(fake.calls.toSorted()).toEqual(['mailbox', 'mailbox', 'start']);
    expect(fake.mailboxes.get(first)?.status).toBe('starting');
    expect(refused.toSorted()).toEqual([first, second, second]);
  });

  test('makes a migration with its first mailboxes and adds the others', async () => {
    const fake = fakeApi();
    const many = Array.from({ length: 251 }, (_, number) => user(`user${number}`));
    await run(fake.api, many);
    expect(fake.calls.filter((name) => name === 'createMigration' || name === 'addMailboxes')).toEqual([
      'createMigration',
      'addMailboxes',
    ]);
    expect(fake.mailboxes.size).toBe(251);
  });

  test('completes a migration that was made without its mailboxes', async () => {
    const fake = fakeApi();
    await run(fake.api);
    fake.mailboxes.clear();
    await run(fake.api);
    expect([...fake.mailboxes.values()].map(({ status }) => status)).toEqual(['starting', 'starting']);
    expect(fake.migrations).toHaveLength(1);
  });

  test('tries new servers while users are stored; a known one only then, for any of them may be tried', async () => {
    const fake = fakeApi();
    await run(fake.api);
    const order: string[] = [];
    const stored = Promise.withResolvers<void>();
    const api: MailhaulApi = {
      ...fake.api,
      importUsers: async () => {
        await stored.promise;
        order.push('users');
      },
      putDestination: async () => void order.push('destination'),
    };
    const again = setUpMigration(api, SET_UP);
    await new Promise(setImmediate);
    stored.resolve();
    await again;
    const other = setUpMigration({ ...api, connections: async () => [] }, SET_UP);
    await other;
    expect(order).toEqual(['users', 'destination', 'destination', 'users']);
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
