import type { ImapEndpoint } from '../imap/session/imap-endpoint.ts';
import type { EndpointRecord } from '../state/endpoint-record.ts';
import { invalidBody } from './parse-request.ts';
import type { RouteContext } from './route.ts';

/** The endpoint as it was given, without what was not. */
export function endpointOf(given: {
  host: string;
  port: number;
  security: ImapEndpoint['security'];
  ca?: string | undefined;
}): EndpointRecord {
  const { host, port, security, ca } = given;
  return ca === undefined ? { host, port, security } : { host, port, security, ca };
}

/**
 * Unencrypted connections are for an own installation, where one organisation runs all of it.
 * @throws ProblemError request-invalid
 */
export function requireAllowedSecurity(endpoint: EndpointRecord, { services }: RouteContext): void {
  if (endpoint.security !== 'insecure' || services.environment.allowPrivateAddresses) return;
  throw invalidBody('#/endpoint/security', 'Choose "tls", or "starttls" where there is no TLS');
}
