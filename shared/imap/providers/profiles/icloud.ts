import type { ProviderProfile } from '../provider-profile.ts';

/** 5 connections is a third-party figure. Settings: https://support.apple.com/102525. */
export const icloud: ProviderProfile = {
  id: 'icloud',
  name: 'iCloud Mail',
  host: 'imap.mail.me.com',
  port: 993,
  security: 'tls',
  signIn: ['app-password'],
  instructions: [
    'Turn on two-factor authentication for the Apple Account.',
    'Create an app-specific password at https://account.apple.com and use it in place of the account password.',
  ],
  knownHosts: ['.mail.me.com'],
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
