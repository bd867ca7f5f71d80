import { PROBLEMS } from '../../../shared/api/problem-code.ts';
import { problemOfError } from '../../../shared/api/problem-of-error.ts';
import { type ApiClient, apiEvent } from '../../support/api-client.ts';
import { ANN, type ApiWorld, PASSWORD, startApiWorld } from '../../support/api-world.ts';
import { type App, createApp } from '../../../shared/api/create-app.ts';
import { defineRoute } from '../../../shared/api/route.ts';
import { StateUnavailableError } from '../../../shared/state/errors.ts';

let world: ApiWorld;
let api: ApiClient;

beforeAll(async () => {
  world = await startApiWorld();
  api = world.client({ tenant: world.cloud.tenant() });
});

afterAll(() => world.close());

describe('a request', () => {
  test('for an address that leads nowhere is answered by a problem in the language of the caller', async () => {
    expect(
      await api('GET', '/v1/nothing', undefined, { headers: { 'accept-language': 'vi' } }),
    ).toMatchObject({
      status: 404,
      headers: {
        'content-type': 'application/problem+json',
        'content-language': 'vi',
        vary: 'accept-language',
      },
      body: {
        type: 'urn:mailhaul:problem:not-found',
        title: 'Không có đối tượng này',
        status: 404,
        code: 'not-found',
        instance: expect.stringMatching(/^urn:mailhaul:request:/),
      },
    });
  });

  test('by a method that is not there is told those that are', async () => {
    expect(await api('PUT', '/v1/users')).toMatchObject({
      status: 405,
      headers: { allow: 'GET, POST' },
      body: { code: 'method-not-allowed' },
    });
  });

  test('with a body that is no JSON is refused, and the body is not repeated', async () => {
    const reply = await api('POST', '/v1/users', undefined, { rawBody: '{"email": "secret-text' });
    expect(reply).toMatchObject({ status: 400, body: { code: 'body-malformed' } });
    expect(JSON.stringify(reply.body)).not.toContain('secret-text');
  });

  test('with a body that is no UTF-8 is refused', async () => {
    const event = apiEvent('POST', '/v1/users', { tenant: world.cloud.tenant() }, {});
    const body = Buffer.from([0x7b, 0xff, 0x7d]).toString('base64');
    const reply = await createApp(world.services)({ ...event, body, isBase64Encoded: true });
    expect(reply).toMatchObject({ statusCode: 400 });
  });

  test('with a body of another type is refused', async () => {
    const xml = { rawBody: '<a/>', headers: { 'content-type': 'text/xml' } };
    expect(await api('POST', '/v1/users', undefined, xml)).toMatchObject({
      status: 415,
      body: { code: 'media-type-unsupported' },
    });
    const csv = { rawBody: 'EmailAddress', headers: { 'content-type': 'text/csv' } };
    expect((await api('POST', '/v1/users', undefined, csv)).status).toBe(415);
  });

  test.each([false, true])('that is too large is refused (base64: %s)', async (base64) => {
    const rawBody = JSON.stringify({ email: ANN, displayName: 'x'.repeat(70_000) });
    expect(await api('POST', '/v1/users', undefined, { rawBody, base64 })).toMatchObject({
      status: 413,
      body: { code: 'body-too-large' },
    });
  });

  test('with an unknown key is refused at that key', async () => {
    expect(await api('POST', '/v1/users', { email: ANN, admin: true })).toMatchObject({
      status: 422,
      body: {
        code: 'request-invalid',
        errors: [{ in: 'body', pointer: '#', detail: expect.stringContaining('admin') }],
      },
    });
    expect(
      (await api('POST', '/v1/users', undefined, { rawBody: '{"email":"a@b.cd","__proto__":{}}' })).status,
    ).toBe(422);
    expect((await api('GET', '/v1/users?color=red')).status).toBe(422);
    expect((await api('GET', '/v1/health?x=1')).status).toBe(422);
  });

  test('never gets back what it sent as a password', async () => {
    const account = { user: ANN, password: ['an', 'array', 'of-secrets-991'] };
    const reply = await api('POST', '/v1/connections', { provider: 'gmail', account });
    expect(reply).toMatchObject({ status: 422, body: { errors: [{ pointer: '#/account/password' }] } });
    expect(JSON.stringify(reply.body)).not.toContain('of-secrets-991');
  });

  test('with a body where none is expected is refused', async () => {
    expect(
      (await api('POST', '/v1/mailboxes/01ARZ3NDEKTSV4RRFFQ69G5FAV/start', { force: true })).status,
    ).toBe(422);
    expect((await api('POST', '/v1/mailboxes/01ARZ3NDEKTSV4RRFFQ69G5FAV/start', {})).status).toBe(404);
  });

  test('for open addresses needs no token', async () => {
    const anonymous = world.client({});
    expect(await anonymous('GET', '/v1/health')).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(await anonymous('GET', '/v1/openapi.json')).toMatchObject({
      status: 200,
      body: { openapi: '3.1.0' },
    });
  });
});

/** The API with a single route, which fails. */
function failing(error: Error): App {
  const route = defineRoute({
    method: 'GET',
    path: '/v1/fails',
    operationId: 'fails',
    summary: 'Fails',
    access: 'open',
    answers: [],
    handle: async () => {
      throw error;
    },
  });
  return createApp(world.services, { routes: [route] });
}

describe('an error of ours', () => {
  test('tells nothing of itself', async () => {
    const reply = await failing(new Error(`no such table, password ${PASSWORD}`))(
      apiEvent('GET', '/v1/fails', {}),
    );
    expect(reply).toMatchObject({ statusCode: 500 });
    expect(reply.body).not.toContain(PASSWORD);
    expect(reply.body).not.toContain('table');
  });

  test('of a table out of reach asks to come again', async () => {
    const reply = await failing(new StateUnavailableError('GetItem'))(apiEvent('GET', '/v1/fails', {}));
    expect(reply).toMatchObject({ statusCode: 503, headers: { 'retry-after': '5' } });
  });

  test('that is no error at all is a problem too', () => {
    expect(problemOfError('thrown text')).toMatchObject({ code: 'internal', status: PROBLEMS.internal });
  });
});
