import type { ProviderRefusals } from '../../known-refusal.ts';

/** With too many connections Courier hangs up without a word. */
export const courierRefusals: ProviderRefusals = {
  texts: [
    {
      pattern: /temporary problem, please try again later/i,
      code: 'sign-in-service-down',
      meaning: { kind: 'unavailable' },
    },
  ],
};
