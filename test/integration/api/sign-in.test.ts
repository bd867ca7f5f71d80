import { execFile } from 'node:child_process';
import { createHash, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  type ApiTenant,
  type ApiWorld,
  ANN,
  BEN,
  endpointOf,
  PASSWORD,
  startApiWorld,
  succeed,
} from '../../support/api-world.ts';
import { textOf } from '../../support/api-client.ts';
import { type Dovecot, startDovecot } from '../../support/dovecot.ts';
import { type OAuthServer, startOAuthServer } from '../../support/oauth-server.ts';

const CHIEF = { user: 'chief', password: 'chief-secret-1' };

let world: ApiWorld;
let oauth: OAuthServer;
/** Takes the tokens of users; knows an administrator. */
let byUser: Dovecot;
/** Takes the token of an application for everybody. */
let byApplication: Dovecot;
let tenant: ApiTenant;

beforeAll(async () => {
  oauth = await startOAuthServer();
  [world, byUser, byApplication] = await Promise.all([
    startApiWorld(),
    startDovecot({
      users: { [ANN]: PASSWORD },
      masterUser: CHIEF,
      oauth: { introspectionUrl: oauth.introspectionUrl, userAttribute: 'sub' },
    }),
    startDovecot({ users: { [ANN]: PASSWORD }, oauth: { introspectionUrl: oauth.introspectionUrl } }),
  ]);
  tenant = await world.tenant();
});
afterAll(async () => {
  await world.close();
  await Promise.all([byUser.stop(), byApplication.stop()]);
  await oauth[Symbol.asyncDispose]();
});

const at = () => ({ tokenUrl: oauth.tokenUrl });
const applicationSignIn = (fields: object = {}) => ({
  kind: 'oauth',
  grant: 'client-credentials',
  ...oauth.application,
  endpoints: at(),
  scopes: [oauth.scope],
  ...fields,
});
const consentSignIn = () => ({
  kind: 'oauth',
  grant: 'refresh-token',
  ...oauth.delegated,
  endpoints: at(),
  scopes: [oauth.scope, 'offline_access'],
});
const connect = (server: Dovecot, signIn: unknown, account: object = { user: ANN }, provider = 'other') =>
  tenant.api('POST', '/v1/connections', { provider, endpoint: endpointOf(server), signIn, account });
const stored = (connectionId: string) =>
  world.services.vault.getService({ tenant: tenant.tenant, kind: 'connection', connectionId });

/** A certificate for a key, signed by itself, in PEM form. */
async function certificateOf(privateKey: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mailhaul-certificate-'));
  try {
    const key = join(folder, 'key.pem');
    await writeFile(key, privateKey);
    const args = ['req', '-x509', '-key', key, '-subj', '/CN=application', '-days', '2'];
    return (await promisify(execFile)('openssl', args)).stdout;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe('a connection that an administrator opens', () => {
  test.each([
    ['dovecot', {}, { form: 'master-user', template: '{user}*{admin}' }],
    [
      'other',
      { template: '{local}@{domain}*{admin}' },
      { form: 'master-user', template: '{local}@{domain}*{admin}' },
    ],
    ['cyrus', {}, { form: 'plain-authzid' }],
    ['other', { form: 'plain-authzid' }, { form: 'plain-authzid' }],
  ])('of %s with %j signs in by %j', async (provider, given, form) => {
    const made = await connect(
      byUser,
      { kind: 'administrator', ...CHIEF, ...given },
      { user: ANN },
      provider,
    );
    expect(made).toMatchObject({
      status: 201,
      body: { signIn: { kind: 'administrator', user: 'chief', ...form } },
    });
    expect(JSON.stringify(made.body)).not.toContain(CHIEF.password);
    expect(await stored(textOf(made, 'connectionId'))).toEqual({
      kind: 'password',
      password: CHIEF.password,
    });
  });

  test.each([
    [{ template: '{boss}*{user}' }, '#/signIn/template'],
    [{ template: '{user}' }, '#/signIn/template'],
    [{ form: 'plain-authzid', template: '{user}*{admin}' }, '#/signIn/template'],
    [{ password: undefined }, '#/signIn/password'],
  ])('is not made with %j', async (given, pointer) => {
    expect(await connect(byUser, { kind: 'administrator', ...CHIEF, ...given })).toMatchObject({
      status: 422,
      body: { code: 'request-invalid', errors: [{ pointer }] },
    });
  });

  test('says where the test account has no domain and the form wants one', async () => {
    const signIn = { kind: 'administrator', ...CHIEF };
    expect(await connect(byUser, signIn, { user: 'ann' }, 'exchange-on-premises')).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '#/account/user', detail: expect.stringContaining('{domain}') }] },
    });
  });
});

