import type { ProviderProfile } from '../provider-profile.ts';
import { outlook } from './outlook.ts';

/** The same service as Outlook.com under the name that its users look for. */
export const hotmail: ProviderProfile = {
  ...outlook,
  id: 'hotmail',
  name: 'Hotmail',
  // The host is found as Outlook.com's.
  knownHosts: [],
  mailExchangers: [{ name: 'hotmail-com.olc.protection.outlook.com' }],
};
