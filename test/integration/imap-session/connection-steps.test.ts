import type { ConnectionVerdict } from '../../../shared/imap/connection-test/connection-verdict.ts';
import {
  type ConnectionTestOptions,
  testConnection,
} from '../../../shared/imap/connection-test/test-connection.ts';
import { type CredentialSource, fixedCredential } from '../../../shared/imap/session/credential-source.ts';
import type { ImapCredential, ImapEndpoint } from '../../../shared/imap/session/imap-endpoint.ts';
import { openImapConnection } from '../../support/open-imap-connection.ts';
import { disposeAfterEach } from '../../support/dispose-after-each.ts';
import { type Dovecot, type DovecotOptions, startDovecot } from '../../support/dovecot.ts';
import { faultyCertificate } from '../../support/faulty-certificate.ts';
import { freePorts } from '../../support/free-ports.ts';
import { scriptedServer } from '../../support/scripted-server.ts';
import { testCertificate } from '../../support/test-certificate.ts';

const held = disposeAfterEach();

const ann: ImapCredential = { kind: 'password', user: 'ann', password: 'hunter22' };
const users = { ann: 'hunter22' };

/** Whoever may do something in INBOX may do it in every folder of theirs, and at the top. */
const BY_INBOX: Readonly<Record<string, string>> = {
  mail_plugins: 'acl',
  'protocol imap/mail_plugins': 'acl imap_acl',
  'plugin/acl': 'vfile',
  'plugin/acl_defaults_from_inbox': 'yes',
};

const READER = ['lookup', 'read', 'write', 'write-seen', 'write-deleted', 'insert', 'post', 'expunge'];
const MAKER = [...READER, 'create'];

function start(options: DovecotOptions = {}): Promise<Dovecot> {
  return held(startDovecot({ users, ...options }));
}

function verdictFor(
  endpoint: ImapEndpoint,
  side: 'source' | 'destination',
  options: Partial<ConnectionTestOptions> = {},
  credential = ann,
): Promise<ConnectionVerdict> {
  return testConnection(endpoint, fixedCredential(credential), {
    side,
    addressPolicy: { allowPrivate: true },
    uniqueId: () => '4711',
    ...options,
  });
}

const plainly = ({ host, port }: Dovecot): ImapEndpoint => ({ host, port, security: 'insecure' });
const byTls = ({ tlsPort, ca }: Dovecot): ImapEndpoint => ({
  host: 'localhost',
  port: tlsPort,
  security: 'tls',
  ca,
});
const foldersOf = async (server: Dovecot): Promise<string[]> =>
  (await server.doveadm('mailbox', 'list', '-u', 'ann')).split('\n').filter((name) => name !== '');

