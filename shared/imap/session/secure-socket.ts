import { isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { ConnectError, ConnectionClosedError } from '../errors.ts';
import type { Wait } from '../wire/wait.ts';
import { type CertificateFacts, certificateFacts } from './certificate-facts.ts';
import { boundedWait } from './bounded-wait.ts';
import type { ImapEndpoint } from './imap-endpoint.ts';
import { tlsFailure } from './tls-failure.ts';
import { trustedAuthorities } from './trusted-authorities.ts';

/**
 * Starts TLS on a connected socket and verifies the certificate against the trusted authorities and the name.
 * Used from the first byte on and after STARTTLS alike.
 * @param shown is told of the certificate, also where it is refused then
 * @throws TlsError, ConnectionClosedError, ConnectError
 */
export async function secureSocket(
  socket: Socket,
  endpoint: ImapEndpoint,
  wait: Wait,
  shown: (certificate: CertificateFacts) => void = () => undefined,
): Promise<TLSSocket> {
  const name = endpoint.servername ?? endpoint.host;
  const tlsSocket = connect({ socket, ...verification(endpoint, name) });
  tlsSocket.on('error', () => undefined);
  // Before Node's own listener, which destroys the socket of a refused certificate and the certificate with it.
  tlsSocket.prependOnceListener('secure', () => {
    try {
      const certificate = certificateFacts(tlsSocket);
      if (certificate !== undefined) shown(certificate);
    } catch {
      // One that cannot be read is refused or accepted without being shown.
    }
  });
  return boundedWait<TLSSocket>(
    wait,
    () =>
      new ConnectError(
        `${endpoint.host} took the connection but did not finish the TLS handshake within ${wait.deadlineMs} ms. If the port is a plain one, choose STARTTLS.`,
        { reason: 'connection-timeout' },
      ),
    ({ resolve, reject }) => {
      const onSecure = (): void => resolve(tlsSocket);
      const onError = (error: Error): void => reject(tlsFailure(name, error));
      const onClose = (): void =>
        reject(new ConnectionClosedError(`${endpoint.host} closed the connection during the TLS handshake.`));
      tlsSocket.once('secureConnect', onSecure);
      tlsSocket.once('error', onError);
      tlsSocket.once('close', onClose);
      return () => {
        tlsSocket.removeListener('secureConnect', onSecure);
        tlsSocket.removeListener('error', onError);
        tlsSocket.removeListener('close', onClose);
      };
    },
  ).catch((error: unknown) => {
    tlsSocket.destroy();
    socket.destroy();
    throw error;
  });
}

function verification(endpoint: ImapEndpoint, name: string): ConnectionOptions {
  return {
    // Node verifies the certificate against `servername`, or `host` where that is an address and SNI is not allowed.
    host: name,
    ...(isIP(name) === 0 ? { servername: name } : {}),
    secureContext: trustedAuthorities(endpoint.ca),
    rejectUnauthorized: true,
  };
}
