import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT } from '../../../cli/exit-codes.ts';
import { compareMailboxes } from '../../support/compare-mailboxes.ts';
import { openConsentBrowser } from '../../support/consent-browser.ts';
import { type Dovecot, startDovecot } from '../../support/dovecot.ts';
import { eventually } from '../../support/eventually.ts';
import { fillMailbox } from '../../support/fill-mailbox.ts';
import { mailCorpus } from '../../support/mail-corpus.ts';
import { snapshotMailbox } from '../../support/mailbox-snapshot.ts';
import { describeResult, runMailhaul, startMailhaul } from '../../support/mailhaul-process.ts';
import { type OAuthServer, startOAuthServer } from '../../support/oauth-server.ts';
import { withResource } from '../../support/with-resource.ts';

const LONG = 120_000;
const NAMES = ['anna', 'linh'];

let folder: string;
let oauth: OAuthServer;
let source: Dovecot;
let destination: Dovecot;
let common: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mailhaul-consent-'));
  oauth = await startOAuthServer();
  [source, destination] = await Promise.all([
    startDovecot({
      users: Object.fromEntries(NAMES.map((name) => [`${name}@old.example`, 'secret'])),
      oauth: { introspectionUrl: oauth.introspectionUrl, userAttribute: 'sub' },
    }),
    startDovecot({ users: Object.fromEntries(NAMES.map((name) => [`${name}@new.example`, 'secret'])) }),
  ]);
  for (const name of NAMES) {
    await fillMailbox(source.access(`${name}@old.example`), mailCorpus({ messages: 10 }));
  }
  const file = async (name: string, content: string): Promise<string> => {
    await writeFile(join(folder, name), content, { mode: 0o600 });
    return join(folder, name);
  };
  const rows = NAMES.map((name) => `${name}@new.example,${name}@old.example`);
  common = [
    `--source=imaps://127.0.0.1:${source.tlsPort}`,
    `--destination=imaps://127.0.0.1:${destination.tlsPort}`,
    `--ca=${await file('ca.pem', `${source.ca}\n${destination.ca}`)}`,
    `--users=${await file('users.csv', ['EmailAddress,UserName', ...rows].join('\n'))}`,
    `--source-sign-in=${await file('sign-in.json', JSON.stringify(byConsent()))}`,
    `--state=${join(folder, 'state')}`,
  ];
}, LONG);
afterAll(async () => {
  await Promise.all([source?.stop(), destination?.stop()]);
  await oauth?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const byConsent = () => ({
  kind: 'oauth',
  grant: 'refresh-token',
  ...oauth.delegated,
  endpoints: { tokenUrl: oauth.tokenUrl, authorizationUrl: oauth.authorizationUrl, issuer: oauth.issuer },
  scopes: [oauth.scope, 'offline_access'],
});
const env = { MAILHAUL_DESTINATION_PASSWORD: 'secret' };

/** The links that a running command has printed as CSV, by account. */
const linksOf = (stdout: string): Map<string, string> | undefined => {
  const rows = stdout
    .split('\r\n')
    .slice(1, -1)
    .map((row) => row.split(','));
  return rows.length === 0 ? undefined : new Map(rows.map(([, account = '', , url = '']) => [account, url]));
};

test(
  'mailhaul consent prints links, waits until all have consented, and migrate then moves the mailboxes',
  async () => {
    const without = await runMailhaul(['migrate', ...common, '--once', '--json'], { env });
    expect(describeResult(without)).toContain('"waiting-for-user"');
    expect(without.exitCode).toBe(EXIT.mailboxFailed);

    const consent = async (accounts: readonly string[], signal?: NodeJS.Signals) =>
      withResource(startMailhaul(['consent', ...common, '--port=0', '--csv'], { env }), async (running) => {
        const links = await eventually('links', () => linksOf(running.output().stdout));
        for (const account of accounts) {
          oauth.visitor = { account, answer: 'consents' };
          const page = await openConsentBrowser().open(links.get(account) ?? '');
          expect(page.text).toContain(`Consent was given for ${account}.`);
          await eventually('it is told', () => running.output().stderr.includes(`${account} has consented`));
        }
        if (signal !== undefined) running.kill(signal);
        return { links, result: await running.ended };
      });

    const first = await consent(['anna@old.example'], 'SIGINT');
    expect([...first.links.keys()]).toEqual(['anna@old.example', 'linh@old.example']);
    expect(describeResult(first.result)).toContain('linh@old.example has not consented yet');
    expect(describeResult(first.result)).toMatch(
      /Redirect URI, .*: http:\/\/127\.0\.0\.1:\d+\/v1\/consent\/callback\/127\.0\.0\.1:\d+/,
    );
    expect(first.result.exitCode).toBe(EXIT.interrupted);

    // who has consented is not asked again
    const second = await consent(['linh@old.example']);
    expect([...second.links.keys()]).toEqual(['linh@old.example']);
    expect(describeResult(second.result)).toContain('All have consented');
    expect(second.result.exitCode).toBe(EXIT.ok);
    const third = await runMailhaul(['consent', ...common, '--port=0'], { env });
    expect(describeResult(third)).toMatch(/^Exit 0[^]*Nobody has to consent/);

    const moved = await runMailhaul(['migrate', ...common, '--once', '--json'], { env });
    expect(describeResult(moved)).toMatch(/^Exit 0/);
    for (const name of NAMES) {
      const comparison = compareMailboxes(
        await snapshotMailbox(source.access(`${name}@old.example`)),
        await snapshotMailbox(destination.access(`${name}@new.example`)),
      );
      expect(comparison.report).toBe('equal: 10 messages');
    }
  },
  LONG,
);

test('mailhaul consent is of no use where passwords open the source', async () => {
  const result = await runMailhaul(
    [
      'consent',
      `--source=imaps://127.0.0.1:${source.tlsPort}`,
      `--destination=imaps://127.0.0.1:${destination.tlsPort}`,
      `--ca=${join(folder, 'ca.pem')}`,
      '--source-user=anna@old.example',
      '--destination-user=anna@new.example',
      `--state=${join(folder, 'passwords')}`,
      '--port=0',
    ],
    { env: { ...env, MAILHAUL_SOURCE_PASSWORD: 'secret' } },
  );
  expect(result.stderr).toContain('not opened by consent of its users');
  expect(result.exitCode).not.toBe(EXIT.ok);
});

describe('mailhaul check with a sign-in', () => {
  const check = async (
    signIn: object,
    variables: Readonly<Record<string, string>> = {},
    args: string[] = [],
  ) => {
    const file = join(folder, 'check.json');
    await writeFile(file, JSON.stringify(signIn), { mode: 0o600 });
    return runMailhaul(
      [
        'check',
        'anna@old.example',
        `--server=imaps://127.0.0.1:${source.tlsPort}`,
        `--ca=${join(folder, 'ca.pem')}`,
        `--sign-in=${file}`,
        ...args,
      ],
      { env: { ...variables, LC_ALL: 'C' } },
    );
  };
  const stepsOf = (stdout: string): string[] =>
    stdout
      .split('\n')
      .filter((line) => /^(ok|!!) /.test(line))
      .map((line) => line.replace(/ \(.*$/, ''));

  test('asks for a token and opens the mailbox with it', async () => {
    const { endpoints, ...rest } = byConsent();
    const refreshToken = await oauth.consent('anna@old.example');
    const result = await check(
      { ...rest, endpoints: { tokenUrl: endpoints.tokenUrl } },
      { MAILHAUL_REFRESH_TOKEN: refreshToken },
    );
    expect(describeResult(result)).toMatch(/^Exit 0/);
    expect(stepsOf(result.stdout)[0]).toBe('ok  Ask for a token');
    expect(stepsOf(result.stdout)).toContain('ok  Sign in');
    expect(describeResult(result)).not.toContain(refreshToken);
  });

  test('says which step failed, and no secret', async () => {
    const result = await check(
      { ...byConsent(), clientSecret: 'wrong-secret-0815' },
      { MAILHAUL_REFRESH_TOKEN: await oauth.consent('anna@old.example') },
    );
    expect(result.exitCode).toBe(EXIT.mailboxFailed);
    expect(stepsOf(result.stdout)).toEqual(['!!  Ask for a token']);
    expect(describeResult(result)).not.toContain('wrong-secret');
  });

  test('tries the server alone where its user has not consented yet', async () => {
    const result = await check(byConsent());
    expect(describeResult(result)).toMatch(/^Exit 0/);
    expect(stepsOf(result.stdout).at(-1)).toBe('ok  Abilities of the server');
    expect(stepsOf(result.stdout)).not.toContain('ok  Sign in');
    const passwordsOnly = await runMailhaul(
      [
        'check',
        'anna@new.example',
        `--server=imaps://127.0.0.1:${destination.tlsPort}`,
        `--ca=${join(folder, 'ca.pem')}`,
        `--sign-in=${join(folder, 'check.json')}`,
      ],
      { env: { LC_ALL: 'C' } },
    );
    expect(passwordsOnly.exitCode).toBe(EXIT.mailboxFailed);
    expect(passwordsOnly.stdout).toContain('does not take OAuth 2.0 tokens');
  });

  test('wants a file that fits the server, and the token that it needs', async () => {
    const { endpoints, scopes: _scopes, ...rest } = byConsent();
    const noScopes = await check({ ...rest, endpoints });
    expect(noScopes.exitCode).toBe(EXIT.usage);
    expect(noScopes.stderr).toContain('scopes: Give the scopes');
    const noToken = await check({ ...byConsent(), endpoints: { tokenUrl: endpoints.tokenUrl } });
    expect(noToken.exitCode).toBe(EXIT.usage);
    expect(noToken.stderr).toContain('MAILHAUL_REFRESH_TOKEN is not set');
  });
});
