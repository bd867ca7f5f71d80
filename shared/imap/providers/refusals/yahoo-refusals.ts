import type { KnownRefusal, ProviderRefusals } from '../../known-refusal.ts';
import { serverBusy, tooManyConnections } from './common-refusals.ts';

const texts: readonly KnownRefusal[] = [
  {
    pattern: /please verify your account|#mbr1240/i,
    code: 'yahoo-verify',
    meaning: { kind: 'wrong-credential' },
  },
  {
    // Said with SERVERBUG or UNAVAILABLE, and meant as a limit.
    pattern: /server error - please try again later|rate limit hit/i,
    code: 'server-busy',
    meaning: { kind: 'throttled', limit: 'rate' },
  },
  tooManyConnections,
  serverBusy,
];

export const yahooRefusals: ProviderRefusals = { signIn: 'yahoo-sign-in', texts };

export const aolRefusals: ProviderRefusals = { signIn: 'aol-sign-in', texts };
