import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT } from '../../../cli/exit-codes.ts';
import { compareMailboxes } from '../../support/compare-mailboxes.ts';
import { type Dovecot, startDovecot } from '../../support/dovecot.ts';
import { fillMailbox } from '../../support/fill-mailbox.ts';
import { mailCorpus } from '../../support/mail-corpus.ts';
import { snapshotMailbox } from '../../support/mailbox-snapshot.ts';
import { describeResult, runMailhaul } from '../../support/mailhaul-process.ts';
import { type OAuthServer, startOAuthServer } from '../../support/oauth-server.ts';

const LONG = 120_000;
const CHIEF = { user: 'chief', password: 'chief-secret-1' };
const USERS = { 'anna@old.example': 'secret-a', 'linh@old.example': 'secret-l' };
const NEW = { 'anna@new.example': 'x', 'linh@new.example': 'y' };

let folder: string;
let oauth: OAuthServer;
let source: Dovecot;
let destination: Dovecot;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mailhaul-sign-in-'));
  oauth = await startOAuthServer();
  const tokens = { introspectionUrl: oauth.introspectionUrl, userAttribute: 'sub' };
  [source, destination] = await Promise.all([
    startDovecot({ users: USERS, masterUser: CHIEF, oauth: tokens }),
    startDovecot({ users: NEW, oauth: tokens }),
  ]);
  for (const [index, user] of Object.keys(USERS).entries()) {
    await fillMailbox(source.access(user), mailCorpus({ messages: 20, seed: index }));
  }
}, LONG);
afterAll(async () => {
  await Promise.all([source?.stop(), destination?.stop()]);
  await oauth?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function file(name: string, content: string | object): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content), { mode: 0o600 });
  return path;
}

const migrate = async (state: string, csv: string, from: object) =>
  runMailhaul([
    'migrate',
    `--source=imaps://127.0.0.1:${source.tlsPort}`,
    `--destination=imaps://127.0.0.1:${destination.tlsPort}`,
    `--ca=${await file('ca.pem', `${source.ca}\n${destination.ca}`)}`,
    `--users=${await file(`${state}.csv`, csv)}`,
    `--source-sign-in=${await file(`${state}-source.json`, from)}`,
    `--destination-sign-in=${await file('destination.json', {
      kind: 'oauth',
      grant: 'service-account',
      scopes: [oauth.scope],
      key: {
        type: 'service_account',
        client_email: oauth.serviceAccount.email,
        private_key: oauth.serviceAccount.privateKey,
        token_uri: oauth.serviceAccountUrl,
      },
    })}`,
    `--state=${join(folder, state)}`,
    '--once',
    '--json',
  ]);

async function expectMoved(): Promise<void> {
  for (const name of ['anna', 'linh']) {
    const comparison = compareMailboxes(
      await snapshotMailbox(source.access(`${name}@old.example`)),
      await snapshotMailbox(destination.access(`${name}@new.example`)),
    );
    expect(comparison.report).toBe('equal: 20 messages');
  }
}

test(
  'migrate moves mailboxes without their passwords: by an administrator, and again by consent of the users',
  async () => {
    const csv =
      'EmailAddress,UserName\nanna@new.example,anna@old.example\nlinh@new.example,linh@old.example\n';
    const first = await migrate('administrator', csv, { kind: 'administrator', ...CHIEF });
    expect(describeResult(first)).toContain('"synced"');
    expect(first.exitCode).toBe(0);
    await expectMoved();
    const again = await migrate('administrator', csv, { kind: 'administrator', ...CHIEF });
    expect(again.exitCode).toBe(0);

    const tokens = await Promise.all(Object.keys(USERS).map((user) => oauth.consent(user)));
    const consents = ['EmailAddress,UserName,RefreshToken']
      .concat(['anna', 'linh'].map((name, at) => `${name}@new.example,${name}@old.example,${tokens[at]}`))
      .join('\n');
    const signIn = {
      kind: 'oauth',
      grant: 'refresh-token',
      ...oauth.delegated,
      endpoints: { tokenUrl: oauth.tokenUrl },
      scopes: [oauth.scope],
    };
    const byConsent = await migrate('consent', consents, signIn);
    expect(byConsent.exitCode).toBe(0);
    await expectMoved();
    expect((await migrate('consent', consents, signIn)).exitCode).toBe(0);
  },
  LONG,
);

test.each([
  ['no JSON {"password":"hush-4711"', 'is not JSON'],
  ['{"kind":"administrator","passwort":"hush-4711"}', 'does not say how to sign in'],
])('a file %j is not taken, and nothing of it is told', async (content, says) => {
  const result = await runMailhaul([
    'migrate',
    '--source=imaps://old.example',
    '--destination=imaps://new.example',
    '--source-user=anna',
    '--destination-user=anna@new.example',
    `--source-sign-in=${await file('wrong.json', content)}`,
    `--state=${join(folder, 'wrong')}`,
  ]);
  expect(result.exitCode).toBe(EXIT.usage);
  expect(describeResult(result)).toContain(says);
  expect(describeResult(result)).not.toContain('hush-4711');
});
