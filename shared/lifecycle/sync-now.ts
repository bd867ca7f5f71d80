import type { Services } from '../services.ts';
import type { MailboxKey } from '../state/keys.ts';
import type { MailboxOutcome } from './mailbox-outcome.ts';
import { requestPass } from './request-pass.ts';

/** Looks for new mail now; see {@link requestPass}. */
export function syncNow(services: Services, keys: readonly MailboxKey[]): Promise<MailboxOutcome[]> {
  return requestPass(services, keys, { action: 'sync' });
}
