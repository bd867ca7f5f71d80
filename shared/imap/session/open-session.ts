import { AuthenticationError, ImapError, type ImapSide } from '../errors.ts';
import { type ConnectOptions, connectServer } from './connect-server.ts';
import type { ImapCredential, ImapEndpoint } from './imap-endpoint.ts';
import { type ImapSession, ImapflowSession } from './imap-session.ts';
import { ImapflowClient } from './imapflow-client.ts';
import { createScrubber } from './secret-scrubber.ts';
import { chooseSignIn } from './sign-in-method.ts';

export type { ImapSession } from './imap-session.ts';

export interface OpenSessionOptions extends Omit<ConnectOptions, 'onStep'> {
  side: ImapSide;
  /** Called as each step is done, in the order in which they happen. */
  onStep?: (step: 'token' | 'name' | 'tcp' | 'tls' | 'greeting' | 'login', detail: string) => void;
}

/**
 * Connects, encrypts, signs in: one round trip behind the greeting where the server takes LOGIN. The address connected
 * to is the one that the policy looked at.
 * @example
 * const session = await openSession(
 *   { host: 'imap.example.com', port: 993, security: 'tls' },
 *   { kind: 'password', user: 'ann@example.com', password },
 *   { side: 'source', wait: { signal, deadlineMs: 60_000 }, addressPolicy: { allowPrivate: false } },
 * );
 * const { folders } = await session.listFolders(wait);
 * const connection = session.takeOver(wait);
 * @throws ConnectError, AddressForbiddenError, TlsError, GreetingError, AuthenticationError, ThrottledError,
 * ConnectionClosedError, CommandTimeoutError, CommandRefusedError, ProtocolError: all with `side`; or the reason of
 * the signal. None holds the secret.
 */
export async function openSession(
  endpoint: ImapEndpoint,
  credential: ImapCredential,
  options: OpenSessionOptions,
): Promise<ImapSession> {
  try {
    return await open(endpoint, credential, options);
  } catch (error) {
    throw error instanceof ImapError ? error.attributeTo(options.side) : error;
  }
}

async function open(
  endpoint: ImapEndpoint,
  credential: ImapCredential,
  options: OpenSessionOptions,
): Promise<ImapSession> {
  const { wait, onStep } = options;
  const connection = await connectServer(endpoint, options);
  let client: ImapflowClient | undefined;
  try {
    const signIn = chooseSignIn(credential, connection.capabilities, endpoint);
    client = new ImapflowClient(connection, endpoint, signIn, createScrubber(credential));
    await client.run(credential.kind === 'oauth' ? 'AUTHENTICATE' : 'LOGIN', wait, (imapflow) =>
      imapflow.connect(),
    );
    if (!client.imapflow.authenticated) throw new AuthenticationError('The sign-in failed.');
    onStep?.('login', `Signed in as ${signedInAs(credential)}.`);
    return new ImapflowSession(client, options.side);
  } catch (error) {
    client?.close();
    connection.socket.destroy();
    throw error;
  }
}

function signedInAs(credential: ImapCredential): string {
  if (credential.kind === 'oauth' || credential.authorizeAs === undefined) return credential.user;
  return `${credential.authorizeAs} by ${credential.user}`;
}
