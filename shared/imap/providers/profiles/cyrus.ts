import type { ProviderProfile } from '../provider-profile.ts';
import { cyrusRefusals } from '../refusals/cyrus-refusals.ts';

/** Refuses NUL and bare LF in messages. */
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
  folders: { pathBytes: 490 },
};
