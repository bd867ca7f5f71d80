import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDovecot, type Dovecot } from '../support/dovecot.ts';
import { ImapProbe } from '../support/imap-probe.ts';
import {
  describeResult,
  reportedMailbox,
  reportedMailboxes,
  runMailhaul,
  type MailhaulResult,
} from '../support/mailhaul-process.ts';
import { withResource } from '../support/with-resource.ts';

const LONG = 120_000;
const SECRET = 'hunter2-ŻÓŁW';
const WRONG = 'not-the-passw0rd';
const PASSWORDS = { MAILHAUL_SOURCE_PASSWORD: SECRET, MAILHAUL_DESTINATION_PASSWORD: SECRET };

let source: Dovecot;
let destination: Dovecot;
let folder: string;

beforeAll(async () => {
  [source, destination] = await Promise.all([
    startDovecot({ users: { anna: SECRET, bert: SECRET, carl: SECRET } }),
    startDovecot({
      users: { 'anna@new.example': SECRET, 'bert@new.example': SECRET, 'carl@new.example': SECRET },
    }),
  ]);
  for (const user of ['bert', 'carl']) {
    await ImapProbe.use(source.access(user), (probe) =>
      probe.append(['INBOX'], { bytes: 'Subject: hello\r\n\r\nhello\r\n' }),
    );
  }
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mailhaul-wrong-input-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));
afterAll(() => Promise.all([source?.stop(), destination?.stop()]));

function stateFolder(): string {
  return join(folder, 'state');
}

interface Change {
  source?: string;
  destination?: string;
  ca?: false;
  more?: readonly string[];
  users?: readonly string[];
  env?: Record<string, string | undefined>;
}

/** A migration that would go well, but for what the test changes. */
function migrate(change: Change = {}): Promise<MailhaulResult> {
  const args = [
    'migrate',
    '--source',
    change.source ?? `imaps://127.0.0.1:${source.tlsPort}`,
    '--destination',
    change.destination ?? `imaps://127.0.0.1:${destination.tlsPort}`,
    ...(change.users ?? ['--source-user', 'anna', '--destination-user', 'anna@new.example']),
    ...(change.ca === false ? [] : ['--ca', source.caFile]),
    '--state',
    stateFolder(),
    '--once',
    '--json',
    ...(change.more ?? []),
  ];
  return runMailhaul(args, { cwd: folder, env: { ...PASSWORDS, ...change.env } });
}

/** What a mailbox that cannot be migrated shows for it; throws unless the exit code is 2. */
function complaintOf(result: MailhaulResult): Record<string, unknown> {
  if (result.exitCode !== 2) throw new Error(`Exit code 2 was expected. ${describeResult(result)}`);
  const { status, reason } = reportedMailbox(result);
  return { status, reason, showsSecret: showsSecret(result) };
}

function complaint(reason: RegExp): Record<string, unknown> {
  const sentence = expect.stringMatching(/\w{3,} \w/);
  return {
    status: expect.stringMatching(/^(failed|needs-attention)$/),
    reason: expect.objectContaining({
      code: expect.stringMatching(reason),
      summary: sentence,
      remedy: sentence,
    }),
    showsSecret: false,
  };
}

/** What the command said instead of beginning; throws unless the exit code is 64. */
function usageErrorOf(result: MailhaulResult): Record<string, unknown> {
  if (result.exitCode !== 64) throw new Error(`Exit code 64 was expected. ${describeResult(result)}`);
  return {
    message: result.stderr,
    showsSecret: showsSecret(result),
    showsStack: /^\s+at .*:\d+:\d+/m.test(result.stderr),
    stateFolder: existsSync(stateFolder()),
  };
}

function usageError(message: RegExp): Record<string, unknown> {
  return {
    message: expect.stringMatching(message),
    showsSecret: false,
    showsStack: false,
    stateFolder: false,
  };
}

function showsSecret({ stdout, stderr }: MailhaulResult): boolean {
  return [SECRET, WRONG].some((password) => `${stdout}${stderr}`.includes(password));
}

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port; // a TCP server has no other kind of address
}

async function unusedPort(): Promise<number> {
  const server = createServer();
  const port = await listening(server);
  server.close();
  await once(server, 'close');
  return port;
}

