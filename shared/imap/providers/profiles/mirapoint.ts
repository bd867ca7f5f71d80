import type { ProviderProfile } from '../provider-profile.ts';

/** The form of the administrator's name is that of Microsoft's guide to migrations by IMAP. */
export const mirapoint: ProviderProfile = {
  id: 'mirapoint',
  name: 'Mirapoint',
  port: 993,
  security: 'tls',
  signIn: ['password'],
  instructions: ['For all mailboxes at once: an administrator signs in as #user@domain#administrator#.'],
  knownHosts: [],
  connections: 4,
  sizesExact: true,
  administratorUser: '#{local}@{domain}#{admin}#',
};
