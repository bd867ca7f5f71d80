import { findRoute } from '../../../shared/api/find-route.ts';
import { ROUTES } from '../../../shared/api/route-table.ts';

function found(method: string, path: string): string {
  const result = findRoute(ROUTES, method, path);
  return result.kind === 'route'
    ? `${result.route.operationId} ${JSON.stringify(result.params)}`
    : result.kind;
}

describe('finding a route', () => {
  test.each([
    ['GET', '/v1/users', 'listUsers {}'],
    ['GET', '/v1/users/a+b@example.org', 'getUser {"email":"a+b@example.org"}'],
    ['GET', '/v1/users/a%2Bb%40example.org', 'getUser {"email":"a+b@example.org"}'],
    ['POST', '/v1/users/import', 'importUsers {}'],
    ['DELETE', '/v1/users/import', 'deleteUser {"email":"import"}'],
    ['POST', '/v1/migrations/M1/mailboxes/import', 'importMigrationMailboxes {"migrationId":"M1"}'],
  ])('%s %s is %s', (method, path, expected) => {
    expect(found(method, path)).toBe(expected);
  });

  test.each([
    '/',
    '/v1',
    '/v1/users/',
    '/v1/users/a/b',
    '//v1/users',
    '/v2/users',
    '/v1/users/%',
    '/v1/users/%ff',
  ])('%s leads nowhere', (path) => {
    expect(found('GET', path)).toBe('none');
  });

  test('names the methods that an address takes', () => {
    expect(findRoute(ROUTES, 'PATCH', '/v1/destination')).toEqual({
      kind: 'other-methods',
      methods: ['GET', 'PUT'],
    });
  });
});
