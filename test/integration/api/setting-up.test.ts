import { textOf } from '../../support/api-client.ts';
import { ANN, type ApiWorld, endpointOf, PASSWORD, startApiWorld } from '../../support/api-world.ts';

let world: ApiWorld;

beforeAll(async () => {
  world = await startApiWorld();
});

afterAll(() => world.close());

describe('the destination', () => {
  test('is nothing before it is set', async () => {
    const api = world.client({ tenant: world.cloud.tenant() });
    expect(await api('GET', '/v1/destination')).toMatchObject({ status: 404, body: { code: 'not-found' } });
    expect(await api('POST', '/v1/destination/test', { user: ANN, password: PASSWORD })).toMatchObject({
      status: 409,
      body: { code: 'destination-missing' },
    });
  });

  test('of users with passwords is saved untested, and tested with one of them', async () => {
    const api = world.client({ tenant: world.cloud.tenant() });
    const endpoint = endpointOf(world.dovecot);
    const saved = await api('PUT', '/v1/destination', { endpoint, signIn: { kind: 'user-password' } });
    expect(saved).toMatchObject({ status: 200, body: { endpoint, signIn: { kind: 'user-password' } } });
    expect(saved.body).not.toHaveProperty('verifiedAt');

    const good = await api('POST', '/v1/destination/test', { user: ANN, password: PASSWORD });
    expect(good).toMatchObject({ status: 200, body: { ok: true } });
    expect((await api('GET', '/v1/destination')).body).toHaveProperty('verifiedAt');

    const bad = await api('POST', '/v1/destination/test', { user: ANN, password: 'wrong' });
    expect(bad).toMatchObject({
      status: 200,
      body: { ok: false, failed: { reason: 'authentication-failed' } },
    });
    expect(await api('POST', '/v1/destination/test', { user: ANN })).toMatchObject({
      status: 422,
      body: { code: 'credential-incomplete', errors: [{ pointer: '#/password' }] },
    });
  });

  test('with an administrator that cannot sign in is not saved', async () => {
    const api = world.client({ tenant: world.cloud.tenant() });
    const signIn = { kind: 'administrator', user: 'nobody', form: 'master-user', password: 'wrong' };
    const body = { endpoint: endpointOf(world.dovecot), signIn, test: { user: ANN } };
    expect(await api('PUT', '/v1/destination', body)).toMatchObject({
      status: 422,
      body: { code: 'destination-not-verified', verdict: { ok: false, failed: { step: 'login' } } },
    });
    expect((await api('GET', '/v1/destination')).status).toBe(404);
  });

  test('keeps an administrator password in the vault alone, and takes it from there', async () => {
    const tenant = world.cloud.tenant();
    const api = world.client({ tenant });
    const endpoint = endpointOf(world.dovecot);
    const signIn = { kind: 'administrator', user: 'admin', form: 'master-user' };
    expect(await api('PUT', '/v1/destination', { endpoint, signIn })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '#/signIn/password' }] },
    });

    // Without users there is nobody to try it as.
    const saved = await api('PUT', '/v1/destination', {
      endpoint,
      signIn: { ...signIn, password: 'top-secret-1' },
    });
    expect(saved).toMatchObject({ status: 200, body: { signIn: { ...signIn, secret: true } } });
    expect(JSON.stringify(saved.body)).not.toContain('top-secret-1');
    expect(JSON.stringify(await world.services.state.destinations.get(tenant))).not.toContain('top-secret-1');
    expect(await world.services.vault.getService({ tenant, kind: 'destination' })).toEqual({
      kind: 'password',
      password: 'top-secret-1',
    });

    expect((await api('PUT', '/v1/destination', { endpoint, signIn })).status).toBe(200);
    expect(
      await api('PUT', '/v1/destination', { endpoint, signIn: { kind: 'user-password' } }),
    ).toMatchObject({
      status: 200,
    });
    expect(await world.services.vault.getService({ tenant, kind: 'destination' })).toBeUndefined();
  });

  test('cannot be moved to another server under an open migration', async () => {
    const { api, connectionId } = await world.tenant();
    expect((await api('POST', '/v1/migrations', { connectionId })).status).toBe(201);
    const endpoint = { ...endpointOf(world.dovecot), host: 'localhost' };
    expect(
      await api('PUT', '/v1/destination', { endpoint, signIn: { kind: 'user-password' } }),
    ).toMatchObject({
      status: 409,
      body: { code: 'destination-in-use' },
    });
  });
});