describe('the test of a source', () => {
  test('tells what it found, and each step as it ends', async () => {
    const server = await start();
    const seen: string[] = [];
    const verdict = await verdictFor(byTls(server), 'source', { onStep: ({ step }) => seen.push(step) });
    expect(verdict).toMatchObject({
      ok: true,
      folderCount: 1,
      namespace: { prefix: '', delimiter: '/' },
      traits: [
        { trait: 'changes-by-number', present: true },
        { trait: 'counters-with-list', present: true },
        { trait: 'folder-roles', present: true },
      ],
      certificate: { names: expect.arrayContaining(['localhost']), issuer: expect.stringContaining('CN=') },
    });
    expect(new Date(verdict.certificate?.validUntil ?? '').getTime()).toBeGreaterThan(Date.now());
    expect(seen).toEqual(verdict.steps.map(({ step }) => step));
    expect(await foldersOf(server)).toEqual(['INBOX']);
  });

  test('stops at a port that is closed', async () => {
    const [port = 1] = await freePorts(1);
    const verdict = await verdictFor({ host: '127.0.0.1', port, security: 'tls' }, 'source');
    expect(verdict).toMatchObject({ ok: false, failed: { step: 'tcp', reason: 'connection-refused' } });
    expect(verdict.steps.map(({ state }) => state)).toEqual([
      'ok',
      'failed',
      ...Array.from({ length: 7 }, () => 'not-reached'),
    ]);
  });

  test('shows a certificate that is for another name', async () => {
    const server = await start({ certificateNames: 'DNS:mail.other.test' });
    const verdict = await verdictFor(byTls(server), 'source');
    expect(verdict).toMatchObject({
      failed: { step: 'tls', reason: 'tls-untrusted' },
      certificate: { names: ['mail.other.test'], problem: 'hostname-mismatch' },
    });
  });

  test('shows a certificate whose authority nobody trusts, also after STARTTLS', async () => {
    const server = await start();
    const { ca: _ca, ...endpoint } = byTls(server);
    for (const [security, port] of [
      ['tls', server.tlsPort],
      ['starttls', server.port],
    ] as const) {
      const verdict = await verdictFor({ ...endpoint, port, security }, 'source');
      expect(verdict).toMatchObject({
        failed: { step: 'tls', reason: 'tls-untrusted' },
        certificate: { names: expect.arrayContaining(['localhost']), problem: 'untrusted-issuer' },
      });
    }
  });

  test('shows a certificate that is signed by itself', async () => {
    const peer = await held(
      scriptedServer((client) => client.send('* OK IMAP4rev1 ready'), {
        tls: await faultyCertificate('self-signed'),
      }),
    );
    const verdict = await verdictFor({ host: 'localhost', port: peer.port, security: 'tls' }, 'source');
    expect(verdict).toMatchObject({
      failed: { step: 'tls', reason: 'tls-untrusted' },
      certificate: { problem: 'self-signed' },
    });
    expect(peer.heard).toEqual([]);
  });

  test('stops at a server that knows no encryption', async () => {
    const server = await start({ tls: false });
    const verdict = await verdictFor({ ...plainly(server), security: 'starttls' }, 'source');
    expect(verdict).toMatchObject({ failed: { step: 'tls', reason: 'tls-unavailable' } });
    expect(verdict).not.toHaveProperty('certificate');
  });

  test('stops at a greeting that is not of IMAP', async () => {
    const peer = await held(scriptedServer((client) => client.send('220 mail.example ESMTP')));
    const verdict = await verdictFor({ host: '127.0.0.1', port: peer.port, security: 'insecure' }, 'source');
    expect(verdict).toMatchObject({ failed: { step: 'greeting', reason: 'greeting-invalid' } });
  });

  test('says what to do about a refused sign-in at this provider', async () => {
    const peer = await held(
      scriptedServer(
        async (client) => {
          client.send('* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] Gimap ready');
          client.send(`${await client.command('LOGIN')} NO [ALERT] Application-specific password required`);
        },
        { tls: await testCertificate() },
      ),
    );
    const { ca } = await testCertificate();
    const endpoint = { host: 'localhost', port: peer.port, security: 'tls', ca, provider: 'gmail' } as const;
    expect(await verdictFor(endpoint, 'source')).toMatchObject({
      failed: {
        step: 'login',
        reason: 'authentication-failed',
        refusal: 'google-app-password-needed',
        serverText: 'Application-specific password required',
      },
    });
  });

  test('stops at folders that are not told', async () => {
    const peer = await held(
      scriptedServer(async (client) => {
        client.send('* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready');
        client.send(`${await client.command('LOGIN')} OK [CAPABILITY IMAP4rev1] done`);
        for (;;) {
          const [tag = '', verb = ''] = (await client.line()).split(' ');
          client.send(`${tag} NO [SERVERBUG] ${verb} is broken today`);
        }
      }),
    );
    const verdict = await verdictFor({ host: '127.0.0.1', port: peer.port, security: 'insecure' }, 'source');
    expect(verdict).toMatchObject({ failed: { step: 'folders', reason: 'server-error' } });
  });
});

