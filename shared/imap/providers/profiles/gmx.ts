import type { ProviderProfile } from '../provider-profile.ts';

export const gmx: ProviderProfile = {
  id: 'gmx',
  name: 'GMX',
  host: 'imap.gmx.net',
  port: 993,
  security: 'tls',
  signIn: ['password', 'app-password'],
  instructions: [
    'In the settings of GMX Mail, under POP3/IMAP, switch access by POP3 and IMAP on.',
    'With two-factor authentication: create an application-specific password and use it in place of the account password.',
    'Accounts of gmx.com use the server imap.gmx.com.',
  ],
  knownHosts: ['imap.gmx.net', 'imap.gmx.com', 'imap.gmx.de', 'imap.gmx.at', 'imap.gmx.ch'],
  connections: 4,
  sizesExact: false,
  folders: {
    ownNames: {
      '\\Sent': ['Gesendet', 'Sent'],
      '\\Drafts': ['Entwürfe', 'Drafts'],
      '\\Trash': ['Gelöscht', 'Papierkorb', 'Trash'],
      '\\Junk': ['Spamverdacht', 'Spam'],
    },
  },
};
