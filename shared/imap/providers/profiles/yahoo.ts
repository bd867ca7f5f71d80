import type { ProviderProfile } from '../provider-profile.ts';
import { yahooRefusals } from '../refusals/yahoo-refusals.ts';

/** 5 to 10 connections is a third-party figure. */
export const yahoo: ProviderProfile = {
  id: 'yahoo',
  name: 'Yahoo Mail',
  host: 'imap.mail.yahoo.com',
  readOnlyHost: 'export.imap.mail.yahoo.com',
  port: 993,
  security: 'tls',
  signIn: ['app-password'],
  instructions: ['yahoo-app-password'],
  notes: ['yahoo-folder-limit', 'few-connections'],
  knownHosts: ['.mail.yahoo.com'],
  mailExchangers: [{ name: '.yahoodns.net' }],
  refusals: yahooRefusals,
  connections: 3,
  sizesExact: false,
  limits: { connectionsPerAccount: 5, messagesPerFolder: [10_000] },
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
