import type { ProviderProfile } from '../imap/providers/provider-profile.ts';
import type { ConsentSignIn } from '../sign-in/needed-secrets.ts';

/** How users are asked for consent at one service. */
export interface ConsentWay {
  /** Undefined where nobody vouches for who consented: the mail server decides then. */
  readonly issuer: string | undefined;
  readonly scopes: readonly string[];
  readonly parameters: Readonly<Record<string, string>>;
}

/** By the provider's profile, where the sign-in goes to the provider's own service, and by what is given with it. */
export function consentWayOf(signIn: ConsentSignIn, { oauth }: ProviderProfile): ConsentWay {
  const { authorizationUrl, tokenUrl, scopes } = signIn;
  const known =
    oauth !== undefined &&
    isSameService(authorizationUrl, oauth.authorizationUrl) &&
    isSameService(tokenUrl, oauth.tokenUrl)
      ? oauth.consent
      : undefined;
  const issuer = signIn.issuer ?? known?.issuer;
  const identityScopes = issuer === undefined ? [] : (known?.identityScopes ?? ['openid', 'email']);
  return {
    issuer,
    scopes: [...new Set([...scopes, ...identityScopes])],
    // OpenID Connect Core 11: for access that goes on without the user, consent is asked for.
    parameters: known?.parameters ?? (scopes.includes('offline_access') ? { prompt: 'consent' } : {}),
  };
}

/**
 * Where the service sends users back to. Each service has an address of its own, so that an answer of one cannot pass
 * for that of another (RFC 9700 4.4.2); an administrator registers it there.
 */
export function redirectUriOf(baseUrl: string, { tokenUrl }: Pick<ConsentSignIn, 'tokenUrl'>): string {
  return `${baseUrl}/v1/consent/callback/${serviceOf({ tokenUrl })}`;
}

/** Names a service in that address. */
export function serviceOf({ tokenUrl }: Pick<ConsentSignIn, 'tokenUrl'>): string {
  return new URL(tokenUrl).host;
}

/**
 * Whether everything was granted that the mailbox needs: users may leave out single permissions. Services write the same
 * scope in longer and shorter forms, so the last part of its name tells.
 */
export function isGranted(wanted: readonly string[], granted: readonly string[] | undefined): boolean {
  if (granted === undefined) return true;
  const names = new Set(granted.flatMap((scope) => [scope, lastPart(scope)]));
  return wanted
    .filter((scope) => scope !== 'offline_access')
    .every((scope) => names.has(scope) || names.has(lastPart(scope)));
}

function lastPart(scope: string): string {
  return (scope.split('/').at(-1) || scope).toLowerCase();
}

function isSameService(one: string, other: string): boolean {
  return new URL(one).origin === new URL(other).origin;
}
