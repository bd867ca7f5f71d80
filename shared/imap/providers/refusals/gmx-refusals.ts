import type { ProviderRefusals } from '../../known-refusal.ts';
import { serverBusy, tooManyConnections } from './common-refusals.ts';

/** With IMAP switched off GMX mostly says no more than "authentication failed", so the remedy of that names both. */
export const gmxRefusals: ProviderRefusals = {
  signIn: 'gmx-sign-in',
  texts: [
    {
      pattern: /imap access (?:is )?(?:disabled|not enabled)|imap (?:is )?not (?:enabled|activated)/i,
      code: 'gmx-imap-off',
      meaning: { kind: 'wrong-credential' },
    },
    tooManyConnections,
    serverBusy,
  ],
};
