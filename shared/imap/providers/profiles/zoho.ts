import type { ProviderProfile } from '../provider-profile.ts';

export const zoho: ProviderProfile = {
  id: 'zoho',
  name: 'Zoho Mail',
  host: 'imap.zoho.com',
  port: 993,
  security: 'tls',
  signIn: ['app-password', 'password'],
  instructions: [
    'In the settings of Zoho Mail, under Mail Accounts, switch IMAP access on.',
    'With two-factor authentication: create an application-specific password and use it in place of the account password.',
    'Organisations with their own domain use the server imappro.zoho.com; other regions have their own, such as imap.zoho.eu.',
  ],
  knownHosts: [
    'imap.zoho.com',
    'imappro.zoho.com',
    'imap.zoho.eu',
    'imappro.zoho.eu',
    'imap.zoho.in',
    'imappro.zoho.in',
    'imap.zoho.com.au',
    'imappro.zoho.com.au',
  ],
  connections: 4,
  sizesExact: false,
  folders: {
    ownNames: {
      '\\Sent': ['Sent'],
      '\\Drafts': ['Drafts'],
      '\\Trash': ['Trash'],
      '\\Junk': ['Spam'],
      '\\Archive': ['Archive'],
    },
  },
};
