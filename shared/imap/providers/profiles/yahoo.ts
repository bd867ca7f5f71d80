import type { ProviderProfile } from '../provider-profile.ts';

/** 5 to 10 connections is a third-party figure. */
export const yahoo: ProviderProfile = {
  id: 'yahoo',
  name: 'Yahoo Mail',
  host: 'imap.mail.yahoo.com',
  readOnlyHost: 'export.imap.mail.yahoo.com',
  port: 993,
  security: 'tls',
  signIn: ['app-password'],
  instructions: [
    'In the Yahoo account, under Security, create an app password and use it in place of the account password.',
  ],
  knownHosts: ['.mail.yahoo.com'],
  connections: 3,
  sizesExact: false,
  limits: { connectionsPerAccount: 5, messagesPerFolder: 10_000 },
  folders: {
    ownNames: {
      '\\Sent': ['Sent'],
      '\\Drafts': ['Draft', 'Drafts'],
      '\\Trash': ['Trash'],
      '\\Junk': ['Bulk Mail', 'Bulk', 'Spam'],
      '\\Archive': ['Archive'],
    },
  },
};
