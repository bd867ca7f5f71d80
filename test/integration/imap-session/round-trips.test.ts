import { examineMailbox } from '../../../shared/imap/mailbox/examine-mailbox.ts';
import { testConnection } from '../../../shared/imap/connection-test/test-connection.ts';
import { fixedCredential } from '../../../shared/imap/session/credential-source.ts';
import type { ImapCredential, ImapEndpoint } from '../../../shared/imap/session/imap-endpoint.ts';
import { type ImapSession, openSession } from '../../../shared/imap/session/open-session.ts';
import { disposeAfterEach } from '../../support/dispose-after-each.ts';
import { type Dovecot, startDovecot } from '../../support/dovecot.ts';
import { eventually } from '../../support/eventually.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';

const held = disposeAfterEach();

const wait = { signal: new AbortController().signal, deadlineMs: 20_000 };
const ann: ImapCredential = { kind: 'password', user: 'ann', password: 'hunter22' };
const jörg: ImapCredential = { kind: 'password', user: 'jörg', password: 'wörd' };
const addressPolicy = { allowPrivate: true };

/** What is sent one after the other without waiting is in one flight, however slow this machine is. */
const DELAY_MS = 40;

const QUOTA: Readonly<Record<string, string>> = {
  mail_plugins: 'quota',
  'protocol imap/mail_plugins': 'quota imap_quota',
  'plugin/quota': 'count:User quota',
  'plugin/quota_vsizes': 'yes',
  'plugin/quota_rule': '*:storage=4M',
};

/** Has every extension that matters here, in its greeting and behind the sign-in. */
let modern: Dovecot;
/** Says only what IMAP4rev1 demands. */
let plain: Dovecot;

beforeAll(async () => {
  const users = { ann: 'hunter22', jörg: 'wörd' };
  modern = await startDovecot({ users });
  plain = await startDovecot({ users, capability: 'IMAP4rev1' });
});

afterAll(() => Promise.all([modern.stop(), plain.stop()]));

async function linkTo(server: Dovecot): Promise<{ link: TcpProxy; endpoint: ImapEndpoint }> {
  const link = await held(startTcpProxy({ port: server.port }, { delayUpMs: DELAY_MS }));
  return { link, endpoint: { host: '127.0.0.1', port: link.port, security: 'insecure' } };
}

function open(endpoint: ImapEndpoint, credential: ImapCredential): Promise<ImapSession> {
  return openSession(endpoint, credential, { side: 'source', wait, addressPolicy });
}

async function flightsOfFirstLook(server: Dovecot, credential = ann): Promise<number[]> {
  const { link, endpoint } = await linkTo(server);
  const session = await open(endpoint, credential);
  const signedIn = link.flights();
  const { folders } = await session.listFolders(wait);
  expect(folders.map(({ path }) => path)).toEqual(['INBOX']);
  const listed = link.flights() - signedIn;
  session.close();
  return [signedIn, listed];
}

describe('round trips behind the greeting', () => {
  test('one until signed in, two until everything is listed', async () => {
    expect(await flightsOfFirstLook(modern)).toEqual([1, 2]);
  });

  test('the same without any extension', async () => {
    expect(await flightsOfFirstLook(plain)).toEqual([1, 2]);
  });

  test('one more where the password cannot go by LOGIN', async () => {
    expect(await flightsOfFirstLook(modern, jörg)).toEqual([2, 2]);
  });

  test('one until a lane has its folder open: who we are goes along', async () => {
    const { link, endpoint } = await linkTo(modern);
    const session = await open(endpoint, ann);
    const signedIn = link.flights();
    const connection = session.takeOver(wait);
    expect(connection.capabilities.has('ID')).toBe(true);
    await examineMailbox(connection, 'INBOX', wait);
    expect(link.flights() - signedIn).toBe(1);
    await connection.logout(wait);
  });

  test('the test of a connection takes three, and a goodbye that nobody waits for', async () => {
    for (const server of [modern, plain]) {
      const { link, endpoint } = await linkTo(server);
      const verdict = await testConnection(endpoint, fixedCredential(ann), { side: 'source', addressPolicy });
      expect(verdict).toMatchObject({ ok: true, folderCount: 1 });
      expect(await eventually('the goodbye has been said', () => link.flights() > 3)).toBe(true);
      expect(link.flights()).toBe(4);
    }
  });

  test('two more at a destination, where a folder is made and removed and the quota is asked for', async () => {
    const withQuota = await held(startDovecot({ users: { ann: 'hunter22' }, settings: QUOTA }));
    for (const server of [modern, plain, withQuota]) {
      const { link, endpoint } = await linkTo(server);
      const verdict = await testConnection(endpoint, fixedCredential(ann), {
        side: 'destination',
        addressPolicy,
      });
      expect(verdict).toMatchObject({ ok: true, folderCount: 1 });
      expect(verdict.quota !== undefined).toBe(server === withQuota);
      expect(await eventually('the goodbye has been said', () => link.flights() > 5)).toBe(true);
      expect(link.flights()).toBe(6);
    }
  });
});
