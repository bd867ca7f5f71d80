import { createHash } from 'node:crypto';
import { LANE_PREFIX, laneKey, type MailboxKey, mailboxPartition } from './keys.ts';
import {
  addProgress,
  type Lane,
  type LaneLease,
  type LaneProgress,
  MAX_LANES,
  PLAN_LANE,
  parseLane,
} from './lane-record.ts';
import type { StateTable } from './state-table.ts';
import type { Expression } from './table-expression.ts';
import { rangeOf } from './table-query.ts';

export type { Lane, LaneLease, LaneProgress } from './lane-record.ts';

interface LaneClaim {
  /** Tries lanes 0..lanes-1 (at most 20); 'plan' is the one lease of the planner. */
  readonly lanes: number | 'plan';
  /** The lane that is tried first, if there is one of that number; any without it. */
  readonly preferred?: number | undefined;
  readonly owner: string;
  /** Leases of another epoch do not count: their owners are known to be dead. */
  readonly ownerEpoch: string;
  /** Ms since the epoch. */
  readonly now: number;
  readonly leaseMs: number;
  readonly pass: number;
}

export type Released =
  | 'freed'
  /** Freed, and somebody had asked its owner to end. */
  | 'stop-requested'
  /** Somebody else took the lane, or it was released before. */
  | 'lost';

/**
 * Leases on the lanes of a mailbox. Each acquisition raises the lane's fence, which tells a holder from whoever held
 * the lane before, also from itself.
 */
export interface LaneRepository {
  /**
   * Takes a free lane: one never used, released, lapsed (`until` before `now`), or of another epoch.
   * @returns undefined when every lane was seen to be held
   */
  acquire(mailbox: MailboxKey, claim: LaneClaim): Promise<LaneLease | undefined>;
  /**
   * Lengthens a lease and reports progress.
   * @param input.progress since this lease was acquired; what earlier owners did in the same pass is added to it
   * @returns 'lost' when somebody else took the lane, or when it was released
   */
  renew(
    lease: LaneLease,
    input: { readonly now: number; readonly leaseMs: number; readonly progress: LaneProgress },
  ): Promise<{ stop: boolean } | 'lost'>;
  /** Frees the lane; nothing happens when the lease is lost already. */
  release(lease: LaneLease, progress: LaneProgress): Promise<Released>;
  /** Asks the owner of every lane, the planner's included, to end; seen at the next renewal. */
  requestStop(mailbox: MailboxKey): Promise<void>;
}

const NAMES = {
  '#lane': 'lane',
  '#owner': 'owner',
  '#ownerEpoch': 'ownerEpoch',
  '#fence': 'fence',
  '#until': 'until',
  '#stop': 'stop',
  '#pass': 'pass',
  '#acquisition': 'acquisition',
  '#progress': 'progress',
  '#progressPass': 'progressPass',
} as const;

