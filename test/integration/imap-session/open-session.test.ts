import { inspect } from 'node:util';
import { createMailbox } from '../../../shared/imap/mailbox/create-mailbox.ts';
import { statusOfMailbox } from '../../../shared/imap/mailbox/status-of-mailbox.ts';
import type { ImapCredential, ImapEndpoint } from '../../../shared/imap/session/imap-endpoint.ts';
import { type ImapSession, openSession } from '../../../shared/imap/session/open-session.ts';
import { type Dovecot, startDovecot } from '../../support/dovecot.ts';
import { eventually } from '../../support/eventually.ts';
import { disposeAfterEach } from '../../support/dispose-after-each.ts';

const held = disposeAfterEach();

const PASSWORD = 'pass "wörd" \\ with blanks';
const wait = { signal: new AbortController().signal, deadlineMs: 20_000 };
const ann: ImapCredential = { kind: 'password', user: 'ann', password: PASSWORD };

let dovecot: Dovecot;

beforeAll(async () => {
  dovecot = await startDovecot({
    users: { ann: PASSWORD, bob: 'builder' },
    masterUser: { user: 'admin', password: 'master-secret' },
  });
});

afterAll(() => dovecot.stop());

function endpoints(): Array<[string, ImapEndpoint]> {
  const { port, tlsPort, ca } = dovecot;
  return [
    ['in plain text', { host: '127.0.0.1', port, security: 'insecure' }],
    ['with STARTTLS', { host: 'localhost', port, security: 'starttls', ca }],
    ['with TLS', { host: 'localhost', port: tlsPort, security: 'tls', ca }],
    ['with TLS to an address', { host: '127.0.0.1', port: tlsPort, security: 'tls', ca }],
  ];
}

const WAYS = ['in plain text', 'with STARTTLS', 'with TLS', 'with TLS to an address'];

function endpointFor(way: string): ImapEndpoint {
  const endpoint = endpoints().find(([name]) => name === way)?.[1];
  if (!endpoint) throw new Error(`No endpoint ${way}.`);
  return endpoint;
}

function open(way = 'in plain text', credential: ImapCredential = ann): Promise<ImapSession> {
  return openSession(endpointFor(way), credential, {
    side: 'destination',
    wait,
    addressPolicy: { allowPrivate: true },
  });
}

/** Signs in for nothing but to create mailboxes. */
async function create(paths: readonly string[], endpoint: ImapEndpoint, credential = ann): Promise<void> {
  const session = await openSession(endpoint, credential, {
    side: 'destination',
    wait,
    addressPolicy: { allowPrivate: true },
  });
  const connection = session.takeOver(wait);
  for (const path of paths) await createMailbox(connection, path, wait);
  await connection.logout(wait);
}

