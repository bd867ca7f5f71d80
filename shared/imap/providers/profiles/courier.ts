import type { ProviderProfile } from '../provider-profile.ts';
import { courierRefusals } from '../refusals/courier-refusals.ts';

/** `MAXPERIP` is small by default and counts per client address. */
export const courier: ProviderProfile = {
  id: 'courier',
  name: 'Courier',
  port: 993,
  security: 'tls',
  signIn: ['password'],
  instructions: ['courier-connections', 'courier-user-root'],
  notes: ['few-connections'],
  knownHosts: [],
  mailExchangers: [],
  refusals: courierRefusals,
  connections: 2,
  sizesExact: true,
  // The whole path is one directory of the Maildir.
  folders: { pathBytes: 255, forbidden: '/' },
};
