import type { ProviderProfile } from '../provider-profile.ts';
import { gmail } from './gmail.ts';

/** The same servers as Gmail; an administrator can also open mailboxes by a service account. */
export const googleWorkspace: ProviderProfile = {
  ...gmail,
  id: 'google-workspace',
  name: 'Google Workspace',
  signIn: ['oauth2', 'app-password'],
  instructions: [
    'An administrator switches IMAP on for the users, in the Admin console under Apps, Google Workspace, Gmail, End User Access.',
    'With a service account: give it domain-wide delegation for the scope https://mail.google.com/.',
    'With app passwords: each user turns on 2-Step Verification, creates an app password and uses it in place of the account password.',
  ],
  oauth: {
    tokenUrl: 'https://oauth2.googleapis.com/token',
    authorizationUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
    scopes: {
      'refresh-token': ['https://mail.google.com/'],
      'service-account': ['https://mail.google.com/'],
    },
  },
  // The host is found as Gmail's.
  knownHosts: [],
};
