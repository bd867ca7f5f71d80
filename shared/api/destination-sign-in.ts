import type { ImapCredential } from '../imap/session/imap-endpoint.ts';

/** How an account at the destination is opened. */
export type DestinationSignIn =
  | { readonly kind: 'user-password' }
  | { readonly kind: 'administrator'; readonly user: string; readonly form: 'plain-authzid' | 'master-user' };

/** The credential that opens a user's mailbox at the destination. */
export function destinationCredential(
  signIn: DestinationSignIn,
  user: string,
  password: string,
): ImapCredential {
  if (signIn.kind === 'user-password') return { kind: 'password', user, password };
  return signIn.form === 'plain-authzid'
    ? { kind: 'password', user: signIn.user, password, authorizeAs: user }
    : { kind: 'password', user: `${user}*${signIn.user}`, password };
}
