import { createHash } from 'node:crypto';
import { UnsecuredJWT } from 'jose';
import { authorizationAddress } from '../../../shared/oauth/authorization-request.ts';
import { readAuthorizationResponse } from '../../../shared/oauth/authorization-response.ts';
import { addressesOf, issuerFor, withoutIdentity } from '../../../shared/oauth/identity-token.ts';

const TID = '9188040d-6c67-4c5b-b112-36a304b66dad';
const TEMPLATE = 'https://login.microsoftonline.com/{directory}/v2.0';
const expected = { state: 'the-state', issuer: 'https://accounts.google.com', clientId: 'x' };
const read = (query: string, issuer: string | undefined = expected.issuer) =>
  readAuthorizationResponse(new URLSearchParams(query), { ...expected, issuer });

test('the address of a request keeps what the service has in its own, and lets nothing be overwritten', () => {
  const url = new URL(
    authorizationAddress({
      authorizationUrl: 'https://login.example/authorize?p=policy',
      clientId: 'x y',
      redirectUri: 'https://move.example/v1/consent/callback/login.example',
      scopes: ['a', 'b'],
      state: 's',
      codeVerifier: 'v'.repeat(43),
      parameters: { prompt: 'consent', state: 'another', code_challenge_method: 'plain' },
    }),
  );
  expect(Object.fromEntries(url.searchParams)).toEqual({
    p: 'policy',
    prompt: 'consent',
    response_type: 'code',
    client_id: 'x y',
    redirect_uri: 'https://move.example/v1/consent/callback/login.example',
    scope: 'a b',
    state: 's',
    code_challenge: createHash('sha256').update('v'.repeat(43)).digest('base64url'),
    code_challenge_method: 'S256',
  });
});

test.each([
  ['code=abc&state=the-state', { kind: 'code', code: 'abc' }],
  [
    'code=abc&state=the-state&iss=https://accounts.google.com&scope=x&authuser=0',
    { kind: 'code', code: 'abc' },
  ],
  ['code=abc&state=the-state&iss=https://evil.example', { refusal: 'answer-unreadable' }],
  ['code=abc&state=another', { refusal: 'answer-unreadable' }],
  ['code=abc', { refusal: 'answer-unreadable' }],
  ['state=the-state', { refusal: 'answer-unreadable' }],
  ['code=abc&code=def&state=the-state', { refusal: 'answer-unreadable' }],
  [`code=${'x'.repeat(5000)}&state=the-state`, { refusal: 'answer-unreadable' }],
  ['access_token=abc&token=x&state=the-state', { refusal: 'answer-unreadable' }],
  ['error=access_denied&state=the-state', { refusal: 'denied' }],
  ['error=access_denied&state=another', { refusal: 'answer-unreadable' }],
  ['error=consent_required&error_description=AADSTS65001: x&state=the-state', { refusal: 'admin-approval' }],
  ['error=access_denied&error_description=AADSTS65004: x&state=the-state', { refusal: 'denied' }],
  ['error=access_denied&error_description=AADSTS90094: x&state=the-state', { refusal: 'admin-approval' }],
  ['error=admin_policy_enforced&state=the-state', { refusal: 'admin-approval' }],
  ['error=invalid_scope&state=the-state', { refusal: 'client-refused' }],
  ['error=server_error&state=the-state', { refusal: 'service-failed' }],
])('an answer %j is read as %j', (query, reading) => {
  expect(read(query)).toMatchObject(reading);
});

test('an issuer is not asked for where none is known, or where each directory has its own', () => {
  const query = 'code=abc&state=the-state&iss=https://login.microsoftonline.com/x/v2.0';
  expect(readAuthorizationResponse(new URLSearchParams(query), { ...expected, issuer: undefined }).kind).toBe(
    'code',
  );
  expect(read(query, TEMPLATE).kind).toBe('code');
});

describe('an identity token', () => {
  const body = (claims: Record<string, unknown>) =>
    JSON.stringify({ access_token: 'a', id_token: new UnsecuredJWT(claims).encode() });

  test('of Microsoft names the directory that its issuer is made of', () => {
    expect(issuerFor(TEMPLATE, body({ tid: TID }))).toBe(`https://login.microsoftonline.com/${TID}/v2.0`);
    for (const answer of [body({ tid: '../evil' }), body({}), '{"id_token":7}', 'no JSON', '']) {
      expect(issuerFor(TEMPLATE, answer)).toBe(TEMPLATE);
    }
    expect(issuerFor('https://accounts.google.com', body({ tid: TID }))).toBe('https://accounts.google.com');
  });

  test('that nobody asked for is left out of an answer', () => {
    expect(JSON.parse(withoutIdentity(body({})))).toEqual({ access_token: 'a' });
    for (const other of ['{"access_token":"a"}', '"id_token"', '["id_token"]', '']) {
      expect(withoutIdentity(other)).toBe(other);
    }
  });

  test.each([
    [{ email: 'a@x.example', email_verified: true }, ['a@x.example']],
    [{ email: 'a@x.example', email_verified: false }, []],
    [{ email: 'a@x.example', email_verified: 'false', preferred_username: 'b@x.example' }, ['b@x.example']],
    [
      { email: 'a@x.example', preferred_username: 'a@x.example', upn: 'c@x.example' },
      ['a@x.example', 'c@x.example'],
    ],
    [{ email: 7, preferred_username: '+48 600 000 000' }, []],
  ])('with %j tells of %j', (claims, addresses) => {
    expect(addressesOf({ iss: 'i', sub: 's', aud: 'a', iat: 1, exp: 2, ...claims })).toEqual(addresses);
  });
});
