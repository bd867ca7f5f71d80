import type { ProviderProfile } from '../provider-profile.ts';
import { yahoo } from './yahoo.ts';

/** Runs on the servers of Yahoo. */
export const aol: ProviderProfile = {
  ...yahoo,
  id: 'aol',
  name: 'AOL Mail',
  host: 'imap.aol.com',
  readOnlyHost: 'export.imap.aol.com',
  instructions: [
    'In the AOL account, under Security, create an app password and use it in place of the account password.',
  ],
  knownHosts: ['imap.aol.com', 'export.imap.aol.com'],
};