describe('a migration that cannot work says why and what to do', () => {
  test(
    'when the password of the source is wrong',
    async () => {
      expect(complaintOf(await migrate({ env: { MAILHAUL_SOURCE_PASSWORD: WRONG } }))).toEqual(
        complaint(/^authentication-failed$/),
      );
    },
    LONG,
  );

  test(
    'when the password of the destination is wrong',
    async () => {
      expect(complaintOf(await migrate({ env: { MAILHAUL_DESTINATION_PASSWORD: WRONG } }))).toEqual(
        complaint(/^authentication-failed$/),
      );
    },
    LONG,
  );

  test(
    'when there is no such host',
    async () => {
      expect(complaintOf(await migrate({ source: 'imaps://name.invalid' }))).toEqual(
        complaint(/^host-not-found$/),
      );
    },
    LONG,
  );

  test(
    'when nobody listens at the port',
    async () => {
      const port = await unusedPort();
      expect(complaintOf(await migrate({ destination: `imaps://127.0.0.1:${port}` }))).toEqual(
        complaint(/^connection-refused$/),
      );
    },
    LONG,
  );

  test(
    'when the certificate is not trusted',
    async () => {
      expect(complaintOf(await migrate({ ca: false }))).toEqual(complaint(/^tls-untrusted$/));
    },
    LONG,
  );

  test(
    'when the certificate is for another name',
    async () => {
      const result = await withResource(
        startDovecot({ users: { anna: SECRET }, certificateNames: 'DNS:mail.other.example' }),
        async ({ tlsPort, ca }) => {
          const both = join(folder, 'both.pem');
          await writeFile(both, `${destination.ca}\n${ca}`);
          return await migrate({ source: `imaps://127.0.0.1:${tlsPort}`, ca: false, more: ['--ca', both] });
        },
      );
      expect(complaintOf(result)).toEqual(complaint(/^tls-untrusted$/));
    },
    LONG,
  );

  test(
    'when the server knows no STARTTLS',
    async () => {
      const result = await withResource(startDovecot({ users: { anna: SECRET }, tls: false }), (plain) =>
        migrate({ source: `imap://127.0.0.1:${plain.port}` }),
      );
      expect(complaintOf(result)).toEqual(complaint(/^tls-unavailable$/));
    },
    LONG,
  );

  test.each([
    ['closes at once', ''],
    ['is no IMAP server', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['says goodbye', '* BYE too many connections\r\n'],
  ])(
    'when the server %s',
    async (_what, greeting) => {
      const server = createServer((socket) => void socket.on('error', () => undefined).end(greeting));
      const port = await listening(server);
      try {
        const result = await migrate({ source: `imap://127.0.0.1:${port}` });
        expect(complaintOf(result)).toEqual(
          complaint(/^(connection-closed|greeting-invalid|protocol-error|server-error|throttled)$/),
        );
      } finally {
        server.close();
      }
    },
    LONG,
  );

  test.each([
    ['a wrong password of the source', { env: { MAILHAUL_SOURCE_PASSWORD: WRONG } }],
    ['a wrong password of the destination', { env: { MAILHAUL_DESTINATION_PASSWORD: WRONG } }],
    ['a source that does not exist', { source: 'imaps://name.invalid' }],
    ['a destination that does not exist', { destination: 'imaps://name.invalid' }],
    ['certificates that are not trusted', { ca: false }],
  ] satisfies [string, Change][])(
    'and leaves nothing half-made behind: after %s the right command goes on with the same state',
    async (_what, change) => {
      expect((await migrate(change)).exitCode).toBe(2);
      const result = await migrate();
      expect({ exitCode: result.exitCode, said: describeResult(result) }).toMatchObject({ exitCode: 0 });
      expect(reportedMailbox(result)).toMatchObject({ status: 'synced' });
    },
    LONG,
  );

  test(
    'although the same command has gone well before, and goes on when the password is right again',
    async () => {
      const carl = { users: ['--source-user', 'carl', '--destination-user', 'carl@new.example'] };
      expect((await migrate(carl)).exitCode).toBe(0);
      const wrong = await migrate({ ...carl, env: { MAILHAUL_SOURCE_PASSWORD: WRONG } });
      expect(complaintOf(wrong)).toEqual(complaint(/^authentication-failed$/));
      const right = await migrate(carl);
      expect({ exitCode: right.exitCode, said: describeResult(right) }).toMatchObject({ exitCode: 0 });
      expect(reportedMailbox(right)).toMatchObject({
        status: 'synced',
        messages: { listed: 1, failed: 0 },
        thisRun: { copied: 0, adopted: 0 },
      });
    },
    LONG,
  );

  test(
    'for the one mailbox that it concerns, and copies the other',
    async () => {
      const users = join(folder, 'users.csv');
      await writeFile(
        users,
        `EmailAddress,UserName,Password,DestinationPassword\nanna@new.example,anna,${WRONG},${SECRET}\nbert@new.example,bert,${SECRET},${SECRET}\n`,
      );
      const result = await migrate({ users: ['--users', users] });
      expect({ exitCode: result.exitCode, said: describeResult(result) }).toMatchObject({ exitCode: 2 });
      const byName = Object.fromEntries(
        reportedMailboxes(result).map((mailbox) => [mailbox.destination, mailbox]),
      );
      expect(byName['anna@new.example']).toMatchObject({
        reason: { code: 'authentication-failed' },
        messages: { copied: 0 },
      });
      expect(byName['bert@new.example']).toMatchObject({
        status: 'synced',
        messages: { listed: 1, copied: 1 },
      });
    },
    LONG,
  );
});

describe('a wrong command line or users file is refused before anything is begun', () => {
  test.each([
    ['lacks a column', 'EmailAddress,UserName\nanna@new.example,anna\n', /Password/],
    ['is empty', '', /users\.csv/],
    ['has a header alone', 'EmailAddress,UserName,Password\n', /users\.csv/],
    [
      'has a row without a password',
      `EmailAddress,UserName,Password\nanna@new.example,anna,\n`,
      /row 2.*Password/s,
    ],
    ['has a row too long', `EmailAddress,UserName,Password\nanna@new.example,anna,${SECRET},x,y\n`, /row 2/],
    ['has an open quote', `EmailAddress,UserName,Password\nanna@new.example,"anna,${SECRET}\n`, /quot/i],
    [
      'names a mailbox twice',
      `EmailAddress,UserName,Password\nanna@new.example,a,${SECRET}\nANNA@NEW.example,b,${SECRET}\n`,
      /row 3/,
    ],
    [
      'names what is no e-mail address',
      `EmailAddress,UserName,Password\nanna,a,${SECRET}\n`,
      /row 2.*EmailAddress.*e-mail/s,
    ],
    ['is no text', Buffer.from([0x50, 0x4b, 3, 4, 0, 0xff, 0xfe, 0]), /users\.csv/],
  ])('a users file that %s', async (_what, content, message) => {
    const users = join(folder, 'users.csv');
    await writeFile(users, content);
    expect(usageErrorOf(await migrate({ users: ['--users', users] }))).toEqual(usageError(message));
  });

  test('a users file that is not there', async () => {
    expect(usageErrorOf(await migrate({ users: ['--users', join(folder, 'nowhere.csv')] }))).toEqual(
      usageError(/nowhere\.csv/),
    );
  });

  test.each([
    ['--source-password', [`--source-password=${SECRET}`]],
    ['--password and its value', ['--password', SECRET]],
  ])('a password on the command line as %s', async (_what, more) => {
    expect(usageErrorOf(await migrate({ more }))).toEqual(usageError(/password/i));
  });

  test('a password in the address of a server', async () => {
    const address = `imaps://anna:${encodeURIComponent('s3cr3t-word')}@127.0.0.1:${source.tlsPort}`;
    const result = await migrate({ source: address });
    expect(usageErrorOf(result)).toEqual(usageError(/password/i));
    expect(result.stderr).not.toContain('s3cr3t-word');
  });

  test.each([
    ['an address without a scheme', { source: '127.0.0.1:993' }, /imaps:\/\//],
    ['an address of another scheme', { destination: 'https://127.0.0.1' }, /imaps:\/\//],
    ['an option that does not exist', { more: ['--frobnicate'] }, /frobnicate/],
    ['no mailbox at all', { users: [] }, /--users/],
    [
      'a destination user that is no e-mail address',
      { users: ['--source-user', 'anna', '--destination-user', 'anna'] },
      /--destination-user.*e-mail/,
    ],
    ['a source user without a destination user', { users: ['--source-user', 'anna'] }, /--destination-user/],
    [
      'no password for the one mailbox',
      { env: { MAILHAUL_SOURCE_PASSWORD: undefined } },
      /MAILHAUL_SOURCE_PASSWORD/,
    ],
    ['a certificate file that is not there', { ca: false, more: ['--ca', '/nowhere/ca.pem'] }, /ca\.pem/],
  ] satisfies [string, Change, RegExp][])('%s', async (_what, change, message) => {
    expect(usageErrorOf(await migrate(change))).toEqual(usageError(message));
  });
});
