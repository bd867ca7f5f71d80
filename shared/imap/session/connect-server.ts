import type { Wait } from '../wire/wait.ts';
import { type AddressPolicy, type HostResolver, resolveHost, systemResolver } from './address-policy.ts';
import type { CertificateFacts } from './certificate-facts.ts';
import { connectSocket } from './connect-socket.ts';
import type { ImapEndpoint } from './imap-endpoint.ts';
import { negotiate, type NegotiatedConnection } from './negotiate.ts';

export interface ConnectOptions {
  /** The signal bounds everything together; the deadline each answer of the server after the greeting. */
  wait: Wait;
  addressPolicy: AddressPolicy;
  /** For each of: name, TCP (all addresses), TLS, greeting. In ms; 15,000 if not given, never above the deadline. */
  connectTimeoutMs?: number;
  resolver?: HostResolver;
  /** Called as each step is done, in the order in which they happen. */
  onStep?: (step: 'name' | 'tcp' | 'tls' | 'greeting', detail: string) => void;
  /** Told what certificate the server showed, also where it is refused then. */
  onCertificate?: (certificate: CertificateFacts) => void;
}

const CONNECT_TIMEOUT_MS = 15_000;

/**
 * Connects and encrypts, up to where somebody may sign in. The address connected to is the one that the policy looked at.
 * @throws ConnectError, AddressForbiddenError, TlsError, GreetingError, ThrottledError, ConnectionClosedError,
 * CommandTimeoutError, CommandRefusedError, ProtocolError; or the reason of the signal
 */
export async function connectServer(
  endpoint: ImapEndpoint,
  options: ConnectOptions,
): Promise<NegotiatedConnection> {
  const { wait, onStep, resolver = systemResolver } = options;
  const { host, port } = endpoint;
  const connecting: Wait = {
    signal: wait.signal,
    deadlineMs: Math.min(options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS, wait.deadlineMs),
  };
  const addresses = await resolveHost(host, options.addressPolicy, connecting, resolver);
  onStep?.('name', `${host} has ${addresses.length === 1 ? 'an address' : `${addresses.length} addresses`}.`);
  const socket = await connectSocket(host, addresses, port, connecting);
  try {
    onStep?.('tcp', `Port ${port} is open.`);
    return await negotiate(socket, endpoint, connecting, {
      done: (step) =>
        onStep?.(
          step,
          step === 'tls' ? 'The connection is encrypted and the certificate holds.' : 'It is an IMAP server.',
        ),
      certificate: options.onCertificate,
    });
  } catch (error) {
    socket.destroy();
    throw error;
  }
}
