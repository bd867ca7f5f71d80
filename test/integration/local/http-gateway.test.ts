import { mkdtemp, rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { APIGatewayProxyEventV2, APIGatewayProxyResultV2 } from 'aws-lambda';
import { Drain } from '../../../infra/local/functions/drain.ts';
import { type HttpGateway, startHttpGateway } from '../../../infra/local/gateway/http-gateway.ts';
import { createJwtAuthorizer } from '../../../infra/local/gateway/jwt-authorizer.ts';
import { apiRoutes, issuerRoutes } from '../../../infra/local/gateway/pipeline-routes.ts';
import type { Route } from '../../../infra/local/gateway/route-table.ts';
import {
  createTokenIssuer,
  loadSigningKey,
  type TokenIssuer,
} from '../../../infra/local/gateway/token-issuer.ts';
import { silentLogger } from '../../../infra/local/local-logger.ts';
import { systemClock } from '../../../shared/migration/clock.ts';

const SIX_MEGABYTES = 6 * 1_048_576;

describe('the HTTP gateway', () => {
  let stateDir: string;
  let gateway: HttpGateway;
  let issuer: TokenIssuer;
  let events: APIGatewayProxyEventV2[];
  let handler: (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyResultV2>;

  beforeEach(async () => {
    stateDir = await mkdtemp(join(tmpdir(), 'mailhaul-gateway-'));
    events = [];
    handler = async () => ({ statusCode: 204 });
    const clock = systemClock;
    const fn = {
      name: 'api',
      timeoutMs: 300,
      memoryMb: 128,
      handler: async (event: APIGatewayProxyEventV2) => {
        events.push(event);
        return handler(event);
      },
    };
    gateway = await startHttpGateway(0, { clock, logger: silentLogger, drain: new Drain(clock) });
    issuer = createTokenIssuer(await loadSigningKey(stateDir), {
      issuer: gateway.url,
      audience: 'mailhaul',
      clock,
    });
    const scoped: Route = {
      method: 'POST',
      path: '/v1/admin/{id}',
      access: { kind: 'jwt', scopes: ['mailhaul/admin'] },
      target: { kind: 'function', fn },
    };
    gateway.serve({
      routes: [...apiRoutes(fn), ...issuerRoutes(issuer), scoped],
      authorize: createJwtAuthorizer({
        issuer: gateway.url,
        audience: ['mailhaul'],
        keys: issuer.keys,
        clock,
      }),
    });
  });
  afterEach(async () => {
    await gateway.close(1000);
    await rm(stateDir, { recursive: true, force: true });
  });

  function token(scopes: string[] = []): Promise<string> {
    return issuer.issue({ tenant: 't1', scopes, expiresInSeconds: 60, subject: 'ann' });
  }

  async function call(method: string, path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (!headers.has('authorization')) headers.set('authorization', `Bearer ${await token()}`);
    return fetch(gateway.url + path, { ...init, method, headers });
  }

  test('makes an event of a request as an HTTP API does', async () => {
    const response = await call('POST', '/v1/users/ann%40example.com/mail?tag=a&tag=b%2Cc&q=%C5%BC%20x', {
      headers: { 'content-type': 'application/json', cookie: 'a=1; b=2', 'X-Custom': 'Value' },
      body: '{"name":"Zażółć"}',
    });
    expect(response.status).toBe(204);
    const [event] = events;
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: 'ANY /v1/{proxy+}',
      rawPath: '/v1/users/ann@example.com/mail',
      rawQueryString: 'tag=a&tag=b%2Cc&q=%C5%BC%20x',
      queryStringParameters: { tag: 'a,b,c', q: 'ż x' },
      pathParameters: { proxy: 'users/ann@example.com/mail' },
      cookies: ['a=1', 'b=2'],
      headers: { 'content-type': 'application/json', 'x-custom': 'Value' },
      body: '{"name":"Zażółć"}',
      isBase64Encoded: false,
      requestContext: {
        http: { method: 'POST', path: '/v1/users/ann@example.com/mail', sourceIp: '127.0.0.1' },
        stage: '$default',
        time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        authorizer: { jwt: { claims: { tenant: 't1', sub: 'ann', scope: '' }, scopes: null } },
      },
    });
    expect(event?.headers).not.toHaveProperty('cookie');
  });

  test('leaves out of the event what the request does not have', async () => {
    await call('GET', '/v1/health');
    for (const name of ['body', 'cookies', 'queryStringParameters', 'pathParameters']) {
      expect(events[0]).not.toHaveProperty(name);
    }
    expect(events[0]).toMatchObject({ rawQueryString: '', isBase64Encoded: false });
  });

  test('hands bytes on as base64, and text of all kinds as text', async () => {
    const bytes = Uint8Array.from([0, 255, 128]);
    await call('POST', '/v1/x', { headers: { 'content-type': 'application/octet-stream' }, body: bytes });
    await call('POST', '/v1/x', { headers: { 'content-type': 'text/csv; charset=utf-8' }, body: 'ż,1' });
    expect(events.map(({ body, isBase64Encoded }) => [body, isBase64Encoded])).toEqual([
      [Buffer.from(bytes).toString('base64'), true],
      ['ż,1', false],
    ]);
  });

  test('joins headers that come more than once', async () => {
    const sent = httpRequest(`${gateway.url}/v1/health`, { headers: { 'X-Many': ['a', 'b'] } }).end();
    await new Promise((resolve) => {
      sent.once('response', (response) => response.resume().once('end', resolve));
    });
    expect(events[0]?.headers['x-many']).toBe('a,b');
  });

  test('sends back status, headers, cookies and bytes', async () => {
    handler = async () => ({
      statusCode: 201,
      headers: { 'Content-Type': 'image/png', Location: '/v1/x/1' },
      cookies: ['a=1', 'b=2'],
      body: Buffer.from([0, 255]).toString('base64'),
      isBase64Encoded: true,
    });
    const response = await call('POST', '/v1/x');
    expect(response.status).toBe(201);
    expect(response.headers.get('content-type')).toBe('image/png');
    expect(response.headers.get('location')).toBe('/v1/x/1');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([0, 255]);
  });

  describe('asks for a token', () => {
    test('and answers 401 without a good one', async () => {
      const none = await fetch(`${gateway.url}/v1/users`);
      expect(none.headers.get('www-authenticate')).toBe('Bearer');
      expect([none.status, await none.json()]).toEqual([401, { message: 'Unauthorized' }]);
      const bad = await call('GET', '/v1/users', { headers: { authorization: 'Bearer x.y.z' } });
      expect(bad.headers.get('www-authenticate')).toContain('error="invalid_token"');
      expect([bad.status, await bad.json()]).toEqual([401, { message: 'Unauthorized' }]);
      expect(events).toEqual([]);
    });

    test('and 403 where it lacks the scope of the route', async () => {
      const authorization = `Bearer ${await token(['mailhaul/read'])}`;
      const response = await call('POST', '/v1/admin/1', { headers: { authorization } });
      expect([response.status, await response.json()]).toEqual([403, { message: 'Forbidden' }]);
      expect(events).toEqual([]);
    });

    test('and lets the bearer of the scope pass, and tells the function', async () => {
      const authorization = `Bearer ${await token(['mailhaul/read', 'mailhaul/admin'])}`;
      await call('POST', '/v1/admin/1', { headers: { authorization } });
      expect(events[0]).toMatchObject({
        routeKey: 'POST /v1/admin/{id}',
        pathParameters: { id: '1' },
        requestContext: { authorizer: { jwt: { scopes: ['mailhaul/read', 'mailhaul/admin'] } } },
      });
    });

    test.each(['/v1/health', '/v1/openapi.json'])('but not for %s', async (path) => {
      const response = await fetch(gateway.url + path);
      expect(response.status).toBe(204);
      expect(events[0]?.requestContext).not.toHaveProperty('authorizer');
    });
  });

  test('publishes the keys that its tokens are signed with, and nothing private', async () => {
    const discovery = await (await fetch(`${gateway.url}/.well-known/openid-configuration`)).json();
    expect(discovery).toMatchObject({
      issuer: gateway.url,
      jwks_uri: `${gateway.url}/.well-known/jwks.json`,
    });
    const jwks = await (await fetch(`${gateway.url}/.well-known/jwks.json`)).json();
    expect(jwks).toEqual({
      keys: [
        { kty: 'RSA', n: expect.any(String), e: 'AQAB', kid: expect.any(String), alg: 'RS256', use: 'sig' },
      ],
    });
  });

  test('keeps its signing key: a token outlives a restart', async () => {
    const [first, second] = [await loadSigningKey(stateDir), await loadSigningKey(stateDir)];
    expect(first.publicJwk).toEqual(second.publicJwk);
  });

  test.each([
    ['fails', 500, 'Internal Server Error', () => Promise.reject(new Error('secret detail'))],
    ['answers nonsense', 500, 'Internal Server Error', async () => ({ statusCode: 1000 })],
    [
      'answers more than 6 MB',
      500,
      'Internal Server Error',
      async () => ({ statusCode: 200, body: 'x'.repeat(SIX_MEGABYTES + 1) }),
    ],
    ['does not end in time', 503, 'Service Unavailable', () => new Promise<never>(() => undefined)],
  ])('answers for a function that %s with %i', async (_, status, message, answer) => {
    handler = answer;
    const response = await call('GET', '/v1/x');
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ message });
  });

  test('refuses a body of more than 6 MB, counted as the function would get it', async () => {
    const tooMuch: [string, number][] = [
      ['text/plain', SIX_MEGABYTES + 1],
      ['application/octet-stream', SIX_MEGABYTES * 0.8],
    ];
    for (const [type, bytes] of tooMuch) {
      const response = await call('POST', '/v1/x', {
        headers: { 'content-type': type },
        body: 'x'.repeat(bytes),
      });
      expect(response.status).toBe(413);
    }
    expect(events).toEqual([]);
    const fits = await call('POST', '/v1/x', {
      headers: { 'content-type': 'text/plain' },
      body: 'x'.repeat(SIX_MEGABYTES),
    });
    expect(fits.status).toBe(204);
  });

  test('has words for what is not there and for what cannot be read', async () => {
    const missing = await call('GET', '/nowhere');
    expect([missing.status, await missing.json()]).toEqual([404, { message: 'Not Found' }]);
    const unreadable = await call('GET', '/v1/%zz');
    expect([unreadable.status, await unreadable.json()]).toEqual([400, { message: 'Bad Request' }]);
  });

  test('says so when its port is taken', async () => {
    const port = Number(new URL(gateway.url).port);
    const drain = new Drain(systemClock);
    await expect(
      startHttpGateway(port, { clock: systemClock, logger: silentLogger, drain }),
    ).rejects.toMatchObject({ code: 'LocalServiceFailed', service: 'gateway' });
  });
});
