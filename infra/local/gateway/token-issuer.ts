import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  importJWK,
  type CryptoKey,
  type JSONWebKeySet,
  type JWK,
  type JWTVerifyGetKey,
  SignJWT,
} from 'jose';
import { z } from 'zod';
import type { Clock } from '../../../shared/migration/clock.ts';
import { errorCode } from '../error-code.ts';
import { writeFileAtomically } from '../write-file-atomically.ts';

export interface TokenRequest {
  readonly tenant: string;
  readonly scopes: readonly string[];
  readonly expiresInSeconds: number;
  /** Who bears the token. */
  readonly subject?: string;
}

/** The machine's own identity provider, for those who have none: its keys, and tokens signed with them. */
export interface TokenIssuer {
  readonly keys: JWTVerifyGetKey;
  readonly jwks: JSONWebKeySet;
  /** What `/.well-known/openid-configuration` says. */
  readonly discovery: Readonly<Record<string, unknown>>;
  readonly issue: (request: TokenRequest) => Promise<string>;
}

/** A private key that is kept in the state folder, ready for use. */
export interface SigningKey {
  readonly key: CryptoKey;
  readonly publicJwk: JWK & { readonly kid: string };
}

const ALGORITHM = 'RS256';

const privateJwk = z.object({
  kty: z.literal('RSA'),
  n: z.string(),
  e: z.string(),
  d: z.string(),
  p: z.string(),
  q: z.string(),
  dp: z.string(),
  dq: z.string(),
  qi: z.string(),
});

type PrivateJwk = z.infer<typeof privateJwk>;

/** Reads the key from the state folder; at the first start it is made (file of mode 0600). */
export async function loadSigningKey(stateDir: string): Promise<SigningKey> {
  const stored = await readKey(join(stateDir, 'token-issuer.jwk'));
  const kid = await calculateJwkThumbprint(stored);
  const key = await importJWK(stored, ALGORITHM);
  return {
    key,
    publicJwk: { kty: stored.kty, n: stored.n, e: stored.e, kid, alg: ALGORITHM, use: 'sig' },
  };
}

/** @param options.issuer the address under which the gateway serves the key set */
export function createTokenIssuer(
  signing: SigningKey,
  options: { issuer: string; audience: string; clock: Clock },
): TokenIssuer {
  const { issuer, audience, clock } = options;
  const jwks: JSONWebKeySet = { keys: [signing.publicJwk] };
  return {
    keys: createLocalJWKSet(jwks),
    jwks,
    discovery: {
      issuer,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      response_types_supported: ['token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: [ALGORITHM],
    },
    issue: async (request) => {
      const now = Math.floor(clock.now() / 1000);
      return new SignJWT({ tenant: request.tenant, scope: request.scopes.join(' ') })
        .setProtectedHeader({ alg: ALGORITHM, kid: signing.publicJwk.kid, typ: 'JWT' })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(request.subject ?? 'local')
        .setJti(randomUUID())
        .setIssuedAt(now)
        .setExpirationTime(now + request.expiresInSeconds)
        .sign(signing.key);
    },
  };
}

async function readKey(path: string): Promise<PrivateJwk> {
  try {
    return privateJwk.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const made = privateJwk.parse(await exportJWK(privateKey));
  await writeFileAtomically(path, Buffer.from(JSON.stringify(made)));
  return made;
}
