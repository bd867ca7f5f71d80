import type { ProviderProfile } from '../provider-profile.ts';
import { fastmailRefusals } from '../refusals/fastmail-refusals.ts';
import { cyrus } from './cyrus.ts';

/** Runs on Cyrus. */
export const fastmail: ProviderProfile = {
  id: 'fastmail',
  name: 'Fastmail',
  host: 'imap.fastmail.com',
  port: 993,
  security: 'tls',
  signIn: ['app-password'],
  instructions: ['fastmail-app-password'],
  notes: ['cyrus-strict'],
  knownHosts: ['imap.fastmail.com', 'imap.messagingengine.com'],
  mailExchangers: [{ name: '.messagingengine.com' }],
  refusals: fastmailRefusals,
  connections: 4,
  sizesExact: true,
  folders: {
    ...cyrus.folders,
    ownNames: {
      '\\Sent': ['Sent', 'Sent Items'],
      '\\Drafts': ['Drafts'],
      '\\Trash': ['Trash'],
      '\\Junk': ['Spam', 'Junk Mail'],
      '\\Archive': ['Archive'],
    },
  },
};
