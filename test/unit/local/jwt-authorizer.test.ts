import { createLocalJWKSet, type CryptoKey, exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { createJwtAuthorizer, type JwtAuthorizer } from '../../../infra/local/gateway/jwt-authorizer.ts';
import { ManualClock } from './manual-clock.ts';

const ISSUER = 'https://issuer.example';

describe('the JWT authorizer', () => {
  const clock = new ManualClock();
  const seconds = (): number => clock.now() / 1000;
  let authorize: JwtAuthorizer;
  let privateKey: CryptoKey;

  beforeAll(async () => {
    const pair = await generateKeyPair('RS256', { extractable: true });
    privateKey = pair.privateKey;
    const keys = createLocalJWKSet({
      keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'RS256' }],
    });
    authorize = createJwtAuthorizer({ issuer: ISSUER, audience: ['mailhaul'], keys, clock });
  });

  function claims(changes: Record<string, unknown> = {}): Record<string, unknown> {
    const now = seconds();
    return { iss: ISSUER, aud: 'mailhaul', sub: 'ann', iat: now, exp: now + 60, tenant: 't1', ...changes };
  }

  function sign(payload: Record<string, unknown>, key: CryptoKey = privateKey): Promise<string> {
    return new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: 'k1' }).sign(key);
  }

  test('grants a good token and hands its claims on as text', async () => {
    const token = await sign(claims({ scope: 'read write', admin: true, groups: ['a', 'b'] }));
    for (const header of [`Bearer ${token}`, `bearer ${token}`, token]) {
      expect(await authorize(header, undefined)).toEqual({
        kind: 'granted',
        claims: {
          iss: ISSUER,
          aud: 'mailhaul',
          sub: 'ann',
          iat: String(seconds()),
          exp: String(seconds() + 60),
          tenant: 't1',
          scope: 'read write',
          admin: 'true',
          groups: '[a b]',
        },
        scopes: null,
      });
    }
  });

  test('takes one of several audiences, and client_id where there is none', async () => {
    expect(await authorize(await sign(claims({ aud: ['other', 'mailhaul'] })), undefined)).toMatchObject({
      kind: 'granted',
    });
    const { aud: _aud, ...without } = claims({ client_id: 'mailhaul' });
    expect(await authorize(await sign(without), undefined)).toMatchObject({ kind: 'granted' });
  });

  test.each([
    ['of another issuer', { iss: 'https://evil.example' }],
    ['for another audience', { aud: 'other', client_id: 'mailhaul' }],
    ['for nobody', { aud: undefined }],
    ['that never ends', { exp: undefined }],
  ])('refuses a token %s', async (_, changes) => {
    expect(await authorize(await sign(claims(changes)), undefined)).toMatchObject({ kind: 'unauthorized' });
  });

  test('refuses a token before its time and after it', async () => {
    const now = seconds();
    const token = await sign(claims({ nbf: now + 10, exp: now + 20 }));
    expect(await authorize(token, undefined)).toMatchObject({ kind: 'unauthorized' });
    clock.advance(10_000);
    expect(await authorize(token, undefined)).toMatchObject({ kind: 'granted' });
    clock.advance(10_000);
    expect(await authorize(token, undefined)).toEqual({
      kind: 'unauthorized',
      reason: 'the token has expired',
    });
  });

  test('refuses a token that was issued in the future', async () => {
    const token = await sign(claims({ iat: seconds() + 5 }));
    expect(await authorize(token, undefined)).toMatchObject({ kind: 'unauthorized' });
  });

  test('refuses what another key signed, what was changed, and what nobody signed', async () => {
    const other = await generateKeyPair('RS256');
    const good = await sign(claims());
    const [header, , signature] = good.split('.');
    const forged = Buffer.from(JSON.stringify(claims({ tenant: 'victim' }))).toString('base64url');
    const tokens = [
      await sign(claims(), other.privateKey),
      `${header}.${forged}.${signature}`,
      new UnsecuredJWT(claims()).encode(),
      'nonsense',
    ];
    for (const token of tokens) {
      expect(await authorize(`Bearer ${token}`, undefined)).toMatchObject({ kind: 'unauthorized' });
    }
  });

  test('refuses a token that is signed with the public key as if it were a shared secret', async () => {
    const secret = new TextEncoder().encode(JSON.stringify(await exportJWK(privateKey)));
    const token = await new SignJWT(claims()).setProtectedHeader({ alg: 'HS256', kid: 'k1' }).sign(secret);
    expect(await authorize(token, undefined)).toMatchObject({ kind: 'unauthorized' });
  });

  test.each([undefined, '', 'Bearer ', 'Bearer'])('refuses %j for a token', async (header) => {
    expect(await authorize(header, undefined)).toMatchObject({ kind: 'unauthorized' });
  });

  test('asks for one of the scopes that a route names', async () => {
    const token = await sign(claims({ scope: 'mailhaul/read mailhaul/admin' }));
    expect(await authorize(token, ['mailhaul/admin', 'other'])).toMatchObject({
      kind: 'granted',
      scopes: ['mailhaul/read', 'mailhaul/admin'],
    });
    expect(await authorize(token, ['mailhaul/admi'])).toEqual({ kind: 'forbidden' });
    expect(await authorize(await sign(claims()), ['mailhaul/admin'])).toEqual({ kind: 'forbidden' });
  });
});
