import type { ConnectionVerdict } from '../imap/connection-test/connection-verdict.ts';
import { testServer } from '../imap/connection-test/test-server.ts';
import { ImapError } from '../imap/errors.ts';
import type { CredentialSource } from '../imap/session/credential-source.ts';
import type { ImapEndpoint } from '../imap/session/imap-endpoint.ts';
import { mailboxSignIn } from '../sign-in/mailbox-sign-in.ts';
import { isByConsent, ownSecretKind } from '../sign-in/needed-secrets.ts';
import type { ImapSecret } from '../vault/vault.ts';
import { invalidBody } from './parse-request.ts';
import { ProblemError } from './problem.ts';
import type { RouteContext } from './route.ts';
import type { StoredSignIn } from './sign-in-of-input.ts';

/** Whom to try it as, with what the account has of its own. */
export interface TriedAccount {
  readonly user: string;
  readonly password?: string | undefined;
  readonly refreshToken?: string | undefined;
}

/**
 * Tries one account under the address policy of this installation; of a server whose users are still to consent, the
 * server alone. Takes less than ten seconds.
 * @param place where the account stands in the body, as a JSON pointer
 * @throws ProblemError credential-incomplete
 */
export function trySignIn(
  { services, testConnection, signal }: RouteContext,
  side: 'source' | 'destination',
  endpoint: ImapEndpoint,
  { signIn, service }: StoredSignIn,
  account: TriedAccount,
  place: string,
): Promise<ConnectionVerdict> {
  const policy = { allowPrivate: services.environment.allowPrivateAddresses };
  const kind = ownSecretKind(signIn);
  const own = kind === undefined ? undefined : ownSecret(kind, account);
  if (own === undefined && isByConsent(signIn)) {
    // Nobody has consented yet; each user's account is tried when its user does.
    return testServer(endpoint, { side, addressPolicy: policy, signal });
  }
  let source: CredentialSource | undefined;
  try {
    source = mailboxSignIn({ signIn, user: account.user, own, service }, { clock: services.clock, policy });
  } catch (error) {
    if (!(error instanceof ImapError)) throw error;
    throw invalidBody(`${place}/user`, error.message);
  }
  if (source === undefined) {
    const [field, what] =
      kind === 'refresh-token' ? ['refreshToken', 'refresh token'] : ['password', 'password'];
    throw new ProblemError('credential-incomplete', `The ${what} of the account is missing.`, {
      errors: [{ in: 'body', pointer: `${place}/${field}`, detail: `Give the ${what}` }],
    });
  }
  return testConnection(endpoint, source, { side, addressPolicy: policy, signal });
}

/** The secret of one mailbox as it was given; undefined where there is none of this kind. */
export function ownSecret(
  kind: ImapSecret['kind'],
  given: { readonly password?: string | undefined; readonly refreshToken?: string | undefined },
): ImapSecret | undefined {
  const { password, refreshToken } = given;
  switch (kind) {
    case 'password':
      return password === undefined ? undefined : { kind, password };
    case 'refresh-token':
      return refreshToken === undefined ? undefined : { kind, refreshToken };
  }
}
