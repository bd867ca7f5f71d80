import type { ProviderProfile } from '../provider-profile.ts';
import { aolRefusals } from '../refusals/yahoo-refusals.ts';
import { yahoo } from './yahoo.ts';

/** Runs on the servers of Yahoo. */
export const aol: ProviderProfile = {
  ...yahoo,
  id: 'aol',
  name: 'AOL Mail',
  host: 'imap.aol.com',
  readOnlyHost: 'export.imap.aol.com',
  instructions: ['aol-app-password'],
  knownHosts: ['imap.aol.com', 'export.imap.aol.com'],
  mailExchangers: [{ name: 'mx-aol.mail.gm0.yahoodns.net' }],
  refusals: aolRefusals,
};
