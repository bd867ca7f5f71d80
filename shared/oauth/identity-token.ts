import { decodeJwt } from 'jose';
import type { IDToken } from 'oauth4webapi';
import * as z from 'zod';

/** Stands in an issuer for the directory of the account, which is not known before it has signed in (Microsoft). */
const DIRECTORY = '{directory}';

export function isOneForEachDirectory(issuer: string): boolean {
  return issuer.includes(DIRECTORY);
}

/**
 * The issuer that an answer's identity token must name. Where each directory has one of its own, it is that of the
 * directory that the token itself names: https://learn.microsoft.com/entra/identity-platform/id-tokens
 * @param body of the token endpoint's answer
 */
export function issuerFor(issuer: string, body: string): string {
  if (!isOneForEachDirectory(issuer)) return issuer;
  try {
    const { id_token: token } = z.object({ id_token: z.string() }).parse(JSON.parse(body));
    const { tid } = z.object({ tid: z.uuid() }).parse(decodeJwt(token));
    return issuer.replace(DIRECTORY, tid);
  } catch {
    // no such token: what is there is judged by others
    return issuer;
  }
}

const claimsSchema = z.object({
  email: z.email().optional().catch(undefined),
  email_verified: z.union([z.boolean(), z.stringbool()]).optional().catch(undefined),
  preferred_username: z.email().optional().catch(undefined),
  upn: z.email().optional().catch(undefined),
});

/**
 * Addresses of the account that an identity token speaks of. They tell a user early that it was the wrong one; whether a
 * token opens a mailbox is decided by the mail server alone, for some services let anybody write an address there.
 */
export function addressesOf(claims: IDToken | undefined): string[] {
  if (claims === undefined) return [];
  const { email, email_verified: verified, preferred_username: preferred, upn } = claimsSchema.parse(claims);
  const named = [verified === false ? undefined : email, preferred, upn];
  return [...new Set(named.filter((address) => address !== undefined))];
}

/**
 * An answer without the identity token that nobody has asked for: services go on sending one with each access token,
 * and there is no nonce to hold it against.
 */
export function withoutIdentity(body: string): string {
  if (!body.includes('"id_token"')) return body;
  try {
    const { id_token: _identity, ...rest } = z.looseObject({}).parse(JSON.parse(body));
    return JSON.stringify(rest);
  } catch {
    // not an answer at all, which others see too
    return body;
  }
}
