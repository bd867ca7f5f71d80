import type { ProviderProfile } from '../provider-profile.ts';

/** Runs on Cyrus. */
export const fastmail: ProviderProfile = {
  id: 'fastmail',
  name: 'Fastmail',
  host: 'imap.fastmail.com',
  port: 993,
  security: 'tls',
  signIn: ['app-password'],
  instructions: [
    'In the settings of Fastmail, under Privacy & Security, create an app password with access to mail by IMAP and use it in place of the account password.',
  ],
  knownHosts: ['imap.fastmail.com', 'imap.messagingengine.com'],
  connections: 4,
  sizesExact: true,
  folders: {
    ownNames: {
      '\\Sent': ['Sent', 'Sent Items'],
      '\\Drafts': ['Drafts'],
      '\\Trash': ['Trash'],
      '\\Junk': ['Spam', 'Junk Mail'],
      '\\Archive': ['Archive'],
    },
  },
};