describe('a session with Dovecot', () => {
  test.each(WAYS)('%s: signs in, lists, and hands the connection over', async (way) => {
    const session = await open(way);
    expect([...session.capabilities]).toEqual(expect.arrayContaining(['IMAP4REV1', 'UIDPLUS', 'LITERAL+']));
    expect(await session.listFolders(wait)).toEqual({
      folders: [expect.objectContaining({ path: 'INBOX', selectable: true, namespace: 'personal' })],
      namespace: { prefix: '', delimiter: '/' },
    });
    const connection = session.takeOver(wait);
    await connection.run('NOOP', wait);
    expect(await statusOfMailbox(connection, 'INBOX', wait)).toMatchObject({ messages: 0, uidNext: 1 });
    await connection.logout(wait);
    expect(connection.closed).toBe(true);
  });

  test('capabilities are those after the sign-in', async () => {
    const session = await open();
    expect(session.capabilities.has('LIST-STATUS')).toBe(true);
    expect(session.capabilities.has('AUTH=PLAIN')).toBe(false);
    session.close();
  });

  test('a wrong password is a matter of the password, of this side, and stays secret', async () => {
    const wrong = 'wrong-password-7781';
    const error: unknown = await open('with TLS', { ...ann, password: wrong }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({
      name: 'AuthenticationError',
      reason: 'authentication-failed',
      side: 'destination',
    });
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(wrong);
  });

  test('a printed session shows no password', async () => {
    const session = await open();
    expect(inspect(session, { depth: 20, showHidden: true })).not.toContain('blanks');
    expect(JSON.stringify(session)).not.toContain('blanks');
    session.close();
  });

  test.each([
    ['plain words', 'correct horse'],
    ['quotes, backslashes and blanks', ' "a\\" \\b\\ '],
    ['every printable character', String.fromCharCode(...Array.from({ length: 95 }, (_, at) => 0x20 + at))],
    ['other letters', 'pässwörd 密码'],
  ])('a password of %s signs in', async (_, password) => {
    await dovecot.addUser('quoted', password);
    const session = await open('in plain text', { kind: 'password', user: 'quoted', password });
    expect((await session.listFolders(wait)).folders).toHaveLength(1);
    session.close();
  });

  test('an administrator opens the mailbox of another user', async () => {
    const bob: ImapCredential = { kind: 'password', user: 'bob', password: 'builder' };
    await create(["Bob's own"], endpointFor('in plain text'), bob);
    const acting = await open('with TLS', {
      kind: 'password',
      user: 'admin',
      password: 'master-secret',
      authorizeAs: 'bob',
    });
    expect((await acting.listFolders(wait)).folders.map(({ path }) => path)).toContain("Bob's own");
    acting.close();
    const masterUser = await open('in plain text', {
      kind: 'password',
      user: 'bob*admin',
      password: 'master-secret',
    });
    expect((await masterUser.listFolders(wait)).folders.map(({ path }) => path)).toContain("Bob's own");
    masterUser.close();
  });

  test('a certificate that nobody vouches for ends the connection before the password is sent', async () => {
    const { ca: _, ...endpoint } = endpointFor('with STARTTLS');
    const opening = openSession(endpoint, ann, {
      side: 'source',
      wait,
      addressPolicy: { allowPrivate: true },
    });
    await expect(opening).rejects.toMatchObject({
      name: 'TlsError',
      problem: 'untrusted-issuer',
      side: 'source',
    });
  });

  test('plain text on the TLS port is recognised', async () => {
    const endpoint: ImapEndpoint = { ...endpointFor('with TLS'), security: 'insecure' };
    const opening = openSession(endpoint, ann, {
      side: 'source',
      wait,
      connectTimeoutMs: 500,
      addressPolicy: { allowPrivate: true },
    });
    await expect(opening).rejects.toMatchObject({ name: 'TlsError', problem: 'plain-on-tls-port' });
  });

  test('TLS on the plain port is recognised', async () => {
    const endpoint: ImapEndpoint = { ...endpointFor('in plain text'), security: 'tls' };
    const opening = openSession(endpoint, ann, {
      side: 'source',
      wait,
      addressPolicy: { allowPrivate: true },
    });
    await expect(opening).rejects.toMatchObject({ name: 'TlsError', problem: 'tls-on-plain-port' });
  });
});

describe('folders', () => {
  test('with any name are listed with their use and their counters', async () => {
    const names = ['Wysłane & odebrane', 'Đã gửi', 'a "quoted" \\ name', 'Sent', 'deep/er/still', '仕事 📎'];
    await dovecot.addUser('carol', 'c');
    const carol: ImapCredential = { kind: 'password', user: 'carol', password: 'c' };
    await create(names, endpointFor('in plain text'), carol);
    const session = await open('with TLS', carol);
    const { folders } = await session.listFolders(wait);
    const byPath = new Map(folders.map((folder) => [folder.path, folder]));
    for (const name of names) expect(byPath.get(name)).toMatchObject({ selectable: true });
    expect(byPath.get('Sent')?.specialUse).toBe('\\Sent');
    expect(folders.filter(({ listedName }) => listedName !== undefined)).toEqual([]);
    expect(byPath.get('INBOX')?.status).toMatchObject({ messages: 0, uidNext: 1 });
    const connection = session.takeOver(wait);
    for (const name of names) {
      const { highestModseq: _, ...counters } = byPath.get(name)?.status ?? {};
      expect(await statusOfMailbox(connection, name, wait)).toMatchObject(counters);
    }
    await connection.logout(wait);
  });

  test('below a prefix are listed with it', async () => {
    const courierLike = await held(
      startDovecot({
        users: { ann: PASSWORD },
        mailLocation: 'maildir',
        settings: { 'namespace inbox/prefix': 'INBOX.', 'namespace inbox/separator': '.' },
      }),
    );
    const endpoint: ImapEndpoint = { host: '127.0.0.1', port: courierLike.port, security: 'insecure' };
    await create(['INBOX.Projekte'], endpoint);
    const session = await openSession(endpoint, ann, {
      side: 'destination',
      wait,
      addressPolicy: { allowPrivate: true },
    });
    const { folders, namespace } = await session.listFolders(wait);
    expect(namespace).toEqual({ prefix: 'INBOX.', delimiter: '.' });
    expect(folders.map(({ path }) => path)).toEqual(['INBOX', 'INBOX.Projekte']);
    session.close();
  });

  test('come from servers that know no extension at all', async () => {
    const plain = await held(startDovecot({ users: { ann: PASSWORD }, capability: 'IMAP4rev1' }));
    const endpoint: ImapEndpoint = { host: '127.0.0.1', port: plain.port, security: 'insecure' };
    await create(['Work'], endpoint);
    const session = await openSession(endpoint, ann, {
      side: 'source',
      wait,
      addressPolicy: { allowPrivate: true },
    });
    const { folders, namespace } = await session.listFolders(wait);
    expect(folders.map(({ path }) => path)).toEqual(expect.arrayContaining(['INBOX', 'Work']));
    expect(folders.every(({ status }) => status === undefined)).toBe(true);
    expect(namespace.delimiter).toBe('/');
    session.close();
  });
});

function activeResources(): number {
  return process.getActiveResourcesInfo().filter((name) => name !== 'PipeWrap').length;
}

describe('the end of a session', () => {
  test('after a handover its own methods are over, and closing it does not close the connection', async () => {
    const session = await open();
    const connection = session.takeOver(wait);
    session.close();
    await expect(session.listFolders(wait)).rejects.toThrow('taken over');
    expect(() => session.takeOver(wait)).toThrow('taken over');
    await connection.run('NOOP', wait);
    await connection.logout(wait);
  });

  test('is not in the middle of a command', async () => {
    const session = await open();
    const listing = session.listFolders(wait);
    expect(() => session.takeOver(wait)).toThrow('while a command is running');
    await listing;
    const connection = session.takeOver(wait);
    await connection.run('NOOP', wait);
    connection.destroy();
  });

  test('by the server is told by the next command, and leaves nothing to take over', async () => {
    await dovecot.addUser('dave', 'd');
    const session = await open('in plain text', { kind: 'password', user: 'dave', password: 'd' });
    await dovecot.kick('dave');
    await expect(session.listFolders(wait)).rejects.toMatchObject({
      reason: 'connection-closed',
      side: 'destination',
    });
    expect(() => session.takeOver(wait)).toThrow(expect.objectContaining({ name: 'ConnectionClosedError' }));
  });

  test('the signal ends a command and with it the connection', async () => {
    const session = await open();
    const controller = new AbortController();
    const reason = new Error('told to stop');
    const listing = session.listFolders({ signal: controller.signal, deadlineMs: 10_000 });
    controller.abort(reason);
    await expect(listing).rejects.toBe(reason);
    expect(() => session.takeOver(wait)).toThrow(expect.objectContaining({ name: 'ConnectionClosedError' }));
  });

  test('leaves nothing behind that keeps the process alive', async () => {
    const before = activeResources();
    const session = await open('with TLS');
    const connection = session.takeOver(wait);
    await connection.logout(wait);
    const settled = await eventually('all sockets and timers are gone', () => {
      // The timer of `eventually` itself is one more.
      return activeResources() <= before + 1;
    });
    expect(settled).toBe(true);
  });
});
