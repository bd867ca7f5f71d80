import type { ProviderProfile } from '../provider-profile.ts';
import { exchangeServerRefusals } from '../refusals/microsoft-refusals.ts';
import { exchangeOnline } from './exchange-online.ts';

/** Exchange Server in an organisation's own hands. RFC822.SIZE is an estimate unless switched to exact. */
export const exchangeOnPremises: ProviderProfile = {
  id: 'exchange-on-premises',
  name: 'Exchange Server',
  port: 993,
  security: 'tls',
  signIn: ['password'],
  instructions: ['exchange-server-imap-on', 'exchange-server-full-access'],
  notes: ['exchange-mail-only', 'exchange-keywords'],
  knownHosts: [],
  mailExchangers: [],
  refusals: exchangeServerRefusals,
  connections: 4,
  sizesExact: false,
  limits: { connectionsPerAccount: 16, lineBytes: 10_000, commandBytes: 4_096 },
  administratorUser: '{domain}/{admin}/{local}',
  authorizationIdentity: true,
  ...(exchangeOnline.folders ? { folders: exchangeOnline.folders } : {}),
  ...(exchangeOnline.flags ? { flags: exchangeOnline.flags } : {}),
};
