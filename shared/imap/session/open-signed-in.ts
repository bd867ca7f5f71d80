import { AuthenticationError, ImapError } from '../errors.ts';
import type { CredentialSource } from './credential-source.ts';
import type { ImapEndpoint } from './imap-endpoint.ts';
import { type ImapSession, openSession, type OpenSessionOptions } from './open-session.ts';

/**
 * Opens a session with what a source gives; where the server refuses it and the source has something newer, once again
 * with that: a token may have been revoked before its time.
 * @throws as `openSession`, and what the source throws, with `side`
 */
export async function openSignedIn(
  endpoint: ImapEndpoint,
  source: CredentialSource,
  options: OpenSessionOptions,
): Promise<ImapSession> {
  const { wait, side } = options;
  const credential = await attributed(side, source.get(wait));
  if (source.asksFirst) options.onStep?.('token', 'The sign-in service gave a token.');
  try {
    return await openSession(endpoint, credential, options);
  } catch (error) {
    if (!(error instanceof AuthenticationError)) throw error;
    const renewed = await attributed(side, source.renew(credential, wait));
    if (renewed === undefined) throw error;
    return openSession(endpoint, renewed, options);
  }
}

async function attributed<T>(side: OpenSessionOptions['side'], asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    throw error instanceof ImapError ? error.attributeTo(side) : error;
  }
}
