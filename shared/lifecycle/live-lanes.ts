import type { Services } from '../services.ts';
import type { Lane } from '../state/lane-repository.ts';
import type { MailboxKey } from '../state/keys.ts';

/** Lanes come first in the range of active items: a mailbox has at most 20 of them and one of the planner. */
const LANES_AT_MOST = 32;

/** A lane counts while its lease runs and its owner belongs to this incarnation of the service. */
export function isLive(lane: Pick<Lane, 'until' | 'ownerEpoch'>, now: number, epoch: string): boolean {
  return lane.until >= now && lane.ownerEpoch === epoch;
}

/** Who works on the mailbox at this moment: copying lanes and the planner. One consistent read. */
export async function liveLanes(
  services: Pick<Services, 'state' | 'clock' | 'environment'>,
  key: MailboxKey,
): Promise<Lane[]> {
  const { lanes } = await services.state.work.snapshot(key, LANES_AT_MOST);
  const now = services.clock.now();
  return lanes.filter((lane) => isLive(lane, now, services.environment.epoch));
}
