import type { KnownRefusal } from '../../known-refusal.ts';

/** In the words of Gmail, Yahoo, Zoho and others. */
export const tooManyConnections: KnownRefusal = {
  pattern:
    /too many simultaneous connections|maximum limit of simultaneous connections|too many connections/i,
  code: 'too-many-connections',
  meaning: { kind: 'throttled', limit: 'connections' },
};

/** A back end that is away for the moment; it is tried again by itself. */
export const serverBusy: KnownRefusal = {
  pattern:
    /temporary system error|system error \(failure\)|server unavailable\. 1\d|service temporarily unavailable|internal error occurred/i,
  code: 'server-busy',
  meaning: { kind: 'unavailable' },
};
