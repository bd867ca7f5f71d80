import type { Services } from '../services.ts';
import { type Lane, PLAN_LANE } from '../state/lane-record.ts';

type Now = Pick<Services, 'clock' | 'environment'>;

/** The lanes on which a worker is alive: its lease runs and was made in this incarnation. The planner is no lane. */
export function workingLanes(services: Now, lanes: readonly Lane[]): Lane[] {
  return lanes.filter((lane) => lane.lane !== PLAN_LANE && isAlive(services, lane));
}

/** Whether somebody plans the mailbox at this moment. */
export function plannerWorks(services: Now, lanes: readonly Lane[]): boolean {
  return lanes.some((lane) => lane.lane === PLAN_LANE && isAlive(services, lane));
}

function isAlive({ clock, environment }: Now, lane: Lane): boolean {
  return lane.until > clock.now() && lane.ownerEpoch === environment.epoch;
}
