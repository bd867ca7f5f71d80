import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runMailhaul } from '../../support/mailhaul-process.ts';

const SERVERS = ['--source=imap://127.0.0.1:1', '--destination=imap://127.0.0.1:2'];
const ONE = ['--source-user=anna', '--destination-user=anna@new.example'];
const PASSWORDS = { MAILHAUL_SOURCE_PASSWORD: 'hunter2', MAILHAUL_DESTINATION_PASSWORD: 'hunter2' };

describe('wrong usage ends with 64, says what to do, and makes nothing', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mailhaul-usage-'));
    await writeFile(join(folder, 'users.csv'), 'EmailAddress,UserName,Password\nanna@new.example,,hunter2\n');
    await writeFile(join(folder, 'no.pem'), 'hunter2');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.each([
    ['no command', [], 'Usage'],
    ['an unknown command', ['move'], 'unknown command'],
    ['an unknown option', ['migrate', ...SERVERS, '--fast'], '--fast'],
    ['no destination', ['migrate', '--source=imaps://a.example'], '--destination'],
    [
      'an address without a scheme',
      ['migrate', '--source=a.example', '--destination=imaps://b.example', ...ONE],
      'imaps://',
    ],
    ['a password as an option', ['migrate', ...SERVERS, ...ONE, '--password', 'hunter2'], 'shell history'],
    ['a password in an address', ['migrate', '--source=imaps://anna:hunter2@a.example'], 'shell history'],
    ['no users', ['migrate', ...SERVERS], '--users'],
    ['a file and a single user', ['migrate', ...SERVERS, '--users=users.csv', ...ONE], 'exclude'],
    ['a file that is not there', ['migrate', ...SERVERS, '--users=missing.csv'], 'missing.csv'],
    [
      'a wrong file',
      ['migrate', ...SERVERS, '--users=users.csv'],
      'row 2, column UserName: is empty. Fill it in.',
    ],
    [
      'a login that is no address',
      ['migrate', ...SERVERS, '--source-user=a', '--destination-user=b'],
      'e-mail address',
    ],
    ['a certificate that is none', ['migrate', ...SERVERS, ...ONE, '--ca=no.pem'], 'PEM'],
    ['too many lanes', ['migrate', ...SERVERS, ...ONE, '--lanes=21'], 'from 1 to 20'],
    ['a resync time of zero', ['migrate', ...SERVERS, ...ONE, '--resync=0'], 'from 1 to 86400'],
    ['an account to check without an address', ['check', 'anna'], 'is not an e-mail address'],
    ['a provider that nobody knows', ['check', 'anna@a.example', '--provider=gmial'], 'gmail'],
    ['a password that is missing', ['check', 'anna@a.example'], 'MAILHAUL_PASSWORD is not set'],
    [
      'a pattern that is none',
      ['migrate', ...SERVERS, ...ONE, '--include=Work', '--include=a//b'],
      '--include (number 2) is wrong',
    ],
    ['a mapping without a destination', ['folders', ...SERVERS, ...ONE, '--map=Work'], 'SOURCE=DESTINATION'],
    [
      'two folders to one',
      ['folders', ...SERVERS, ...ONE, '--map=a=x', '--map=b=x'],
      '--map (number 2) is wrong',
    ],
    ['a day that is none', ['migrate', ...SERVERS, ...ONE, '--since=yesterday'], '--since is wrong'],
    ['a port that is none', ['serve', '--port=70000'], 'from 0 to 65535'],
    [
      'a mailbox onto itself',
      [
        'migrate',
        '--source=imap://127.0.0.1:1',
        '--destination=imap://127.0.0.1:1',
        '--source-user=a@b.example',
        '--destination-user=a@b.example',
      ],
      'onto itself',
    ],
  ])('%s', async (_what, args, hint) => {
    const result = await runMailhaul(args, { cwd: folder, env: PASSWORDS });
    expect(result).toMatchObject({ exitCode: 64, stdout: '' });
    expect(result.stderr).toContain(hint);
    expect(result.stderr).not.toContain('hunter2');
    expect(existsSync(join(folder, '.mailhaul'))).toBe(false);
  });

  test('a password that the environment does not hold', async () => {
    const env = { ...PASSWORDS, MAILHAUL_SOURCE_PASSWORD: undefined };
    const result = await runMailhaul(['migrate', ...SERVERS, ...ONE], { cwd: folder, env });
    expect(result.exitCode).toBe(64);
    expect(result.stderr).toContain('MAILHAUL_SOURCE_PASSWORD is not set');
  });
});

test.each([
  [['--help']],
  [['migrate', '--help']],
  [['serve', '--help']],
  [['demo', '--help']],
  [['check', '--help']],
  [['--version']],
])('%j ends with 0', async (args) => {
  const { exitCode, stdout, stderr } = await runMailhaul(args);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).not.toBe('');
});
