import type { ProviderProfile } from '../provider-profile.ts';
import { otherRefusals } from '../refusals/other-refusals.ts';

/** Any other IMAP server: nothing is taken for granted. */
export const other: ProviderProfile = {
  id: 'other',
  name: 'Other e-mail source',
  port: 993,
  security: 'tls',
  signIn: ['password', 'app-password'],
  instructions: ['ask-server-name', 'imap-on', 'app-password-if-two-factor'],
  notes: [],
  knownHosts: [],
  mailExchangers: [],
  refusals: otherRefusals,
  connections: 4,
  sizesExact: true,
};
