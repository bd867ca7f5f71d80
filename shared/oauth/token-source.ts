import type { CredentialSource } from '../imap/session/credential-source.ts';
import type { ImapCredential } from '../imap/session/imap-endpoint.ts';
import type { Wait } from '../imap/wire/wait.ts';
import { TokenError } from './errors.ts';
import type { GrantedToken, OAuthGrant } from './grant.ts';
import { requestToken, type TokenRequestOptions } from './request-token.ts';

export interface TokenSourceOptions extends Omit<TokenRequestOptions, 'wait'> {
  /** Where the present refresh token is, for a grant that has one: others may have changed it. */
  readonly readRefreshToken?: (() => Promise<string | undefined>) | undefined;
  /** Called when the service gave another refresh token, before the access token is used. */
  readonly keepRefreshToken?: ((from: string, to: string) => Promise<void>) | undefined;
}

/** Renewed so long before it expires: a sign-in takes some of it, and clocks differ (ms). */
const RENEW_BEFORE_MS = 120_000;
/** For everything that one token takes, in ms. */
const DEADLINE_MS = 15_000;

/**
 * Signs a user in by access tokens, which live in this object and nowhere else: it is made anew by each invocation. A
 * token is asked for when there is none, when it is about to expire, and when a server refused one that it took before.
 * @param grant as it is now; a refresh token that the service changes is the new one from then on
 */
export function tokenSource(user: string, grant: OAuthGrant, options: TokenSourceOptions): CredentialSource {
  let present = grant;
  let held: { token: GrantedToken; askedAt: number; uses: number } | undefined;
  let asking: Promise<GrantedToken> | undefined;

  const ask = async (wait: Wait): Promise<GrantedToken> => {
    const bounded = { ...options, wait: { ...wait, deadlineMs: Math.min(wait.deadlineMs, DEADLINE_MS) } };
    const token = await requestFrom(present, bounded, async () => {
      const stored = await options.readRefreshToken?.();
      if (present.kind !== 'refresh-token' || stored === undefined || stored === present.refreshToken) {
        return undefined;
      }
      present = { ...present, refreshToken: stored };
      return present;
    });
    if (present.kind === 'refresh-token' && token.refreshToken !== undefined) {
      const { refreshToken: from } = present;
      const to = token.refreshToken;
      if (to !== from) {
        present = { ...present, refreshToken: to };
        await options.keepRefreshToken?.(from, to);
      }
    }
    return token;
  };
  const renewed = async (wait: Wait): Promise<GrantedToken> => {
    asking ??= ask(wait).finally(() => {
      asking = undefined;
    });
    const token = await asking;
    if (held?.token !== token) held = { token, askedAt: options.clock.now(), uses: 0 };
    return token;
  };
  const use = (token: GrantedToken): ImapCredential => {
    if (held?.token === token) held.uses += 1;
    return { kind: 'oauth', user, accessToken: token.accessToken };
  };
  /** Half of its life where that is shorter than the time before which it would be renewed. */
  const isFresh = ({ token, askedAt }: NonNullable<typeof held>): boolean => {
    const before = Math.min(RENEW_BEFORE_MS, (token.expiresAt - askedAt) / 2);
    return options.clock.now() < token.expiresAt - before;
  };

  return {
    asksFirst: true,
    async get(wait) {
      return use(held !== undefined && isFresh(held) ? held.token : await renewed(wait));
    },
    async renew(refused, wait) {
      if (refused.kind !== 'oauth') return undefined;
      if (held !== undefined && held.token.accessToken !== refused.accessToken) return use(held.token);
      // Refused at its first use: the next one would be no better.
      if (held !== undefined && held.uses <= 1) return undefined;
      return use(await renewed(wait));
    },
  };
}

/**
 * Asks; and where the consent behind a refresh token does not hold, once more with the one that others have put into
 * its place meanwhile, if they have.
 */
async function requestFrom(
  grant: OAuthGrant,
  options: TokenRequestOptions,
  replaced: () => Promise<OAuthGrant | undefined>,
): Promise<GrantedToken> {
  try {
    return await requestToken(grant, options);
  } catch (error) {
    if (!(error instanceof TokenError) || error.problem !== 'consent-missing') throw error;
    const other = await replaced();
    if (other === undefined) throw error;
    return requestToken(other, options);
  }
}