describe('a connection that an application opens', () => {
  test('is tried by a token, saved without its secret, and takes mailboxes without passwords', async () => {
    const made = await connect(byApplication, applicationSignIn());
    expect(made).toMatchObject({
      status: 201,
      body: {
        signIn: { kind: 'oauth', grant: 'client-credentials', clientId: 'application', secret: true },
        verdict: {
          ok: true,
          steps: [
            { step: 'token', state: 'ok' },
            { step: 'name' },
            { step: 'tcp' },
            { step: 'greeting' },
            { step: 'login' },
            { step: 'capabilities' },
            { step: 'namespace' },
            { step: 'folders' },
            { step: 'quota' },
          ],
        },
      },
    });
    const { clientSecret } = oauth.application;
    expect(JSON.stringify(made.body)).not.toContain(clientSecret);
    const connectionId = textOf(made, 'connectionId');
    const record = await world.services.state.connections.get(tenant.tenant, connectionId);
    expect(JSON.stringify(record)).not.toContain(clientSecret);
    expect(await stored(connectionId)).toEqual({ kind: 'client-secret', clientSecret });

    const created = await succeed(
      tenant.api('POST', '/v1/migrations', {
        connectionId,
        mailboxes: [
          { email: ANN, sourceUser: ANN, destinationPassword: PASSWORD },
          { email: BEN, sourceUser: BEN, destinationPassword: PASSWORD, password: 'not needed' },
        ],
      }),
    );
    const migrationId = textOf(created, 'migration', 'migrationId');
    const { items } = await world.services.state.mailboxes.list(tenant.tenant, migrationId, { limit: 9 });
    for (const { credentialShard, mailboxId } of items) {
      expect(await world.services.vault.getMailbox(tenant.tenant, credentialShard, mailboxId)).toEqual({
        destination: { kind: 'password', password: PASSWORD },
      });
    }
    expect(
      await tenant.api('POST', `/v1/connections/${connectionId}/test`, { account: { user: ANN } }),
    ).toMatchObject({ status: 200, body: { ok: true } });

    expect((await tenant.api('POST', `/v1/connections/${connectionId}/close`)).body).toMatchObject({
      status: 'closed',
    });
    expect(await stored(connectionId)).toBeUndefined();
  });

  test('is refused with the reason where the application is not who it says', async () => {
    expect(await connect(byApplication, applicationSignIn({ clientSecret: 'wrong-0815' }))).toMatchObject({
      status: 422,
      body: {
        code: 'connection-not-verified',
        verdict: {
          failed: { step: 'token', reason: 'oauth-client-refused' },
          steps: expect.arrayContaining([
            expect.objectContaining({ step: 'token', state: 'failed' }),
            expect.objectContaining({ step: 'name', state: 'not-reached' }),
          ]),
        },
      },
    });
  });

  test('gets a new secret, which goes only where the old one went', async () => {
    const connectionId = textOf(await succeed(connect(byApplication, applicationSignIn())), 'connectionId');
    const put = (signIn: object) =>
      tenant.api('PUT', `/v1/connections/${connectionId}/sign-in`, { signIn, account: { user: ANN } });
    const { clientSecret: _secret, ...without } = applicationSignIn();
    expect(await put(without)).toMatchObject({ status: 200, body: { signIn: { secret: true } } });
    expect(await put({ ...without, endpoints: { tokenUrl: oauth.serviceAccountUrl } })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '#/signIn' }] },
    });
    expect((await put(applicationSignIn({ clientSecret: 'wrong-0815' }))).status).toBe(422);
    expect((await put(applicationSignIn())).status).toBe(200);
    expect(await stored(connectionId)).toMatchObject({ kind: 'client-secret' });
    expect(await put(consentSignIn())).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '#/signIn' }] },
    });
  });

  test('by a certificate keeps the key and the thumbprint of the certificate', async () => {
    const { certified } = oauth;
    const certificate = await certificateOf(certified.privateKey);
    const { clientSecret: _secret, ...without } = applicationSignIn({ clientId: certified.clientId });
    const withKey = (privateKey: string, given = certificate) =>
      connect(byApplication, { ...without, certificate: { certificate: given, privateKey } });
    const made = await succeed(withKey(certified.privateKey));
    expect(await stored(textOf(made, 'connectionId'))).toEqual({
      kind: 'private-key',
      privateKey: certified.privateKey,
      thumbprint: createHash('sha256').update(new X509Certificate(certificate).raw).digest('base64url'),
    });
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const another = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
    for (const [key, given, place] of [
      [another, certificate, 'privateKey'],
      ['nonsense', certificate, 'privateKey'],
      [another, 'nonsense', 'certificate'],
    ] as const) {
      expect(await withKey(key, given)).toMatchObject({
        status: 422,
        body: { errors: [{ pointer: `#/signIn/certificate/${place}` }] },
      });
    }
  });

  test.each([
    ['exchange-online', { endpoints: undefined, scopes: undefined }, '#/signIn/directory'],
    ['other', { endpoints: undefined }, '#/signIn/endpoints/tokenUrl'],
    ['other', { scopes: undefined }, '#/signIn/scopes'],
    ['other', { scopes: ['openid'] }, '#/signIn/scopes/0'],
    ['other', { clientSecret: undefined }, '#/signIn/clientSecret'],
    ['other', { endpoints: { tokenUrl: 'http://login.example/token' } }, '#/signIn/endpoints/tokenUrl'],
  ])('of %s with %j lacks %s', async (provider, fields, pointer) => {
    const { status, body } = await connect(byApplication, applicationSignIn(fields), { user: ANN }, provider);
    expect({ status, body }).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
  });
});

