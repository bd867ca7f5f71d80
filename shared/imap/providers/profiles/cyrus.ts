import type { ProviderProfile } from '../provider-profile.ts';
import { cyrusRefusals } from '../refusals/cyrus-refusals.ts';

/** Refuses NUL, bare LF, malformed headers and empty messages; writes X for raw 8-bit characters in headers. */
export const cyrus: ProviderProfile = {
  id: 'cyrus',
  name: 'Cyrus',
  port: 993,
  security: 'tls',
  signIn: ['password'],
  instructions: ['cyrus-administrator'],
  notes: ['cyrus-strict'],
  knownHosts: [],
  mailExchangers: [],
  refusals: cyrusRefusals,
  connections: 4,
  sizesExact: true,
  authorizationIdentity: true,
  // Seen with 3.6; the last one where the separator is a slash.
  folders: { pathBytes: 490, forbidden: '"%\\|{}!<>;`^' },
};