export function createLaneRepository(table: StateTable, ids: () => string): LaneRepository {
  const readLanes = async (mailbox: MailboxKey): Promise<Lane[]> => {
    const items = await table.queryAll(rangeOf(mailboxPartition(mailbox), LANE_PREFIX));
    return items.map(parseLane);
  };

  const take = async (
    mailbox: MailboxKey,
    lane: number | 'plan',
    claim: LaneClaim,
    acquisition: string,
  ): Promise<LaneLease | undefined> => {
    const item = await table.update(
      laneKey(mailbox, lane),
      {
        text: `SET #lane = :lane, #owner = :owner, #ownerEpoch = :ownerEpoch, #until = :until, #stop = :no,
          #pass = :pass, #acquisition = :acquisition, #fence = if_not_exists(#fence, :zero) + :one`,
        names: pick('#lane', '#owner', '#ownerEpoch', '#until', '#stop', '#pass', '#acquisition', '#fence'),
        values: {
          ':lane': lane === 'plan' ? PLAN_LANE : lane,
          ':owner': claim.owner,
          ':ownerEpoch': claim.ownerEpoch,
          ':until': claim.now + claim.leaseMs,
          ':no': false,
          ':pass': claim.pass,
          ':acquisition': acquisition,
          ':zero': 0,
          ':one': 1,
          ':now': claim.now,
        },
      },
      {
        // The last: the SDK sends again when an answer was lost, and finds the lane taken by this very call.
        text: `attribute_not_exists(#owner) OR #until < :now OR #ownerEpoch <> :ownerEpoch
          OR #acquisition = :acquisition`,
      },
    );
    if (item === undefined) return undefined;
    const taken = parseLane(item);
    return {
      tenant: mailbox.tenant,
      mailboxId: mailbox.mailboxId,
      lane: taken.lane,
      fence: taken.fence,
      owner: claim.owner,
      pass: claim.pass,
      base: taken.progress,
    };
  };

  const write = (lease: LaneLease, update: Expression) =>
    table.update(laneKey(lease, lease.lane === PLAN_LANE ? 'plan' : lease.lane), update, {
      text: '#owner = :owner AND #fence = :fence',
      names: pick('#owner', '#fence'),
      values: { ':owner': lease.owner, ':fence': lease.fence },
    });

  return {
    async acquire(mailbox, claim) {
      const acquisition = ids();
      if (claim.lanes === 'plan') return take(mailbox, 'plan', claim, acquisition);
      const lanes = Math.min(claim.lanes, MAX_LANES);
      if (lanes < 1) return undefined;
      // Workers that start together begin at different lanes; who collides looks before trying on.
      const { preferred: wanted = lanes } = claim;
      const preferred = wanted < lanes ? wanted : anyLane(claim.owner, lanes);
      const first = await take(mailbox, preferred, claim, acquisition);
      if (first !== undefined || lanes === 1) return first;
      const known = new Map((await readLanes(mailbox)).map((lane) => [lane.lane, lane]));
      for (let lane = 0; lane < lanes; lane += 1) {
        const held = known.get(lane);
        if (held !== undefined && !isFree(held, claim)) continue;
        const lease = await take(mailbox, lane, claim, acquisition);
        if (lease !== undefined) return lease;
      }
      return undefined;
    },

    async renew(lease, input) {
      const item = await write(lease, {
        text: 'SET #until = :until, #progress = :progress, #progressPass = :pass',
        names: pick('#until', '#progress', '#progressPass'),
        values: {
          ':until': input.now + input.leaseMs,
          ':progress': addProgress(lease.base, input.progress),
          ':pass': lease.pass,
        },
      });
      return item === undefined ? 'lost' : { stop: parseLane(item).stop };
    },

    async release(lease, progress) {
      // A stop request stays until the lane's next owner, so that its answer is seen here.
      const item = await write(lease, {
        text: `SET #until = :zero, #progress = :progress, #progressPass = :pass
          REMOVE #owner, #ownerEpoch, #acquisition`,
        names: pick('#until', '#progress', '#progressPass', '#owner', '#ownerEpoch', '#acquisition'),
        values: {
          ':zero': 0,
          ':progress': addProgress(lease.base, progress),
          ':pass': lease.pass,
        },
      });
      if (item === undefined) return 'lost';
      return parseLane(item).stop ? 'stop-requested' : 'freed';
    },

    async requestStop(mailbox) {
      const held = (await readLanes(mailbox)).filter((lane) => lane.owner !== '');
      await Promise.all(
        held.map((lane) =>
          table.update(
            laneKey(mailbox, lane.lane === PLAN_LANE ? 'plan' : lane.lane),
            { text: 'SET #stop = :yes', names: pick('#stop'), values: { ':yes': true } },
            { text: 'attribute_exists(#owner)', names: pick('#owner') },
          ),
        ),
      );
    },
  };
}

function isFree(lane: Lane, claim: LaneClaim): boolean {
  return lane.owner === '' || lane.until < claim.now || lane.ownerEpoch !== claim.ownerEpoch;
}

/** DynamoDB refuses names that an expression does not use. */
function pick(...names: ReadonlyArray<keyof typeof NAMES>): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, NAMES[name]]));
}

function anyLane(owner: string, lanes: number): number {
  return createHash('sha256').update(owner).digest().readUInt32BE(0) % lanes;
}
