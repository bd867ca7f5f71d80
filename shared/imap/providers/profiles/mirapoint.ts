import type { ProviderProfile } from '../provider-profile.ts';
import { otherRefusals } from '../refusals/other-refusals.ts';

/** The form of the administrator's name is that of Microsoft's guide to migrations by IMAP. */
export const mirapoint: ProviderProfile = {
  id: 'mirapoint',
  name: 'Mirapoint',
  port: 993,
  security: 'tls',
  signIn: ['password'],
  instructions: ['mirapoint-administrator'],
  notes: [],
  knownHosts: [],
  mailExchangers: [],
  refusals: otherRefusals,
  connections: 4,
  sizesExact: true,
  administratorUser: '#{local}@{domain}#{admin}#',
};
