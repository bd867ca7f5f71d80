import type { MailExchanger, ProviderProfile } from '../provider-profile.ts';
import { zohoRefusals } from '../refusals/zoho-refusals.ts';

/** Each region has servers of its own, and accounts exist in one of them only. */
const REGIONS = ['com', 'eu', 'in', 'com.au', 'jp', 'sa', 'com.cn'];

/** Who has mail exchangers of Zoho is an organisation with a domain of its own. */
const mailExchangers: readonly MailExchanger[] = [
  ...REGIONS.map((region) => ({ name: `.zoho.${region}`, imapHost: `imappro.zoho.${region}` })),
  { name: '.zohocloud.ca', imapHost: 'imappro.zohocloud.ca' },
];

export const zoho: ProviderProfile = {
  id: 'zoho',
  name: 'Zoho Mail',
  host: 'imap.zoho.com',
  port: 993,
  security: 'tls',
  signIn: ['app-password', 'password'],
  instructions: ['zoho-imap-on', 'zoho-app-password', 'zoho-region'],
  notes: [],
  knownHosts: [
    ...REGIONS.flatMap((region) => [`imap.zoho.${region}`, `imappro.zoho.${region}`]),
    'imap.zohocloud.ca',
    'imappro.zohocloud.ca',
  ],
  mailExchangers,
  refusals: zohoRefusals,
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
