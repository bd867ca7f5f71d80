import { type CredentialSource, fixedCredential } from '../imap/session/credential-source.ts';
import type { OAuthGrant } from '../oauth/grant.ts';
import { type TokenSourceOptions, tokenSource } from '../oauth/token-source.ts';
import type { OAuthSignInRecord, SignInRecord } from '../state/sign-in-record.ts';
import type { ImapSecret, ServiceSecret } from '../vault/vault.ts';
import { clientAuthentication } from './client-authentication.ts';
import { fillUserName, USUAL_TEMPLATE } from './user-name-template.ts';

/** How one mailbox is opened. */
interface MailboxSignIn {
  readonly signIn: SignInRecord;
  /** The name of the mailbox at this server. */
  readonly user: string;
  readonly own: ImapSecret | undefined;
  readonly service: ServiceSecret | undefined;
}

/**
 * What opens one mailbox.
 * @returns undefined where a secret that it takes is not there
 * @throws UserNameError
 */
export function mailboxSignIn(
  { signIn, user, own, service }: MailboxSignIn,
  options: TokenSourceOptions,
): CredentialSource | undefined {
  switch (signIn.kind) {
    case 'user-password':
      return own?.kind === 'password'
        ? fixedCredential({ kind: 'password', user, password: own.password })
        : undefined;
    case 'administrator': {
      if (service?.kind !== 'password') return undefined;
      const { password } = service;
      if (signIn.form === 'plain-authzid') {
        return fixedCredential({ kind: 'password', user: signIn.user, password, authorizeAs: user });
      }
      const name = fillUserName(signIn.template ?? USUAL_TEMPLATE, { user, admin: signIn.user });
      return fixedCredential({ kind: 'password', user: name, password });
    }
    case 'oauth': {
      const grant = grantOf(signIn, user, own, service);
      return grant === undefined ? undefined : tokenSource(user, grant, options);
    }
  }
}

function grantOf(
  signIn: OAuthSignInRecord,
  user: string,
  own: ImapSecret | undefined,
  service: ServiceSecret | undefined,
): OAuthGrant | undefined {
  const { tokenUrl, clientId, scopes } = signIn;
  const endpoint = { tokenUrl, clientId, scopes };
  switch (signIn.grant) {
    case 'client-credentials': {
      const authentication = clientAuthentication(service);
      if (authentication.kind === 'none') return undefined;
      return { kind: 'client-credentials', ...endpoint, authentication };
    }
    case 'refresh-token': {
      if (own?.kind !== 'refresh-token' || (signIn.secret && service === undefined)) return undefined;
      const { refreshToken } = own;
      return {
        kind: 'refresh-token',
        ...endpoint,
        authentication: clientAuthentication(service),
        refreshToken,
      };
    }
    case 'service-account': {
      if (service?.kind !== 'private-key') return undefined;
      const { privateKey, keyId } = service;
      return {
        kind: 'service-account',
        ...endpoint,
        privateKey,
        subject: user,
        ...(keyId === undefined ? {} : { keyId }),
      };
    }
  }
}
