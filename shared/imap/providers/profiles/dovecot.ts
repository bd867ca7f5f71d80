import type { ProviderProfile } from '../provider-profile.ts';

/** `mail_max_userip_connections` is 10 by default and counts all workers behind one address together. */
export const dovecot: ProviderProfile = {
  id: 'dovecot',
  name: 'Dovecot',
  port: 993,
  security: 'tls',
  signIn: ['password'],
  instructions: [
    'For all mailboxes at once: an administrator sets up a master user.',
    'Where many mailboxes are moved at the same time, raise mail_max_userip_connections for the address that Mailhaul comes from.',
  ],
  knownHosts: [],
  connections: 5,
  sizesExact: true,
  limits: { connectionsPerAccount: 10 },
  administratorUser: '{user}*{admin}',
  authorizationIdentity: true,
};
