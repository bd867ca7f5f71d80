import { googleConsent } from './google-consent.ts';
import type { ProviderProfile } from '../provider-profile.ts';
import { googleRefusals } from '../refusals/google-refusals.ts';

/**
 * Volume: https://support.google.com/a/answer/1071518. Connections: https://support.google.com/mail/answer/7126229.
 * 225 characters of a label's name is a third-party figure.
 */
export const gmail: ProviderProfile = {
  id: 'gmail',
  name: 'Gmail',
  host: 'imap.gmail.com',
  port: 993,
  security: 'tls',
  signIn: ['app-password', 'oauth2'],
  instructions: ['google-two-step', 'google-app-password', 'google-folder-limit'],
  notes: ['google-daily-volume', 'google-labels', 'google-deleted'],
  knownHosts: ['imap.gmail.com', 'imap.googlemail.com'],
  mailExchangers: [{ name: '.gmail-smtp-in.l.google.com' }, { name: 'gmail-smtp-in.l.google.com' }],
  refusals: googleRefusals,
  connections: 8,
  dailyBytesDown: 2_500_000_000,
  dailyBytesUp: 500_000_000,
  sizesExact: true,
  limits: {
    connectionsPerAccount: 15,
    messageBytes: 35_651_584,
    messagesPerFolder: [1000, 2000, 5000, 10_000],
  },
  folders: {
    caseInsensitive: true,
    partCharacters: 225,
    pathBytes: 225,
    forbidden: '^',
    trimmed: true,
    reserved: ['[Gmail]', '[Google Mail]'],
    ownNames: {
      '\\Sent': ['Sent Mail'],
      '\\Drafts': ['Drafts'],
      '\\Trash': ['Trash', 'Bin'],
      '\\Junk': ['Spam'],
    },
  },
  // A message marked as deleted leaves its folder at once.
  flags: { omit: ['\\Deleted'] },
  oauth: {
    tokenUrl: 'https://oauth2.googleapis.com/token',
    authorizationUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
    scopes: { 'refresh-token': ['https://mail.google.com/'] },
    consent: googleConsent,
  },
};
