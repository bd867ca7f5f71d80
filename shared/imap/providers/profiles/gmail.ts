import type { ProviderProfile } from '../provider-profile.ts';

/** Volume: https://support.google.com/a/answer/1071518. Connections: https://support.google.com/mail/answer/7126229. */
export const gmail: ProviderProfile = {
  id: 'gmail',
  name: 'Gmail',
  host: 'imap.gmail.com',
  port: 993,
  security: 'tls',
  signIn: ['app-password', 'oauth2'],
  instructions: [
    'Turn on 2-Step Verification for the Google Account.',
    'Create an app password at https://myaccount.google.com/apppasswords and use it in place of the account password.',
    'In the Gmail settings, under "Forwarding and POP/IMAP", do not limit the number of messages in an IMAP folder.',
  ],
  knownHosts: ['imap.gmail.com', 'imap.googlemail.com'],
  connections: 8,
  dailyBytesDown: 2_500_000_000,
  dailyBytesUp: 500_000_000,
  sizesExact: true,
  limits: { connectionsPerAccount: 15, messageBytes: 35_651_584 },
  folders: {
    caseInsensitive: true,
    forbidden: '^',
    pathBytes: 225,
    ownNames: {
      '\\Sent': ['Sent Mail'],
      '\\Drafts': ['Drafts'],
      '\\Trash': ['Trash', 'Bin'],
      '\\Junk': ['Spam'],
    },
  },
  oauth: {
    tokenUrl: 'https://oauth2.googleapis.com/token',
    authorizationUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
    scopes: { 'refresh-token': ['https://mail.google.com/'] },
  },
};
