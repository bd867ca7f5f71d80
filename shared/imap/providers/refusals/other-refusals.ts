import type { ProviderRefusals } from '../../known-refusal.ts';
import { dovecotRefusals } from './dovecot-refusals.ts';
import { tooManyConnections } from './common-refusals.ts';

/** A server that nobody has named is most often a Dovecot, and its words are its own. */
export const otherRefusals: ProviderRefusals = { texts: [...dovecotRefusals.texts, tooManyConnections] };
