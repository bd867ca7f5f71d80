import { describeResult, runMailhaul } from '../../support/mailhaul-process.ts';
import { type Dovecot, startDovecot } from '../../support/dovecot.ts';

const ANN = 'ann@example.test';
const PASSWORD = 'hunter2-4711';

let dovecot: Dovecot;

beforeAll(async () => {
  dovecot = await startDovecot({ users: { [ANN]: PASSWORD } });
});

afterAll(() => dovecot.stop());

const check = (args: readonly string[], password = PASSWORD) =>
  runMailhaul(
    ['check', ANN, `--server=imaps://localhost:${dovecot.tlsPort}`, `--ca=${dovecot.caFile}`, ...args],
    { env: { MAILHAUL_PASSWORD: password, LC_ALL: 'C' } },
  );

describe('mailhaul check', () => {
  test('prints each step of an account that can be used, and leaves nothing behind', async () => {
    const result = await check(['--destination']);
    expect(describeResult(result)).toContain('Exit 0');
    const steps = result.stdout.split('\n').filter((line) => line.startsWith('ok  '));
    expect(steps.map((line) => line.replace(/^ok {2}(.*) \(\d+ ms\): .*$/, '$1'))).toEqual([
      'Look up the server name',
      'Connect to the port',
      'Encrypt and check the certificate',
      'Greeting of the server',
      'Sign in',
      'Abilities of the server',
      'Where folders begin',
      'Count the folders',
      'Space in the mailbox',
      'Right to create folders',
    ]);
    expect(result.stdout).toContain('CN=localhost');
    expect(result.stdout).toContain('Many messages are written with one command');
    expect((await dovecot.doveadm('mailbox', 'list', '-u', ANN)).trim()).toBe('INBOX');
  });

  test('says in the language that is asked for which step failed and what to do at this provider', async () => {
    const result = await check(['--provider=yahoo', '--language=pl'], 'wrong-7781');
    expect(result.exitCode).toBe(2);
    expect(result.stdout).toContain('!!  Logowanie (');
    expect(result.stdout).toContain('Yahoo nie przyjęło nazwy użytkownika lub hasła.');
    expect(result.stdout).toContain('Utwórz hasło aplikacji na koncie Yahoo');
    expect(result.stdout + result.stderr).not.toContain('wrong-7781');
  });

  test('gives programs one document', async () => {
    const { stdout, exitCode } = await check(['--json']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      endpoint: { host: 'localhost', port: dovecot.tlsPort, security: 'tls' },
      verdict: { ok: true, folderCount: 1, certificate: { names: expect.arrayContaining(['localhost']) } },
    });
    expect(stdout).not.toContain(PASSWORD);
  });
});
