import type { ProviderProfile } from '../provider-profile.ts';

/** Basic authentication is gone; 16 connections is a third-party figure. */
export const exchangeOnline: ProviderProfile = {
  id: 'exchange-online',
  name: 'Exchange Online (Microsoft 365)',
  host: 'outlook.office365.com',
  port: 993,
  security: 'tls',
  signIn: ['oauth2'],
  instructions: [
    'An administrator registers an application in Microsoft Entra with the permission IMAP.AccessAsApp and consents to it.',
    'In Exchange Online PowerShell, register its service principal and give it full access to each mailbox.',
    'IMAP must be switched on for the mailboxes.',
  ],
  knownHosts: ['outlook.office365.com', 'outlook.office.com', 'outlook.office365.us', 'partner.outlook.cn'],
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
  },
  folders: {
    ownNames: {
      '\\Sent': ['Sent Items'],
      '\\Drafts': ['Drafts'],
      '\\Trash': ['Deleted Items'],
      '\\Junk': ['Junk Email', 'Junk E-mail'],
      '\\Archive': ['Archive'],
    },
    caseInsensitive: true,
    reserved: ['Files'],
    trailingDots: false,
    withoutMail: ['Calendar', 'Contacts', 'Tasks', 'Notes', 'Journal'],
  },
};
