import { microsoftConsent } from './microsoft-consent.ts';
import type { ProviderProfile } from '../provider-profile.ts';
import { exchangeOnlineRefusals } from '../refusals/microsoft-refusals.ts';

/** Basic authentication is gone; 16 connections and 255 characters are third-party figures. */
export const exchangeOnline: ProviderProfile = {
  id: 'exchange-online',
  name: 'Exchange Online (Microsoft 365)',
  host: 'outlook.office365.com',
  port: 993,
  security: 'tls',
  signIn: ['oauth2'],
  instructions: [
    'exchange-online-application',
    'exchange-online-service-principal',
    'exchange-online-imap-on',
  ],
  notes: ['exchange-throttles', 'exchange-mail-only', 'exchange-keywords'],
  knownHosts: ['outlook.office365.com', 'outlook.office.com', 'outlook.office365.us', 'partner.outlook.cn'],
  mailExchangers: [{ name: '.mail.protection.outlook.com' }, { name: '.mx.microsoft' }],
  refusals: exchangeOnlineRefusals,
  connections: 4,
  sizesExact: false,
  limits: {
    connectionsPerAccount: 16,
    messageBytes: 36_700_160,
    lineBytes: 10_000,
    commandBytes: 4_096,
    messagesPerSecond: 4,
  },
  oauth: {
    tokenUrl: 'https://login.microsoftonline.com/{directory}/oauth2/v2.0/token',
    authorizationUrl: 'https://login.microsoftonline.com/{directory}/oauth2/v2.0/authorize',
    directory: 'organizations',
    scopes: {
      'client-credentials': ['https://outlook.office365.com/.default'],
      'refresh-token': ['https://outlook.office.com/IMAP.AccessAsUser.All', 'offline_access'],
    },
    consent: microsoftConsent,
  },
  folders: {
    ownNames: {
      '\\Sent': ['Sent Items'],
      '\\Drafts': ['Drafts'],
      '\\Trash': ['Deleted Items'],
      '\\Junk': ['Junk Email', 'Junk E-mail'],
      '\\Archive': ['Archive'],
    },
    partCharacters: 255,
    trimmed: true,
    caseInsensitive: true,
    reserved: ['Files'],
    trailingDots: false,
    withoutMail: ['Calendar', 'Contacts', 'Tasks', 'Notes', 'Journal'],
  },
  // $MDNSent would show as a category.
  flags: { keywords: false, omit: ['$MDNSent'] },
};
