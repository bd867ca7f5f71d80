import type { ProviderRefusals } from '../../known-refusal.ts';
import { serverBusy } from './common-refusals.ts';

export const dovecotRefusals: ProviderRefusals = {
  texts: [
    {
      pattern: /maximum number of connections from user\+ip exceeded/i,
      code: 'dovecot-connections',
      meaning: { kind: 'throttled', limit: 'connections' },
    },
    {
      pattern: /temporary authentication failure/i,
      code: 'sign-in-service-down',
      meaning: { kind: 'unavailable' },
    },
    {
      pattern: /plaintext authentication disallowed/i,
      code: 'sign-in-needs-tls',
      meaning: { kind: 'encryption-required' },
    },
    serverBusy,
  ],
};
