import type { Services } from '../services.ts';
import type { MailboxRecord } from '../state/mailbox-repository.ts';

/**
 * Lanes that may work on a mailbox at once. The operator's setting holds from the moment it changes, also for
 * mailboxes in the middle of a pass; it does not help where the destination bears one lane only.
 */
export function lanesOf(
  { laneLimit, oneLane }: Pick<MailboxRecord, 'laneLimit' | 'oneLane'>,
  { environment }: Pick<Services, 'environment'>,
): number {
  return oneLane === true ? 1 : (environment.lanes ?? laneLimit);
}
