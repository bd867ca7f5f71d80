import { AuthenticationError, TlsError } from '../errors.ts';
import type { ImapCredential, ImapEndpoint } from './imap-endpoint.ts';

/** The `auth` option of imapflow. */
export type SignInMethod =
  | { user: string; accessToken: string }
  | { user: string; pass: string; loginMethod?: string; authzid?: string };

/** Goes into a quoted string, in any server's opinion (RFC 3501 9). */
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;

/**
 * Chooses how to sign in, before anything secret is sent.
 * - An authorisation identity exists in SASL PLAIN only; imapflow would drop it silently and open the administrator's
 *   own mailbox, so PLAIN is demanded.
 * - LOGIN takes one round trip and needs no advertisement; PLAIN takes two with imapflow. What is not ASCII goes by
 *   SASL where possible, which is UTF-8 by definition; imapflow knows the exceptions (Exchange).
 * @throws AuthenticationError, TlsError
 */
export function chooseSignIn(
  credential: ImapCredential,
  capabilities: ReadonlySet<string>,
  endpoint: ImapEndpoint,
): SignInMethod {
  const secret = credential.kind === 'password' ? credential.password : credential.accessToken;
  if (secret === '' || credential.user === '') {
    throw new AuthenticationError('The user name or the password is missing.', {
      reason: 'credential-missing',
    });
  }
  const authorizeAs = credential.kind === 'password' ? credential.authorizeAs : undefined;
  // NUL separates the fields of SASL PLAIN and a line end ends a command: neither can be part of a value.
  if ([credential.user, secret, authorizeAs ?? ''].some((value) => /[\0\r\n]/.test(value))) {
    throw new AuthenticationError('The user name or the password holds a character that IMAP cannot carry.');
  }
  if (credential.kind === 'oauth') {
    requireTokenSignIn(capabilities, endpoint);
    return { user: credential.user, accessToken: credential.accessToken };
  }
  const { user, password: pass } = credential;
  const plain = capabilities.has('AUTH=PLAIN');
  if (authorizeAs !== undefined) {
    if (plain) return { user, pass, loginMethod: 'AUTH=PLAIN', authzid: authorizeAs };
    throw passwordsRefused(
      endpoint,
      capabilities,
      `${endpoint.host} does not offer SASL PLAIN, which acting for another user needs.`,
    );
  }
  if (!capabilities.has('LOGINDISABLED')) {
    return PRINTABLE_ASCII.test(user + pass) ? { user, pass, loginMethod: 'LOGIN' } : { user, pass };
  }
  if (plain) return { user, pass, loginMethod: 'AUTH=PLAIN' };
  if (capabilities.has('AUTH=LOGIN')) return { user, pass, loginMethod: 'AUTH=LOGIN' };
  throw passwordsRefused(endpoint, capabilities, `${endpoint.host} does not take passwords.`);
}

/** @throws AuthenticationError where the server takes no tokens at all */
export function requireTokenSignIn(capabilities: ReadonlySet<string>, { host }: ImapEndpoint): void {
  if (['AUTH=XOAUTH2', 'AUTH=OAUTHBEARER'].some((mechanism) => capabilities.has(mechanism))) return;
  throw new AuthenticationError(`${host} does not take OAuth 2.0 tokens. Use a password.`);
}

function passwordsRefused(
  endpoint: ImapEndpoint,
  capabilities: ReadonlySet<string>,
  message: string,
): AuthenticationError | TlsError {
  if (endpoint.security === 'insecure' && capabilities.has('STARTTLS')) {
    return new TlsError('tls-required', `${message} It may over an encrypted connection: choose STARTTLS.`);
  }
  return new AuthenticationError(message);
}
