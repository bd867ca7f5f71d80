import type { ProviderProfile } from '../provider-profile.ts';

/** Any other IMAP server: nothing is taken for granted. */
export const other: ProviderProfile = {
  id: 'other',
  name: 'Other e-mail source',
  port: 993,
  security: 'tls',
  signIn: ['password', 'app-password'],
  instructions: [
    'Ask the provider for the name of its IMAP server, the port and the security.',
    'Switch IMAP access on in the settings of the mailbox if it is off.',
    'With two-factor authentication an app password is usually needed in place of the account password.',
  ],
  knownHosts: [],
  connections: 4,
  sizesExact: true,
};
