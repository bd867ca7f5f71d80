import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import {
  COGNITO_RESOURCE_SERVER,
  cognitoScopeName,
  readCaller,
  requireScope,
  SCOPES,
} from '../../../shared/api/caller.ts';

const eventWith = (claims: Record<string, unknown>): APIGatewayProxyEventV2 =>
  // only the authorizer's part is read
  ({ requestContext: { authorizer: { jwt: { claims } } } }) as unknown as APIGatewayProxyEventV2;

describe('who calls', () => {
  test.each([
    ['scopes in one text', { scope: 'openid mailhaul:read mailhaul:write' }],
    ['scopes as Cognito writes them', { scope: 'openid mailhaul/read mailhaul/write' }],
    ['a list, as the gateway hands it on', { scp: '[mailhaul:read mailhaul:write]' }],
  ])('is known by %s', (_what, claims) => {
    const caller = readCaller(eventWith({ tenant: 'acme', ...claims }));
    expect(caller.tenant).toBe('acme');
    for (const scope of SCOPES) expect(() => requireScope(caller, scope)).not.toThrow();
  });

  test('has every scope by its name in Cognito', () => {
    for (const scope of SCOPES) {
      const name = `${COGNITO_RESOURCE_SERVER}/${cognitoScopeName(scope)}`;
      expect(readCaller(eventWith({ tenant: 'acme', scope: name })).scopes).toEqual(new Set([scope]));
    }
  });

  test.each(['other/read', 'mailhaul/admin', 'mailhaul', 'read', 'Mailhaul/read', 'x-mailhaul/read'])(
    'has no right to read by the scope %s',
    (scope) => {
      const caller = readCaller(eventWith({ tenant: 'acme', scope }));
      expect(() => requireScope(caller, 'mailhaul:read')).toThrow(
        expect.objectContaining({ code: 'scope-missing' }),
      );
    },
  );
});
