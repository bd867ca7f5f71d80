import type { ProviderProfile } from '../provider-profile.ts';
import { exchangeOnline } from './exchange-online.ts';

/** Exchange Server in an organisation's own hands. RFC822.SIZE is an estimate unless switched to exact. */
export const exchangeOnPremises: ProviderProfile = {
  id: 'exchange-on-premises',
  name: 'Exchange Server',
  port: 993,
  security: 'tls',
  signIn: ['password'],
  instructions: [
    'An administrator starts the services "Microsoft Exchange IMAP4" and "IMAP4 Backend" and lets them be reached from outside.',
    'For all mailboxes at once: give one account full access and use DOMAIN/administrator/user as user name.',
  ],
  knownHosts: [],
  connections: 4,
  sizesExact: false,
  limits: { connectionsPerAccount: 16, lineBytes: 10_000, commandBytes: 4_096 },
  administratorUser: '{domain}/{admin}/{local}',
  authorizationIdentity: true,
  ...(exchangeOnline.folders ? { folders: exchangeOnline.folders } : {}),
};
