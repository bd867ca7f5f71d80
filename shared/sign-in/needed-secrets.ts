import type { OAuthSignInRecord, SignInRecord } from '../state/sign-in-record.ts';
import type { ImapSecret } from '../vault/vault.ts';

/** What of a sign-in says what a mailbox brings for itself. */
type SignInWay =
  | { readonly kind: 'user-password' | 'administrator' }
  | Pick<OAuthSignInRecord, 'kind' | 'grant'>;

/** What a mailbox brings for itself, beside what its server's sign-in has for all. */
export function ownSecretKind(signIn: SignInWay): ImapSecret['kind'] | undefined {
  switch (signIn.kind) {
    case 'user-password':
      return 'password';
    case 'administrator':
      return undefined;
    case 'oauth':
      return signIn.grant === 'refresh-token' ? 'refresh-token' : undefined;
  }
}

/** Whether an entry of the vault belongs to it. */
export function hasServiceSecret(signIn: SignInRecord): boolean {
  return signIn.kind !== 'user-password' && signIn.secret;
}

/** A sign-in whose users can be sent somewhere to consent. */
export type ConsentSignIn = OAuthSignInRecord & {
  readonly grant: 'refresh-token';
  readonly authorizationUrl: string;
};

/** Whether users can give what it takes by a link. */
export function isByConsent(signIn: SignInRecord): signIn is ConsentSignIn {
  return signIn.kind === 'oauth' && signIn.grant === 'refresh-token' && signIn.authorizationUrl !== undefined;
}
