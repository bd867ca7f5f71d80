import type { ProviderRefusals } from '../../known-refusal.ts';
import { serverBusy, tooManyConnections } from './common-refusals.ts';

export const zohoRefusals: ProviderRefusals = {
  signIn: 'zoho-sign-in',
  texts: [
    {
      pattern: /yet to enable imap|imap access is (?:disabled|restricted|not enabled)/i,
      code: 'zoho-imap-off',
      meaning: { kind: 'wrong-credential' },
    },
    tooManyConnections,
    serverBusy,
  ],
};
