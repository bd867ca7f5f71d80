import type { Services } from '../services.ts';
import type { MailboxRecord } from '../state/mailbox-repository.ts';

/**
 * Lanes that may work on a mailbox at once. The operator's setting holds from the moment it changes, also for
 * mailboxes in the middle of a pass; it does not help where the destination bears one lane only.
 */
export function lanesOf(
  { fewerLanes, laneLimit, oneLane }: Pick<MailboxRecord, 'fewerLanes' | 'laneLimit' | 'oneLane'>,
  { clock, environment }: Pick<Services, 'clock' | 'environment'>,
): number {
  if (oneLane === true) return 1;
  const lanes = environment.lanes ?? laneLimit;
  return fewerLanes !== undefined && fewerLanes.until > clock.now()
    ? Math.min(lanes, fewerLanes.most)
    : lanes;
}
