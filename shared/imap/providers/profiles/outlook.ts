import type { ProviderProfile } from '../provider-profile.ts';
import { exchangeOnline } from './exchange-online.ts';

/** Personal accounts take OAuth 2.0 only since 16 September 2024; app passwords count as passwords and may be refused. */
export const outlook: ProviderProfile = {
  ...exchangeOnline,
  id: 'outlook',
  name: 'Outlook.com',
  signIn: ['oauth2', 'app-password'],
  instructions: [
    'In the settings of Outlook.com, under Mail, Forwarding and IMAP, let devices and apps use IMAP.',
    'Give consent with the Microsoft account. Outlook.com no longer takes the account password.',
    'Where consent is not possible: turn on two-step verification and create an app password; it may be refused.',
  ],
  knownHosts: ['imap-mail.outlook.com'],
  connections: 3,
  oauth: {
    tokenUrl: 'https://login.microsoftonline.com/{directory}/oauth2/v2.0/token',
    authorizationUrl: 'https://login.microsoftonline.com/{directory}/oauth2/v2.0/authorize',
    directory: 'consumers',
    scopes: { 'refresh-token': ['https://outlook.office.com/IMAP.AccessAsUser.All', 'offline_access'] },
  },
};
