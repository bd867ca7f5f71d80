import type { OAuthSignInRecord, SignInRecord } from '../../shared/state/sign-in-record.ts';
import type { ImapSecret, ServiceSecret } from '../../shared/vault/vault.ts';
import type { OAuthServer } from './oauth-server.ts';

/** How a mailbox is opened by tokens of a server, with everything that is stored for it. */
interface TokenSignIn {
  readonly signIn: SignInRecord;
  readonly service: ServiceSecret;
  readonly own?: ImapSecret;
}

const record = (fields: Omit<OAuthSignInRecord, 'kind' | 'secret' | 'scopes'>): OAuthSignInRecord => ({
  kind: 'oauth',
  secret: true,
  scopes: ['mail'],
  ...fields,
});

/** The application opens all. */
export function byApplication({ application, tokenUrl }: OAuthServer): TokenSignIn {
  const { clientId, clientSecret } = application;
  return {
    signIn: record({ grant: 'client-credentials', clientId, tokenUrl }),
    service: { kind: 'client-secret', clientSecret },
  };
}

/** The user has consented. */
export function byConsent({ delegated, tokenUrl }: OAuthServer, refreshToken: string): TokenSignIn {
  const { clientId, clientSecret } = delegated;
  return {
    signIn: record({ grant: 'refresh-token', clientId, tokenUrl }),
    service: { kind: 'client-secret', clientSecret },
    own: { kind: 'refresh-token', refreshToken },
  };
}

/** A service account acts for the user. */
export function byServiceAccount({ serviceAccount, serviceAccountUrl }: OAuthServer): TokenSignIn {
  const { email, privateKey } = serviceAccount;
  return {
    signIn: record({ grant: 'service-account', clientId: email, tokenUrl: serviceAccountUrl }),
    service: { kind: 'private-key', privateKey },
  };
}
