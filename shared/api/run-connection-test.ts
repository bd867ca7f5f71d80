import type { ConnectionVerdict } from '../imap/connection-test/connection-verdict.ts';
import type { ImapCredential, ImapEndpoint } from '../imap/session/imap-endpoint.ts';
import type { RouteContext } from './route.ts';

/** Tries an account under the address policy of this installation. Takes less than ten seconds. */
export function runConnectionTest(
  { services, testConnection, signal }: RouteContext,
  side: 'source' | 'destination',
  endpoint: ImapEndpoint,
  credential: ImapCredential,
): Promise<ConnectionVerdict> {
  return testConnection(endpoint, credential, {
    side,
    addressPolicy: { allowPrivate: services.environment.allowPrivateAddresses },
    signal,
  });
}
