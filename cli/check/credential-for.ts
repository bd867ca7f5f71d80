import { ProblemError } from '../../shared/api/problem.ts';
import type { SignInInput } from '../../shared/api/schemas/sign-in-schema.ts';
import { type StoredSignIn, signInOfInput } from '../../shared/api/sign-in-of-input.ts';
import { ownSecret } from '../../shared/api/try-sign-in.ts';
import { ImapError } from '../../shared/imap/errors.ts';
import { profileOf } from '../../shared/imap/providers/provider-catalogue.ts';
import type { CredentialSource } from '../../shared/imap/session/credential-source.ts';
import type { ImapEndpoint } from '../../shared/imap/session/imap-endpoint.ts';
import { systemClock } from '../../shared/migration/clock.ts';
import { mailboxSignIn } from '../../shared/sign-in/mailbox-sign-in.ts';
import { isByConsent, ownSecretKind } from '../../shared/sign-in/needed-secrets.ts';
import { UsageError } from '../errors.ts';

/** Whom a check signs in as, and how. */
export interface CheckedAccount {
  readonly user: string;
  /** How it is opened; by its password unless it is given. */
  readonly signIn: SignInInput | undefined;
  readonly password: string | undefined;
  readonly refreshToken: string | undefined;
}

/** Who runs this command may reach what this machine reaches. */
const POLICY = { allowPrivate: true };

/**
 * What opens the account that is checked.
 * @returns `none-yet` where its user can consent and has not
 * @throws UsageError, which quotes no secret
 */
export function credentialFor(
  { signIn: input, user, password, refreshToken }: CheckedAccount,
  endpoint: ImapEndpoint,
): CredentialSource | 'none-yet' {
  const { signIn, service } = storedOf(input ?? { kind: 'user-password' }, endpoint);
  const kind = ownSecretKind(signIn);
  const own = kind === undefined ? undefined : ownSecret(kind, { password, refreshToken });
  if (own === undefined && isByConsent(signIn)) return 'none-yet';
  let source: CredentialSource | undefined;
  try {
    source = mailboxSignIn({ signIn, user, own, service }, { clock: systemClock, policy: POLICY });
  } catch (error) {
    if (!(error instanceof ImapError)) throw error;
    throw new UsageError(`${error.message} (--sign-in)`, { cause: error });
  }
  if (source !== undefined) return source;
  throw new UsageError(
    'MAILHAUL_REFRESH_TOKEN is not set. Put the refresh token of the account into this variable of the environment.',
  );
}

function storedOf(input: SignInInput, endpoint: ImapEndpoint): StoredSignIn {
  try {
    return signInOfInput(input, { profile: profileOf(endpoint), allowPrivate: POLICY.allowPrivate });
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const places = error.errors.map(
      ({ pointer = '', detail }) => `${pointer.replace('#/signIn/', '')}: ${detail}`,
    );
    throw new UsageError(
      `--sign-in does not say how to sign in here: ${places.join('; ')}. Correct the file.`,
      {
        cause: error,
      },
    );
  }
}
