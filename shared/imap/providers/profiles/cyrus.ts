import type { ProviderProfile } from '../provider-profile.ts';

/** Refuses NUL and bare LF in messages. */
export const cyrus: ProviderProfile = {
  id: 'cyrus',
  name: 'Cyrus',
  port: 993,
  security: 'tls',
  signIn: ['password'],
  instructions: [
    'For all mailboxes at once: an administrator named in proxyservers or admins acts for the users.',
  ],
  knownHosts: [],
  connections: 4,
  sizesExact: true,
  authorizationIdentity: true,
};
