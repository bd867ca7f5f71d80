import { AuthenticationError, ImapError, type ImapSide } from '../errors.ts';
import type { Wait } from '../wire/wait.ts';
import { type AddressPolicy, type HostResolver, resolveHost, systemResolver } from './address-policy.ts';
import type { CertificateFacts } from './certificate-facts.ts';
import { connectSocket } from './connect-socket.ts';
import type { ImapCredential, ImapEndpoint } from './imap-endpoint.ts';
import { type ImapSession, ImapflowSession } from './imap-session.ts';
import { ImapflowClient } from './imapflow-client.ts';
import { negotiate } from './negotiate.ts';
import { createScrubber } from './secret-scrubber.ts';
import { chooseSignIn } from './sign-in-method.ts';

export type { ImapSession } from './imap-session.ts';

type SessionStep = 'token' | 'name' | 'tcp' | 'tls' | 'greeting' | 'login';

export interface OpenSessionOptions {
  side: ImapSide;
  /** The signal bounds everything together; the deadline each answer of the server after the greeting. */
  wait: Wait;
  addressPolicy: AddressPolicy;
  /** For each of: name, TCP (all addresses), TLS, greeting. In ms; 15,000 if not given, never above the deadline. */
  connectTimeoutMs?: number;
  resolver?: HostResolver;
  /** Called as each step is done, in the order in which they happen. */
  onStep?: (step: SessionStep, detail: string) => void;
  /** Told what certificate the server showed, also where it is refused then. */
  onCertificate?: (certificate: CertificateFacts) => void;
}

const CONNECT_TIMEOUT_MS = 15_000;

/**
 * Connects, encrypts, signs in: one round trip behind the greeting where the server takes LOGIN. The address connected to is the one that the policy looked at.
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
  const { wait, onStep, resolver = systemResolver } = options;
  const { host, port } = endpoint;
  const connecting: Wait = {
    signal: wait.signal,
    deadlineMs: Math.min(options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS, wait.deadlineMs),
  };
  const addresses = await resolveHost(host, options.addressPolicy, connecting, resolver);
  onStep?.('name', `${host} has ${addresses.length === 1 ? 'an address' : `${addresses.length} addresses`}.`);
  const socket = await connectSocket(host, addresses, port, connecting);
  let client: ImapflowClient | undefined;
  try {
    onStep?.('tcp', `Port ${port} is open.`);
    const connection = await negotiate(socket, endpoint, connecting, {
      done: (step) =>
        onStep?.(
          step,
          step === 'tls' ? 'The connection is encrypted and the certificate holds.' : 'It is an IMAP server.',
        ),
      certificate: options.onCertificate,
    });
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
    socket.destroy();
    throw error;
  }
}

function signedInAs(credential: ImapCredential): string {
  if (credential.kind === 'oauth' || credential.authorizeAs === undefined) return credential.user;
  return `${credential.authorizeAs} by ${credential.user}`;
}
