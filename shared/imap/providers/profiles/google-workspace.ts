import { googleConsent } from './google-consent.ts';
import type { ProviderProfile } from '../provider-profile.ts';
import { gmail } from './gmail.ts';

/** The same servers as Gmail; an administrator can also open mailboxes by a service account. */
export const googleWorkspace: ProviderProfile = {
  ...gmail,
  id: 'google-workspace',
  name: 'Google Workspace',
  signIn: ['oauth2', 'app-password'],
  instructions: ['workspace-imap-on', 'workspace-service-account', 'workspace-app-passwords'],
  oauth: {
    tokenUrl: 'https://oauth2.googleapis.com/token',
    authorizationUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
    scopes: {
      'refresh-token': ['https://mail.google.com/'],
      'service-account': ['https://mail.google.com/'],
    },
    consent: googleConsent,
  },
  // The host is found as Gmail's.
  knownHosts: [],
  mailExchangers: [
    { name: 'aspmx.l.google.com' },
    { name: '.aspmx.l.google.com' },
    { name: '.googlemail.com' },
    { name: 'smtp.google.com' },
  ],
};
