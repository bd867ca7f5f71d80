import type { ProviderProfile } from '../provider-profile.ts';
import { gmxRefusals } from '../refusals/gmx-refusals.ts';

export const gmx: ProviderProfile = {
  id: 'gmx',
  name: 'GMX',
  host: 'imap.gmx.net',
  port: 993,
  security: 'tls',
  signIn: ['password', 'app-password'],
  instructions: ['gmx-imap-on', 'gmx-app-password', 'gmx-com-server'],
  notes: [],
  knownHosts: ['imap.gmx.net', 'imap.gmx.com', 'imap.gmx.de', 'imap.gmx.at', 'imap.gmx.ch'],
  mailExchangers: [{ name: '.gmx.net' }],
  refusals: gmxRefusals,
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
