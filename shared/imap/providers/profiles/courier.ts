import type { ProviderProfile } from '../provider-profile.ts';
import { courierRefusals } from '../refusals/courier-refusals.ts';

/**
 * `MAXPERIP` is small by default and counts per client address. Stored messages end with a line end and have no carriage
 * return but in line ends. Names beyond the first 65,536 characters are refused in modified UTF-7; one that was made with
 * UTF8=ACCEPT breaks the listing for everybody who does without.
 */
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
