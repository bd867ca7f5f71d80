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
    startDovecot({ users: { anna: SECRET, bert: SECRET } }),
    startDovecot({ users: { 'anna@new.example': SECRET, 'bert@new.example': SECRET } }),
  ]);
  await ImapProbe.use(source.access('bert'), (probe) =>
    probe.append(['INBOX'], { bytes: 'Subject: hello\r\n\r\nhello\r\n' }),
  );
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

  test(
    'and goes on with the right password and the same state',
    async () => {
      expect((await migrate({ env: { MAILHAUL_SOURCE_PASSWORD: WRONG } })).exitCode).toBe(2);
      const result = await migrate();
      expect({ exitCode: result.exitCode, said: describeResult(result) }).toMatchObject({ exitCode: 0 });
      expect(reportedMailbox(result)).toMatchObject({ status: 'synced' });
    },
    LONG,
  );

  test(
    'for the one mailbox that it concerns, and copies the other',
    async () => {
      const users = join(folder, 'users.csv');
      await writeFile(
        users,
        `EmailAddress,UserName,Password,DestinationPassword\nanna,anna,${WRONG},${SECRET}\nbert,bert,${SECRET},${SECRET}\n`,
      );
      const result = await migrate({ users: ['--users', users] });
      expect({ exitCode: result.exitCode, said: describeResult(result) }).toMatchObject({ exitCode: 2 });
      const byName = Object.fromEntries(
        reportedMailboxes(result).map((mailbox) => [mailbox.destination, mailbox]),
      );
      expect(byName.anna).toMatchObject({
        reason: { code: 'authentication-failed' },
        messages: { copied: 0 },
      });
      expect(byName.bert).toMatchObject({ status: 'synced', messages: { listed: 1, copied: 1 } });
    },
    LONG,
  );
});

describe('a wrong command line or users file is refused before anything is begun', () => {
  test.each([
    ['lacks a column', 'EmailAddress,UserName\nanna,anna\n', /Password/],
    ['is empty', '', /users\.csv/],
    ['has a header alone', 'EmailAddress,UserName,Password\n', /users\.csv/],
    ['has a row without a password', `EmailAddress,UserName,Password\nanna,anna,\n`, /row 2.*Password/s],
    ['has a row too long', `EmailAddress,UserName,Password\nanna,anna,${SECRET},x,y\n`, /row 2/],
    ['has an open quote', `EmailAddress,UserName,Password\nanna,"anna,${SECRET}\n`, /quot/i],
    [
      'names a mailbox twice',
      `EmailAddress,UserName,Password\nanna,a,${SECRET}\nANNA,b,${SECRET}\n`,
      /row 3/,
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
