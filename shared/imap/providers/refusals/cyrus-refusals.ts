import type { ProviderRefusals } from '../../known-refusal.ts';

export const cyrusRefusals: ProviderRefusals = {
  texts: [
    {
      pattern: /login only available under a layer|encryption is required/i,
      code: 'sign-in-needs-tls',
      meaning: { kind: 'encryption-required' },
    },
    {
      pattern: /too many open connections|too many connections/i,
      code: 'too-many-connections',
      meaning: { kind: 'throttled', limit: 'connections' },
    },
    {
      pattern: /authentication server not available|generic failure/i,
      code: 'sign-in-service-down',
      meaning: { kind: 'unavailable' },
    },
  ],
};
