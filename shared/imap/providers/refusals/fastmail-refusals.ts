import type { ProviderRefusals } from '../../known-refusal.ts';
import { cyrusRefusals } from './cyrus-refusals.ts';

export const fastmailRefusals: ProviderRefusals = {
  signIn: 'fastmail-sign-in',
  texts: [
    {
      pattern: /create an app password/i,
      code: 'fastmail-sign-in',
      meaning: { kind: 'wrong-credential' },
    },
    ...cyrusRefusals.texts,
  ],
};
