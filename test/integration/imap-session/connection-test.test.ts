import type { ConnectionVerdict } from '../../../shared/imap/connection-test/connection-verdict.ts';
import { testConnection } from '../../../shared/imap/connection-test/test-connection.ts';
import { fixedCredential } from '../../../shared/imap/session/credential-source.ts';
import type { ImapCredential, ImapEndpoint } from '../../../shared/imap/session/imap-endpoint.ts';
import { type Dovecot, startDovecot } from '../../support/dovecot.ts';
import { scriptedServer } from '../../support/scripted-server.ts';
import { disposeAfterEach } from '../../support/dispose-after-each.ts';

const held = disposeAfterEach();

const ann: ImapCredential = { kind: 'password', user: 'ann', password: 'hunter22' };

let dovecot: Dovecot;

beforeAll(async () => {
  dovecot = await startDovecot({ users: { ann: 'hunter22' } });
});

afterAll(() => dovecot.stop());

function verdictFor(
  endpoint: ImapEndpoint,
  credential = ann,
  options: { totalMs?: number; signal?: AbortSignal } = {},
): Promise<ConnectionVerdict> {
  return testConnection(endpoint, fixedCredential(credential), {
    side: 'source',
    addressPolicy: { allowPrivate: true },
    ...options,
  });
}

const stepsOf = (verdict: ConnectionVerdict): string[] =>
  verdict.steps.filter(({ state }) => state !== 'not-reached').map(({ step }) => step);
const INSIDE = ['capabilities', 'namespace', 'folders', 'quota'] as const;

describe('the test of a connection', () => {
  test.each([
    ['tls', ['name', 'tcp', 'tls', 'greeting', 'login', ...INSIDE]],
    ['starttls', ['name', 'tcp', 'greeting', 'tls', 'login', ...INSIDE]],
    ['insecure', ['name', 'tcp', 'greeting', 'login', ...INSIDE]],
  ] as const)('by %s passes step by step', async (security, steps) => {
    const { port, tlsPort, ca } = dovecot;
    const verdict = await verdictFor({
      host: 'localhost',
      port: security === 'tls' ? tlsPort : port,
      security,
      ca,
    });
    expect(verdict).toMatchObject({ ok: true, folderCount: 1 });
    expect(stepsOf(verdict)).toEqual(steps);
    expect(verdict.steps.every(({ state, detail, ms }) => state === 'ok' && detail !== '' && ms >= 0)).toBe(
      true,
    );
    expect(verdict.capabilities).toContain('IMAP4REV1');
    expect(verdict).not.toHaveProperty('failed');
  });

  test('stops at the login for a wrong password, and says what to do', async () => {
    const verdict = await verdictFor(
      { host: '127.0.0.1', port: dovecot.port, security: 'insecure' },
      { ...ann, password: 'wrong-7781' },
    );
    expect(verdict).toMatchObject({ ok: false, failed: { step: 'login', reason: 'authentication-failed' } });
    expect(verdict.failed?.remedy).toContain('app password');
    expect(stepsOf(verdict)).toEqual(['name', 'tcp', 'greeting', 'login']);
    expect(JSON.stringify(verdict)).not.toContain('wrong-7781');
  });

  test.each([
    ['tcp', 'connection-refused', { port: 1 }],
    ['tls', 'tls-untrusted', { security: 'tls' as const }],
    ['name', 'host-not-found', { host: 'not a name' }],
  ])('stops at %s: %s', async (step, reason, change) => {
    const port = 'security' in change ? dovecot.tlsPort : dovecot.port;
    const verdict = await verdictFor({ host: '127.0.0.1', port, security: 'insecure', ...change });
    expect(verdict).toMatchObject({ ok: false, failed: { step, reason } });
    const at = verdict.steps.findIndex((outcome) => outcome.step === step);
    expect(verdict.steps[at]).toMatchObject({ state: 'failed' });
    expect(verdict.steps.slice(at + 1).every(({ state }) => state === 'not-reached')).toBe(true);
    expect(verdict.steps.at(-1)?.step).toBe('quota');
  });

  test('does not connect to private addresses where the policy forbids it', async () => {
    const verdict = await testConnection(
      { host: 'localhost', port: dovecot.port, security: 'insecure' },
      fixedCredential(ann),
      {
        side: 'source',
        addressPolicy: { allowPrivate: false },
      },
    );
    expect(verdict).toMatchObject({ failed: { step: 'name', reason: 'address-forbidden' } });
  });

  test('gives up in time on a server that is slow at every step', async () => {
    const server = await held(
      scriptedServer(async (client) => {
        client.send('* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready');
        await client.line();
        const drip = setInterval(() => client.send('* OK still working on it'), 10);
        client.socket.once('close', () => clearInterval(drip));
      }),
    );
    const verdict = await verdictFor({ host: '127.0.0.1', port: server.port, security: 'insecure' }, ann, {
      totalMs: 300,
    });
    expect(verdict).toMatchObject({ ok: false, failed: { step: 'login', reason: 'command-timeout' } });
  });

  test('is ended by the caller without a verdict', async () => {
    const server = await held(scriptedServer(() => undefined));
    const reason = new Error('the caller went away');
    const controller = new AbortController();
    const verdict = verdictFor({ host: '127.0.0.1', port: server.port, security: 'insecure' }, ann, {
      signal: controller.signal,
    });
    controller.abort(reason);
    await expect(verdict).rejects.toBe(reason);
  });
});
