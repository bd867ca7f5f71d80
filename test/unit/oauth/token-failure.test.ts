import { FAILURE_REASONS } from '../../../shared/migration/failure-reason.ts';
import type { OAuthGrant } from '../../../shared/oauth/grant.ts';
import { tokenFailure } from '../../../shared/oauth/token-failure.ts';

const endpoint = { tokenUrl: 'https://login.example/token', clientId: 'app', scopes: ['mail'] };
const secret = { kind: 'secret', clientSecret: 'hush-hush' } as const;
const application: OAuthGrant = { kind: 'client-credentials', ...endpoint, authentication: secret };
const certified: OAuthGrant = {
  ...application,
  authentication: { kind: 'certificate', privateKey: 'PEM', thumbprint: 'T' },
};
const user: OAuthGrant = { kind: 'refresh-token', ...endpoint, authentication: secret, refreshToken: 'RT' };
const service: OAuthGrant = { kind: 'service-account', ...endpoint, privateKey: 'PEM', subject: 'ann' };

const same = (text: string): string => text;

describe('an answer without a token', () => {
  test.each<[string, OAuthGrant, Parameters<typeof tokenFailure>[1], string]>([
    ['consent that was withdrawn', user, { status: 400, error: 'invalid_grant' }, 'consent-missing'],
    ['a user who must show more', user, { status: 400, error: 'interaction_required' }, 'consent-missing'],
    [
      'a user who never consented',
      user,
      { status: 400, error: 'invalid_grant', description: 'AADSTS65001: The user has not consented' },
      'consent-missing',
    ],
    [
      'an application that nobody allowed',
      application,
      { status: 400, error: 'invalid_grant', description: 'AADSTS65001: has not consented' },
      'admin-consent-missing',
    ],
    [
      'an application without a service principal',
      application,
      { status: 401, error: 'invalid_client', description: 'AADSTS7000229: missing service principal' },
      'admin-consent-missing',
    ],
    [
      'a wrong secret',
      application,
      { status: 401, error: 'invalid_client', description: 'AADSTS7000215: Invalid client secret' },
      'oauth-client-refused',
    ],
    [
      'an application of another directory',
      application,
      { status: 400, error: 'unauthorized_client', description: 'AADSTS700016: not found in the directory' },
      'oauth-client-refused',
    ],
    [
      'a service account without delegation',
      service,
      { status: 401, error: 'unauthorized_client' },
      'admin-consent-missing',
    ],
    [
      'a service account with another key',
      service,
      { status: 400, error: 'invalid_grant' },
      'oauth-client-refused',
    ],
    [
      'a statement from another time',
      service,
      { status: 400, error: 'invalid_grant', skewMs: -120_000 },
      'clock-skew',
    ],
    [
      'a statement from another time, of a certificate',
      certified,
      { status: 401, error: 'invalid_client', skewMs: 7_200_000 },
      'clock-skew',
    ],
    [
      'a secret, whatever the time',
      application,
      { status: 401, error: 'invalid_client', skewMs: 7_200_000 },
      'oauth-client-refused',
    ],
    [
      'a statement that Microsoft finds out of time',
      certified,
      { status: 401, error: 'invalid_client', description: 'AADSTS700024: not within its valid time range' },
      'clock-skew',
    ],
    [
      'a scope that there is not',
      application,
      { status: 400, error: 'invalid_scope' },
      'oauth-client-refused',
    ],
    ['a service that is busy', user, { status: 429, error: 'invalid_grant' }, 'token-unavailable'],
    ['a service that is broken', user, { status: 502 }, 'token-unavailable'],
    ['a service that says so', user, { status: 400, error: 'temporarily_unavailable' }, 'token-unavailable'],
    ['something else', user, { status: 302 }, 'token-unavailable'],
  ])('%s is told apart', (_what, grant, refusal, reason) => {
    const failure = tokenFailure(grant, refusal, same);
    expect(failure).toMatchObject({ code: 'token-failed', reason });
    expect(FAILURE_REASONS).toContain(failure.reason);
    expect(failure.retryable).toBe(reason === 'token-unavailable');
    expect(failure.message).toContain('login.example');
  });

  test('is told in the words of the service, of one line and without secrets', () => {
    const said = `bad\r\nsecret hush-hush ${'x'.repeat(3000)}`;
    const { serverText } = tokenFailure(
      application,
      { status: 401, error: 'invalid_client', description: said },
      (text) => text.replaceAll('hush-hush', '•••'),
    );
    expect(serverText).toMatch(/^invalid_client: bad secret ••• x+…$/);
    expect(serverText?.length).toBeLessThanOrEqual(500);
  });
});
