import type { ProviderProfile } from '../provider-profile.ts';
import { icloudRefusals } from '../refusals/icloud-refusals.ts';

/** 5 connections is a third-party figure. Settings: https://support.apple.com/102525. */
export const icloud: ProviderProfile = {
  id: 'icloud',
  name: 'iCloud Mail',
  host: 'imap.mail.me.com',
  port: 993,
  security: 'tls',
  signIn: ['app-password'],
  instructions: ['icloud-two-factor', 'icloud-app-password'],
  notes: ['few-connections'],
  knownHosts: ['.mail.me.com'],
  mailExchangers: [{ name: '.mail.icloud.com' }],
  refusals: icloudRefusals,
  connections: 2,
  sizesExact: false,
  limits: { connectionsPerAccount: 5 },
  folders: {
    ownNames: {
      '\\Sent': ['Sent Messages'],
      '\\Drafts': ['Drafts'],
      '\\Trash': ['Deleted Messages'],
      '\\Junk': ['Junk'],
      '\\Archive': ['Archive'],
    },
  },
};
