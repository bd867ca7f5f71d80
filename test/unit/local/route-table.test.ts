import { findRoute, type Route } from '../../../infra/local/gateway/route-table.ts';

function route(method: Route['method'], path: string): Route {
  return { method, path, access: { kind: 'open' }, target: { kind: 'listener', listen: () => undefined } };
}

const ROUTES = [
  route('ANY', '/{proxy+}'),
  route('ANY', '/v1/{proxy+}'),
  route('GET', '/v1/users/{id}'),
  route('ANY', '/v1/users/{id}'),
  route('GET', '/v1/users/me'),
  route('GET', '/v1/health'),
];

describe('the route of a request', () => {
  test.each([
    ['GET', '/v1/health', 'GET /v1/health', {}],
    ['POST', '/v1/health', 'ANY /v1/{proxy+}', { proxy: 'health' }],
    ['GET', '/v1/users/me', 'GET /v1/users/me', {}],
    ['GET', '/v1/users/7', 'GET /v1/users/{id}', { id: '7' }],
    ['DELETE', '/v1/users/7', 'ANY /v1/users/{id}', { id: '7' }],
    ['GET', '/v1/users/7/mail', 'ANY /v1/{proxy+}', { proxy: 'users/7/mail' }],
    ['GET', '/v1/users/ann%40example.com', 'GET /v1/users/{id}', { id: 'ann@example.com' }],
    ['GET', '/index.html', 'ANY /{proxy+}', { proxy: 'index.html' }],
  ])('%s %s is %s', (method, path, routeKey, parameters) => {
    expect(findRoute(ROUTES, method, path)).toMatchObject({ routeKey, parameters });
  });

  test('is none where nothing matches', () => {
    expect(findRoute([route('GET', '/v1/users/{id}')], 'GET', '/v1/users/')).toBeUndefined();
    expect(findRoute([route('GET', '/v1/{proxy+}')], 'GET', '/v1/')).toBeUndefined();
    expect(findRoute([route('GET', '/v1/health')], 'GET', '/v1/healthy')).toBeUndefined();
    expect(findRoute([route('GET', '/v1')], 'POST', '/v1')).toBeUndefined();
  });
});
