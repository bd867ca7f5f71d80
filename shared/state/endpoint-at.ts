import type { ImapEndpoint } from '../imap/session/imap-endpoint.ts';
import type { EndpointRecord } from './endpoint-record.ts';

/** A stored server as a session opens it: with its provider, whose words and limits then hold. */
export function endpointAt(record: {
  readonly endpoint: EndpointRecord;
  readonly provider?: string | undefined;
}): ImapEndpoint {
  const { endpoint, provider } = record;
  return provider === undefined ? endpoint : { ...endpoint, provider };
}
