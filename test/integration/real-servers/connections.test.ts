import { testConnection } from '../../../shared/imap/connection-test/test-connection.ts';
import { fixedCredential } from '../../../shared/imap/session/credential-source.ts';
import type { SignInRecord } from '../../../shared/state/sign-in-record.ts';
import { startCourier } from '../../support/courier.ts';
import { startCyrus } from '../../support/cyrus.ts';
import { appendMessage, fillMailbox } from '../../support/fill-mailbox.ts';
import { ImapTestClient, mailboxArgument } from '../../support/imap-test-client.ts';
import { mailCorpus, withoutKinds } from '../../support/mail-corpus.ts';
import type { MailServer } from '../../support/mail-server.ts';
import { openSyncBench } from '../../support/sync-bench.ts';
import { withResource } from '../../support/with-resource.ts';

const ANN = { kind: 'password', user: 'ann', password: 'hunter22' } as const;

describe.each([
  {
    name: 'Courier',
    start: startCourier,
    namespace: { prefix: 'INBOX.', delimiter: '.' },
    has: ['UIDPLUS', 'QUOTA'],
    hasNot: ['LITERAL+', 'MULTIAPPEND', 'CONDSTORE', 'SPECIAL-USE', 'ESEARCH'],
  },
  {
    name: 'Cyrus',
    start: startCyrus,
    namespace: { prefix: '', delimiter: '/' },
    has: ['UIDPLUS', 'QUOTA', 'LITERAL+', 'MULTIAPPEND', 'CONDSTORE', 'SPECIAL-USE', 'ESEARCH'],
    hasNot: [],
  },
])('$name', ({ start, namespace, has, hasNot }) => {
  let server: MailServer;
  beforeAll(async () => {
    server = await start({ users: { ann: ANN.password } });
  });
  afterAll(() => server.stop());

  const verdictFor = (
    security: 'tls' | 'starttls' | 'insecure',
    side: 'source' | 'destination',
    password: string = ANN.password,
  ) =>
    testConnection(
      {
        host: 'localhost',
        port: security === 'tls' ? server.tlsPort : server.port,
        security,
        ...(security !== 'insecure' && { ca: server.ca }),
      },
      fixedCredential({ ...ANN, password }),
      { side, addressPolicy: { allowPrivate: true } },
    );

  test.each([
    ['tls', 'source'],
    ['starttls', 'source'],
    ['insecure', 'source'],
    ['tls', 'destination'],
    ['starttls', 'destination'],
  ] as const)('passes every step of the connection test by %s as %s', async (security, side) => {
    const verdict = await verdictFor(security, side);
    expect(verdict).toMatchObject({ ok: true, namespace });
    expect(
      verdict.steps
        .filter(({ state }) => state !== 'ok')
        .map(({ step, state, detail }) => [step, state, detail]),
    ).toEqual([]);
    expect(verdict.capabilities).toEqual(expect.arrayContaining(has));
    for (const capability of hasNot) expect(verdict.capabilities).not.toContain(capability);
  });

  test('refuses a wrong password, and that is what is told', async () => {
    expect(await verdictFor('tls', 'source', 'wrong')).toMatchObject({
      ok: false,
      failed: { step: 'login', reason: 'authentication-failed' },
    });
  });
});

test('the administrator of Cyrus opens the mailboxes of users, at both ends', async () => {
  const bench = await openSyncBench({
    source: () => startCyrus({ users: { cyrus: 'chief' } }),
    destination: () => startCyrus({ users: { cyrus: 'chief' }, names: 'netnews' }),
  });
  try {
    const signIn: SignInRecord = {
      kind: 'administrator',
      user: 'cyrus',
      form: 'plain-authzid',
      secret: true,
    };
    const service = { kind: 'password', password: 'chief' } as const;
    const mailbox = await bench.mailbox({
      sourceSignIn: { signIn, service },
      destinationSignIn: { signIn, service },
    });
    await fillMailbox(mailbox.access.source, TAME);
    await mailbox.destination((probe) => probe.folders()); // the first sign-in makes the inbox
    expect(await mailbox.start()).toMatchObject({ status: 'synced', totals: { failed: 0, skipped: 0 } });
    await mailbox.expectEqual();
    await mailbox.expectBooks();
  } finally {
    await bench.stop();
  }
});

test('of one tree at Courier that holds the folders of all users, the user root is one inbox', async () => {
  const bench = await openSyncBench({ source: () => startCourier(), destination: () => startCourier() });
  try {
    const mailbox = await bench.mailbox({ userRoot: 'INBOX.ann' });
    await withResource(ImapTestClient.connect(mailbox.access.source), async (client) => {
      for (const path of ['ann', 'ann.Letters', 'ann.Letters.2026', 'anna', 'ben']) {
        await client.execute([`CREATE ${mailboxArgument(`INBOX.${path}`)}`]);
        const bytes = () => Buffer.from(`Subject: ${path}\r\n\r\nx\r\n`);
        await appendMessage(client, `INBOX.${path}`, {
          flags: [],
          internalDate: '15-May-2024 12:00:00 +0200',
          bytes,
        });
      }
    });
    expect(await mailbox.start()).toMatchObject({ status: 'synced', totals: { copied: 3, folders: 3 } });
    expect([...(await mailbox.readDestination()).keys()].toSorted()).toEqual([
      'INBOX',
      'Letters',
      'Letters/2026',
    ]);
  } finally {
    await bench.stop();
  }
});

/** What every server keeps as it is. */
const TAME = withoutKinds(
  mailCorpus({ messages: 40, largeMessageBytes: 0, folders: [['INBOX'], ['Entwürfe & Notizen', 'Łódź']] }),
  'bare line feeds',
  'binary',
  'header without its end',
  'malformed header',
  'UTF-8 in the header',
  'Latin-1 in the header',
);