describe('the test of a destination', () => {
  test('makes a folder and removes it again', async () => {
    const server = await start();
    const verdict = await verdictFor(byTls(server), 'destination');
    expect(verdict).toMatchObject({
      ok: true,
      traits: [
        { trait: 'folder-roles', present: true },
        { trait: 'messages-in-batches', present: true },
        { trait: 'literals-unasked', present: true },
        { trait: 'uids-told', present: true },
      ],
    });
    expect(verdict.steps.at(-1)).toMatchObject({ step: 'create', state: 'ok' });
    expect(verdict).not.toHaveProperty('leftFolder');
    expect(await foldersOf(server)).toEqual(['INBOX']);
  });

  test('tells what a server without extensions cannot do', async () => {
    const verdict = await verdictFor(plainly(await start({ capability: 'IMAP4rev1' })), 'destination');
    expect(verdict).toMatchObject({ ok: true });
    expect(verdict.traits?.map(({ present }) => present)).toEqual([false, false, false, false]);
  });

  test('never takes a folder of the user for its own', async () => {
    const server = await start();
    await server.doveadm('mailbox', 'create', '-u', 'ann', 'Mailhaul connection test 4711');
    const verdict = await verdictFor(plainly(server), 'destination');
    expect(verdict).toMatchObject({ ok: false, failed: { step: 'create', reason: 'folder-refused' } });
    expect(await foldersOf(server)).toContain('Mailhaul connection test 4711');
  });

  test('leaves a folder that got mail meanwhile, and names it', async () => {
    const peer = await held(
      scriptedServer(async (client) => {
        client.send('* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready');
        client.send(`${await client.command('LOGIN')} OK [CAPABILITY IMAP4rev1] done`);
        for (;;) {
          const [tag = '', verb = '', ...rest] = (await client.line()).split(' ');
          if (verb === 'LIST') client.send(rest[1] === '""' ? '* LIST () "/" ""' : '* LIST () "/" INBOX');
          if (verb === 'STATUS') {
            client.send('* STATUS "Mailhaul connection test 4711" (MESSAGES 1 UIDNEXT 2 UIDVALIDITY 1)');
          }
          client.send(`${tag} OK done`);
        }
      }),
    );
    const verdict = await verdictFor(
      { host: '127.0.0.1', port: peer.port, security: 'insecure' },
      'destination',
    );
    expect(verdict).toMatchObject({ ok: true, leftFolder: 'Mailhaul connection test 4711' });
    expect(verdict.steps.at(-1)?.detail).toContain('Mailhaul connection test 4711');
    expect(peer.heard.some((line) => line.includes('DELETE'))).toBe(false);
  });

  test('names the folder that it may not remove', async () => {
    const server = await start({ settings: BY_INBOX });
    await allow(server, MAKER);
    const verdict = await verdictFor(plainly(server), 'destination');
    expect(verdict).toMatchObject({ ok: true, leftFolder: 'Mailhaul connection test 4711' });
    expect(verdict.steps.at(-1)?.detail).toContain('Remove it by hand');
  });

  test('stops where folders may not be created', async () => {
    const server = await start({ settings: BY_INBOX });
    await allow(server, READER);
    const verdict = await verdictFor(plainly(server), 'destination');
    expect(verdict).toMatchObject({
      ok: false,
      failed: { step: 'create', reason: 'permission-denied', serverText: expect.any(String) },
    });
    expect(await foldersOf(server)).toEqual(['INBOX']);
  });

  test.each([
    ['with', MAKER, { ok: true }],
    ['without', READER, { ok: false, failed: { step: 'create', reason: 'permission-denied' } }],
  ])(
    'asks for its rights where folders lie below INBOX: %s that of creating',
    async (_, rights, expected) => {
      const settings = { ...BY_INBOX, 'namespace inbox/prefix': 'INBOX.' };
      const server = await start({ settings, mailLocation: 'maildir' });
      await allow(server, rights);
      const verdict = await verdictFor(plainly(server), 'destination');
      expect(verdict).toMatchObject({ ...expected, namespace: { prefix: 'INBOX.', delimiter: '.' } });
      expect(await foldersOf(server)).toEqual(['INBOX']);
    },
  );

  test('stops at a mailbox that is full, before its first message is refused', async () => {
    const server = await start({
      settings: {
        mail_plugins: 'quota',
        'protocol imap/mail_plugins': 'quota imap_quota',
        'plugin/quota': 'count:User quota',
        'plugin/quota_vsizes': 'yes',
        'plugin/quota_rule': '*:storage=4K',
      },
    });
    expect(await verdictFor(plainly(server), 'destination')).toMatchObject({
      ok: true,
      quota: { usedBytes: 0, limitBytes: 4096 },
    });
    const c = await openImapConnection(server.access('ann'));
    const message = Buffer.from(`Subject: full\r\n\r\n${'x'.repeat(70)}\r\n`.padEnd(2_040, 'y'));
    const wait = { signal: new AbortController().signal, deadlineMs: 20_000 };
    for (let count = 0; count < 2; count += 1) await c.run(['APPEND INBOX ', message], wait);
    c.destroy();
    const verdict = await verdictFor(plainly(server), 'destination');
    expect(verdict).toMatchObject({ ok: false, failed: { step: 'quota', reason: 'over-quota' } });
    expect(verdict.steps.at(-1)).toMatchObject({ step: 'create', state: 'not-reached' });
    expect(await foldersOf(server)).toEqual(['INBOX']);
    // A full source is no obstacle.
    expect(await verdictFor(plainly(server), 'source')).toMatchObject({ ok: true });
  });
});

async function allow(server: Dovecot, rights: readonly string[]): Promise<void> {
  await server.doveadm('acl', 'set', '-u', 'ann', 'INBOX', 'owner', ...rights);
}

describe('the test of an account that signs in by a token', () => {
  const token = (accessToken: string): ImapCredential => ({ kind: 'oauth', user: 'ann', accessToken });
  const tryAs = (source: Partial<CredentialSource>, port: number, totalMs = 9_000) =>
    testConnection(
      { host: '127.0.0.1', port, security: 'insecure' },
      { asksFirst: true, get: async () => token('first-1'), renew: async () => undefined, ...source },
      { side: 'source', addressPolicy: { allowPrivate: true }, totalMs },
    );

  test('tells each step once, also where the sign-in needs a newer token', async () => {
    let signIns = 0;
    const server = await held(
      scriptedServer(async (client) => {
        client.send('* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2] ready');
        await client.line().then((line) => client.send(`${line.split(' ')[0]} NO [AUTHENTICATIONFAILED] no`));
        signIns += 1;
      }),
    );
    const verdict = await tryAs({ renew: async () => token('second-2') }, server.port);
    expect(signIns).toBe(2);
    expect(verdict).toMatchObject({ ok: false, failed: { step: 'login', reason: 'token-refused' } });
    expect(verdict.steps.map(({ step, state }) => `${step} ${state}`)).toEqual([
      'token ok',
      'name ok',
      'tcp ok',
      'greeting ok',
      'login failed',
      ...['capabilities', 'namespace', 'folders', 'quota'].map((step) => `${step} not-reached`),
    ]);
  });

  test('names the token where the time is up before there is one', async () => {
    const get: CredentialSource['get'] = ({ signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    expect(await tryAs({ get }, 1, 100)).toMatchObject({
      ok: false,
      failed: { step: 'token', reason: 'token-unavailable' },
    });
  });
});
