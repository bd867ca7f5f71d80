import type { ProviderProfile } from '../provider-profile.ts';
import { dovecotRefusals } from '../refusals/dovecot-refusals.ts';

/** `mail_max_userip_connections` is 10 by default and counts all workers behind one address together. */
export const dovecot: ProviderProfile = {
  id: 'dovecot',
  name: 'Dovecot',
  port: 993,
  security: 'tls',
  signIn: ['password'],
  instructions: ['dovecot-master-user', 'dovecot-connections'],
  notes: [],
  knownHosts: [],
  mailExchangers: [],
  refusals: dovecotRefusals,
  connections: 5,
  sizesExact: true,
  limits: { connectionsPerAccount: 10 },
  administratorUser: '{user}*{admin}',
  authorizationIdentity: true,
  // A part is a directory of the file system.
  folders: { partBytes: 255, pathBytes: 4096 },
};
