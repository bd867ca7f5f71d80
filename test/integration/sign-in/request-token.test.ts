import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { systemClock } from '../../../shared/migration/clock.ts';
import type { OAuthGrant } from '../../../shared/oauth/grant.ts';
import { requestToken } from '../../../shared/oauth/request-token.ts';
import { freePorts } from '../../support/free-ports.ts';
import { type OAuthServer, startOAuthServer } from '../../support/oauth-server.ts';

let oauth: OAuthServer;
beforeAll(async () => {
  oauth = await startOAuthServer();
});
afterAll(() => oauth[Symbol.asyncDispose]());

const options = (fields: { allowPrivate?: boolean; signal?: AbortSignal; deadlineMs?: number } = {}) => ({
  policy: { allowPrivate: fields.allowPrivate ?? true },
  clock: systemClock,
  wait: {
    signal: fields.signal ?? new AbortController().signal,
    deadlineMs: fields.deadlineMs ?? 10_000,
  },
});

const application = (fields: Partial<OAuthGrant> = {}): OAuthGrant => ({
  kind: 'client-credentials',
  tokenUrl: oauth.tokenUrl,
  clientId: oauth.application.clientId,
  scopes: [oauth.scope],
  authentication: { kind: 'secret', clientSecret: oauth.application.clientSecret },
  ...(fields as object),
});

describe('a token', () => {
  test('is given to an application for its secret, with the time at which it ends', async () => {
    const now = Date.now();
    const token = await requestToken(application(), options());
    expect(token.accessToken).toMatch(/^\S{20,}$/);
    expect(token.expiresAt - now).toBeGreaterThan(3_500_000);
    expect(token.expiresAt - now).toBeLessThan(3_700_000);
    expect(token).not.toHaveProperty('refreshToken');
  });

  test('is given for a statement signed with the key of a certificate', async () => {
    const { certified } = oauth;
    const grant = application({
      clientId: certified.clientId,
      authentication: { kind: 'certificate', privateKey: certified.privateKey, thumbprint: 'abc' },
    });
    expect((await requestToken(grant, options())).accessToken).toMatch(/^\S{20,}$/);
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const other = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    await expect(
      requestToken(
        {
          ...grant,
          authentication: { kind: 'certificate', privateKey: other, thumbprint: 'abc' },
        } as OAuthGrant,
        options(),
      ),
    ).rejects.toMatchObject({ problem: 'client-refused', reason: 'oauth-client-refused' });
  });

  test('needs a key that can sign', async () => {
    const grant = application({
      authentication: { kind: 'certificate', privateKey: 'no key at all', thumbprint: 'abc' },
    });
    await expect(requestToken(grant, options())).rejects.toMatchObject({
      problem: 'key-unusable',
      message: expect.not.stringContaining('no key at all'),
    });
  });

  test.each([
    ['http://login.example/token', true],
    ['http://127.0.0.1:9/token', false],
    ['ftp://login.example/token', true],
    ['https://user:word@login.example/token', true],
    ['not an address', true],
  ])('is not asked for at %s (private addresses allowed: %s)', async (tokenUrl, allowPrivate) => {
    await expect(requestToken(application({ tokenUrl }), options({ allowPrivate }))).rejects.toMatchObject({
      problem: 'endpoint-insecure',
      retryable: false,
    });
  });

  test('is not asked for inside the own network where that is not allowed', async () => {
    const grant = application({ tokenUrl: 'https://localhost/token' });
    await expect(requestToken(grant, options({ allowPrivate: false }))).rejects.toMatchObject({
      code: 'address-forbidden',
    });
  });

  test('comes later where nobody answers at the port', async () => {
    const [port = 0] = await freePorts(1);
    const grant = application({ tokenUrl: `http://127.0.0.1:${port}/token` });
    await expect(requestToken(grant, options())).rejects.toMatchObject({
      problem: 'unreachable',
      reason: 'token-unavailable',
      retryable: true,
    });
  });
});

describe('a sign-in service', () => {
  let server: Server;
  let tokenUrl: string;
  let answer: { status: number; headers?: Record<string, string>; body: string } | undefined;
  const heard: string[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      request.on('data', (data: Buffer) => heard.push(data.toString()));
      request.on('end', () => {
        if (answer === undefined) return;
        response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
        response.end(answer.body);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    tokenUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/token`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  test('that does not answer is not waited for longer than the deadline', async () => {
    answer = undefined;
    await expect(requestToken(application({ tokenUrl }), options({ deadlineMs: 50 }))).rejects.toMatchObject({
      problem: 'timeout',
      retryable: true,
    });
  });

  test('that does not answer is left when the work ends', async () => {
    answer = undefined;
    const controller = new AbortController();
    const asked = requestToken(application({ tokenUrl }), options({ signal: controller.signal }));
    const reason = new Error('the work ends');
    controller.abort(reason);
    await expect(asked).rejects.toBe(reason);
  });

  test('sends nobody elsewhere with a secret', async () => {
    answer = { status: 307, headers: { location: `${tokenUrl}/elsewhere` }, body: '' };
    heard.length = 0;
    await expect(requestToken(application({ tokenUrl }), options())).rejects.toMatchObject({
      problem: 'answer-unreadable',
    });
    expect(heard).toHaveLength(1);
  });

  test.each([
    ['{"access_token":"AT-1234","token_type":"mac"}'],
    ['{"access_token":"","token_type":"Bearer"}'],
    ['{"access_token":"AT-1234","token_type":"Bearer","expires_in":"soon"}'],
    ['{"access_token":"AT-1234"'],
    [''],
  ])('that answers %j gave no token, and none of it is told', async (body) => {
    answer = { status: 200, body };
    const failed = await requestToken(application({ tokenUrl }), options()).catch((error: unknown) => error);
    expect(failed).toMatchObject({ problem: 'answer-unreadable', reason: 'token-unavailable' });
    expect(failed).not.toHaveProperty('cause');
    expect(String(failed)).not.toContain('AT-1234');
  });

  test('that does not say how long a token is good for is asked again soon', async () => {
    answer = { status: 200, body: '{"access_token":"AT-1234","token_type":"Bearer"}' };
    const { expiresAt } = await requestToken(application({ tokenUrl }), options());
    expect(expiresAt - Date.now()).toBeLessThanOrEqual(300_000);
  });

  test('that repeats the secret is not repeated', async () => {
    const { clientSecret } = oauth.application;
    answer = {
      status: 401,
      headers: { 'www-authenticate': 'Basic' },
      body: JSON.stringify({ error: 'invalid_client', error_description: `what is ${clientSecret}?` }),
    };
    await expect(requestToken(application({ tokenUrl }), options())).rejects.toMatchObject({
      problem: 'client-refused',
      serverText: 'invalid_client: what is •••?',
    });
  });
});
