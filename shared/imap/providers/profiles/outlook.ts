import { microsoftConsent } from './microsoft-consent.ts';
import type { ProviderProfile } from '../provider-profile.ts';
import { outlookRefusals } from '../refusals/microsoft-refusals.ts';
import { exchangeOnline } from './exchange-online.ts';

/** Personal accounts take OAuth 2.0 only since 16 September 2024; app passwords count as passwords and may be refused. */
export const outlook: ProviderProfile = {
  ...exchangeOnline,
  id: 'outlook',
  name: 'Outlook.com',
  signIn: ['oauth2', 'app-password'],
  instructions: ['outlook-imap-on', 'outlook-consent', 'outlook-app-password'],
  knownHosts: ['imap-mail.outlook.com'],
  mailExchangers: [{ name: '.olc.protection.outlook.com' }],
  refusals: outlookRefusals,
  connections: 3,
  oauth: {
    tokenUrl: 'https://login.microsoftonline.com/{directory}/oauth2/v2.0/token',
    authorizationUrl: 'https://login.microsoftonline.com/{directory}/oauth2/v2.0/authorize',
    directory: 'consumers',
    scopes: { 'refresh-token': ['https://outlook.office.com/IMAP.AccessAsUser.All', 'offline_access'] },
    consent: microsoftConsent,
  },
};