describe('a connection', () => {
  test('is saved when its test succeeds, without the account it was tested with', async () => {
    const tenant = world.cloud.tenant();
    const api = world.client({ tenant });
    const endpoint = {
      ...endpointOf(world.dovecot),
      port: world.dovecot.tlsPort,
      security: 'tls',
      ca: world.dovecot.ca,
    };
    const made = await api('POST', '/v1/connections', {
      endpoint,
      account: { user: ANN, password: PASSWORD },
    });
    expect(made).toMatchObject({
      status: 201,
      body: { provider: 'other', endpoint, status: 'verified', verdict: { ok: true } },
    });
    expect(made.headers['location']).toBe(`/v1/connections/${textOf(made, 'connectionId')}`);
    const stored = await world.services.state.connections.get(tenant, textOf(made, 'connectionId'));
    expect(JSON.stringify(stored)).not.toContain(PASSWORD);
    expect(await api('GET', made.headers['location'] ?? '')).toMatchObject({
      status: 200,
      body: { endpoint },
    });
    expect(await api('GET', '/v1/connections')).toMatchObject({ body: { items: [{ status: 'verified' }] } });
  });

  test('is not saved when its test fails; the verdict says which step, in the language of the caller', async () => {
    const api = world.client({ tenant: world.cloud.tenant() });
    const body = { endpoint: endpointOf(world.dovecot), account: { user: ANN, password: 'not-this-one-5' } };
    const refused = await api('POST', '/v1/connections', body, {
      headers: { 'accept-language': 'pl-PL, en;q=0.5' },
    });
    expect(refused).toMatchObject({
      status: 422,
      headers: { 'content-language': 'pl' },
      body: {
        code: 'connection-not-verified',
        verdict: {
          ok: false,
          failed: {
            step: 'login',
            reason: 'authentication-failed',
            summary: 'Serwer nie przyjął nazwy użytkownika lub hasła.',
          },
        },
      },
    });
    expect(JSON.stringify(refused.body)).not.toContain('not-this-one-5');
    expect(await api('GET', '/v1/connections')).toMatchObject({ body: { items: [] } });
  });

  test('of a provider needs no server name, and of an unknown one is refused', async () => {
    const api = world.client({ tenant: world.cloud.tenant() });
    const account = { user: ANN, password: PASSWORD };
    expect(await api('POST', '/v1/connections', { account })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '#/endpoint' }] },
    });
    expect(await api('POST', '/v1/connections', { provider: 'nobody', account })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '#/provider' }] },
    });
    expect(await api('GET', '/v1/providers/gmail')).toMatchObject({
      status: 200,
      body: { host: 'imap.gmail.com' },
    });
    expect(await api('GET', '/v1/providers/nobody')).toMatchObject({ status: 404 });
    const inPolish = await api('GET', '/v1/providers/gmail', undefined, {
      headers: { 'accept-language': 'pl' },
    });
    expect(inPolish.body).toMatchObject({
      instructions: expect.arrayContaining(['Włącz weryfikację dwuetapową na koncie Google.']),
      budget: { connections: 8, dailyBytesDown: 2_500_000_000 },
      folderRules: { forbidden: '^' },
    });
  });

  test('can be tried with any other account', async () => {
    const { api, connectionId } = await world.tenant();
    const test = (account: object) => api('POST', `/v1/connections/${connectionId}/test`, { account });
    expect(await test({ user: ANN, password: PASSWORD })).toMatchObject({ status: 200, body: { ok: true } });
    expect(await test({ user: ANN, password: 'wrong' })).toMatchObject({ status: 200, body: { ok: false } });
    expect((await api('POST', `/v1/connections/${connectionId}/close`)).status).toBe(200);
    expect(await test({ user: ANN, password: PASSWORD })).toMatchObject({
      status: 409,
      body: { code: 'connection-closed' },
    });
  });

  test.each([
    'imap://old.example',
    'old.example:993',
    'old.example/path',
    'a b',
    'bad\u0000host',
    '',
    'x'.repeat(254),
  ])('with the server name %j is refused before anything is looked up', async (host) => {
    const api = world.client({ tenant: world.cloud.tenant() });
    const endpoint = { host, port: 993, security: 'tls' };
    expect(
      await api('POST', '/v1/connections', { endpoint, account: { user: ANN, password: PASSWORD } }),
    ).toMatchObject({
      status: 422,
      body: { code: 'request-invalid', errors: [{ pointer: '#/endpoint/host' }] },
    });
  });
});