describe('a connection that users open by their consent', () => {
  test('wants a refresh token of each, by JSON and by CSV', async () => {
    const refreshToken = await oauth.consent(ANN);
    expect(await connect(byUser, consentSignIn(), { user: ANN, password: PASSWORD })).toMatchObject({
      status: 422,
      body: { code: 'credential-incomplete', errors: [{ pointer: '#/account/refreshToken' }] },
    });
    const made = await succeed(connect(byUser, consentSignIn(), { user: ANN, refreshToken }));
    expect(JSON.stringify(made.body)).not.toContain(refreshToken);
    const connectionId = textOf(made, 'connectionId');
    const mailbox = { email: ANN, sourceUser: ANN, destinationPassword: PASSWORD };
    expect(
      await tenant.api('POST', '/v1/migrations', {
        connectionId,
        mailboxes: [{ ...mailbox, password: PASSWORD }],
      }),
    ).toMatchObject({ status: 422, body: { errors: [{ pointer: '#/mailboxes/0/refreshToken' }] } });
    const created = await succeed(tenant.api('POST', '/v1/migrations', { connectionId }));
    const migrationId = textOf(created, 'migration', 'migrationId');
    const csv = [
      'EmailAddress,UserName,RefreshToken,DestinationPassword',
      `${ANN},${ANN},${refreshToken},${PASSWORD}`,
    ];
    expect(
      await tenant.api('POST', `/v1/migrations/${migrationId}/mailboxes/import`, { csv: csv.join('\n') }),
    ).toMatchObject({ status: 200, body: { added: 1 } });
    const { items } = await world.services.state.mailboxes.list(tenant.tenant, migrationId, { limit: 9 });
    const { mailboxId = '', credentialShard = '' } = items[0] ?? {};
    const kept = () => world.services.vault.getMailbox(tenant.tenant, credentialShard, mailboxId);
    expect(await kept()).toMatchObject({ source: { kind: 'refresh-token', refreshToken } });

    const credential = (body: object) => tenant.api('PUT', `/v1/mailboxes/${mailboxId}/credential`, body);
    expect(await credential({ password: 'of no use here' })).toMatchObject({
      status: 422,
      body: { code: 'credential-incomplete' },
    });
    expect((await credential({ refreshToken: 'another-1' })).status).toBe(200);
    expect(await kept()).toEqual({
      source: { kind: 'refresh-token', refreshToken: 'another-1' },
      destination: { kind: 'password', password: PASSWORD },
    });
  });
});

describe('a destination', () => {
  const key = () => ({
    type: 'service_account',
    project_id: 'project',
    private_key_id: 'key-1',
    private_key: oauth.serviceAccount.privateKey,
    client_email: oauth.serviceAccount.email,
    token_uri: oauth.serviceAccountUrl,
  });

  test('is opened by a service account, whose key file is given as it is', async () => {
    const own = await world.tenant();
    const signIn = { kind: 'oauth', grant: 'service-account', key: key(), scopes: [oauth.scope] };
    const body = { endpoint: endpointOf(byUser), signIn, test: { user: ANN } };
    const saved = await own.api('PUT', '/v1/destination', body);
    expect(saved).toMatchObject({
      status: 200,
      body: {
        signIn: { grant: 'service-account', clientId: oauth.serviceAccount.email },
        verdict: { ok: true },
      },
    });
    expect(JSON.stringify(saved.body)).not.toContain('PRIVATE KEY');
    expect(await own.api('POST', '/v1/destination/test', { user: ANN })).toMatchObject({
      body: { ok: true },
    });
    const place = { tenant: own.tenant, kind: 'destination' } as const;
    expect(await world.services.vault.getService(place)).toMatchObject({
      kind: 'private-key',
      keyId: 'key-1',
    });
    const { key: _key, ...without } = signIn;
    expect(
      await own.api('PUT', '/v1/destination', {
        ...body,
        signIn: { ...without, endpoints: { tokenUrl: oauth.serviceAccountUrl } },
      }),
    ).toMatchObject({ status: 200 });
    expect(
      await own.api('PUT', '/v1/destination', {
        endpoint: endpointOf(byUser),
        signIn: { kind: 'user-password' },
      }),
    ).toMatchObject({ status: 200 });
    expect(await world.services.vault.getService(place)).toBeUndefined();
  });

  test('asks for a refresh token of each user where users consent', async () => {
    const own = await world.tenant();
    const endpoint = endpointOf(byUser);
    expect(
      await own.api('PUT', '/v1/destination', {
        endpoint,
        signIn: consentSignIn(),
        test: { user: ANN, refreshToken: await oauth.consent(ANN) },
      }),
    ).toMatchObject({ status: 200, body: { verdict: { ok: true } } });
    const mailbox = { email: ANN, sourceUser: ANN, password: PASSWORD, destinationPassword: PASSWORD };
    expect(
      await own.api('POST', '/v1/migrations', { connectionId: own.connectionId, mailboxes: [mailbox] }),
    ).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '#/mailboxes/0/destinationRefreshToken' }] },
    });
  });
});
