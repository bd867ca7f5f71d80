import type { Services } from '../services.ts';
import { type Lane, PLAN_LANE } from '../state/lane-record.ts';

/** The lanes on which a worker is alive: its lease runs and was made in this incarnation. The planner is no lane. */
export function workingLanes(
  { clock, environment }: Pick<Services, 'clock' | 'environment'>,
  lanes: readonly Lane[],
): Lane[] {
  const now = clock.now();
  return lanes.filter(
    (lane) => lane.lane !== PLAN_LANE && lane.until > now && lane.ownerEpoch === environment.epoch,
  );
}
