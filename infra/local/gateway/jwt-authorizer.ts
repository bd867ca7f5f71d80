import { type JWTPayload, type JWTVerifyGetKey, errors, jwtVerify } from 'jose';
import type { Clock } from '../../../shared/migration/clock.ts';

/** What the authorizer makes of a request; `reason` is for the WWW-Authenticate header. */
export type Authorization =
  | {
      readonly kind: 'granted';
      readonly claims: Readonly<Record<string, string>>;
      readonly scopes: readonly string[] | null;
    }
  | { readonly kind: 'unauthorized'; readonly reason: string | undefined }
  | { readonly kind: 'forbidden' };

export type JwtAuthorizer = (
  authorization: string | undefined,
  requiredScopes: readonly string[] | undefined,
) => Promise<Authorization>;

export interface JwtAuthorizerOptions {
  readonly issuer: string;
  /** A token must be for one of these. */
  readonly audience: readonly string[];
  /** The issuer's keys: jose's local or remote set. */
  readonly keys: JWTVerifyGetKey;
  readonly clock: Clock;
}

/** HTTP APIs take RSA signatures only. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512'];

/**
 * The JWT authorizer of HTTP APIs: signature by the issuer's keys, `iss`, `aud` (or `client_id` where there is none),
 * `exp`, `nbf`, `iat`, and at least one of the route's scopes in `scope` or `scp`.
 * (API Gateway developer guide, "Control access to HTTP APIs with JWT authorizers".)
 */
export function createJwtAuthorizer(options: JwtAuthorizerOptions): JwtAuthorizer {
  return async (authorization, requiredScopes) => {
    const token = authorization?.replace(/^Bearer\s+/i, '').trim();
    if (token === undefined || token === '') return { kind: 'unauthorized', reason: undefined };
    const payload = await verify(token, options);
    if (typeof payload === 'string') return { kind: 'unauthorized', reason: payload };
    const scopes = scopesOf(payload);
    if (requiredScopes !== undefined && !requiredScopes.some((scope) => scopes.includes(scope))) {
      return { kind: 'forbidden' };
    }
    // A route without scopes of its own is told null, whatever the token carries.
    return {
      kind: 'granted',
      claims: toClaims(payload),
      scopes: requiredScopes === undefined ? null : scopes,
    };
  };
}

/** The claims, or what is wrong with the token. */
async function verify(token: string, options: JwtAuthorizerOptions): Promise<JWTPayload | string> {
  const now = options.clock.now();
  try {
    const { payload } = await jwtVerify(token, options.keys, {
      issuer: options.issuer,
      algorithms: ALGORITHMS,
      requiredClaims: ['exp'],
      currentDate: new Date(now),
    });
    if (payload.iat !== undefined && payload.iat * 1000 > now) return 'the token was issued in the future';
    return isForAudience(payload, options.audience) ? payload : 'the token does not have a valid audience';
  } catch (error) {
    return reasonOf(error);
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'the token has expired';
  if (error instanceof errors.JWTClaimValidationFailed)
    return `the token has an invalid claim: ${error.claim}`;
  if (error instanceof errors.JOSEError) return 'the token is not valid';
  // Not the token's fault: the issuer's keys cannot be had.
  throw error;
}

function isForAudience(payload: JWTPayload, audience: readonly string[]): boolean {
  const given = payload.aud ?? payload['client_id'];
  const names = Array.isArray(given) ? given : [given];
  return names.some((name) => typeof name === 'string' && audience.includes(name));
}

function scopesOf(payload: JWTPayload): string[] {
  const scope = payload['scope'] ?? payload['scp'];
  if (Array.isArray(scope)) return scope.filter((name) => typeof name === 'string');
  return typeof scope === 'string' ? scope.split(' ').filter((name) => name !== '') : [];
}

/** API Gateway hands every claim on as text; a list becomes "[a b]". */
function toClaims(payload: JWTPayload): Record<string, string> {
  return Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, toText(value)]));
}

function toText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return `[${value.map(toText).join(' ')}]`;
  return JSON.stringify(value);
}
