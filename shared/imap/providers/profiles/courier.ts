import type { ProviderProfile } from '../provider-profile.ts';

/** `MAXPERIP` is small by default and counts per client address. */
export const courier: ProviderProfile = {
  id: 'courier',
  name: 'Courier',
  port: 993,
  security: 'tls',
  signIn: ['password'],
  instructions: [
    'Where many mailboxes are moved at the same time, raise MAXDAEMONS and MAXPERIP for the address that Mailhaul comes from.',
    'For shared mailboxes, name the folder to begin at in the column UserRoot.',
  ],
  knownHosts: [],
  connections: 2,
  sizesExact: true,
};
