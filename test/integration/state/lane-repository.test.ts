import fc from 'fast-check';
import { ulid } from 'ulid';
import type { LaneLease, LaneProgress, LaneRepository } from '../../../shared/state/lane-repository.ts';
import { createState } from '../../../shared/state/create-state.ts';
import { PLAN_LANE } from '../../../shared/state/lane-record.ts';
import type { MailboxKey } from '../../../shared/state/mailbox-record.ts';
import { loseFirstAnswer } from '../../support/cut-clients.ts';
import { recordRequests } from '../../support/record-requests.ts';
import { startTestCloud, type TestCloud } from '../../support/test-cloud.ts';

let cloud: TestCloud;
let lanes: LaneRepository;
let mailbox: MailboxKey;

beforeAll(async () => {
  cloud = await startTestCloud();
  lanes = cloud.state().lanes;
});
afterAll(() => cloud.close());
beforeEach(() => {
  mailbox = { tenant: cloud.tenant(), mailboxId: ulid() };
});

const LEASE_MS = 60_000;
const claim = (owner: string, fields: Partial<Parameters<LaneRepository['acquire']>[1]> = {}) => ({
  lanes: 3,
  owner,
  ownerEpoch: 'epoch-1',
  now: 1_000_000,
  leaseMs: LEASE_MS,
  pass: 1,
  ...fields,
});
const progress = (messages: number): LaneProgress => ({
  messages,
  bytes: messages * 10,
  copied: messages,
  adopted: 0,
  skipped: 0,
  underOtherLabel: 0,
  failed: 0,
});
const acquire = async (owner: string, fields: Partial<Parameters<LaneRepository['acquire']>[1]> = {}) => {
  const lease = await lanes.acquire(mailbox, claim(owner, fields));
  if (lease === undefined) throw new Error(`${owner} got no lane`);
  return lease;
};
const renew = { now: 1_010_000, leaseMs: LEASE_MS, progress: progress(0) };

describe('a lane', () => {
  test('is given to exactly as many of fifty workers as there are lanes, each a different one', async () => {
    const leases = await Promise.all(
      Array.from({ length: 50 }, (_unused, index) => lanes.acquire(mailbox, claim(`worker-${index}`))),
    );
    const given = leases.filter((lease) => lease !== undefined);
    expect(given).toHaveLength(3);
    expect(new Set(given.map((lease) => lease.lane))).toEqual(new Set([0, 1, 2]));
  });

  test('goes once to workers that name themselves alike', async () => {
    const leases = await Promise.all(Array.from({ length: 10 }, () => lanes.acquire(mailbox, claim('same'))));
    expect(leases.filter((lease) => lease !== undefined)).toHaveLength(3);
  });

  test('that is held is refused until its lease has lapsed, then given with a higher fence', async () => {
    const first = await acquire('first', { lanes: 1 });
    const atEnd = 1_000_000 + LEASE_MS;
    expect(await lanes.acquire(mailbox, claim('second', { lanes: 1, now: atEnd }))).toBeUndefined();
    const second = await acquire('second', { lanes: 1, now: atEnd + 1 });
    expect(second.fence).toBeGreaterThan(first.fence);
    expect(await lanes.renew(first, renew)).toBe('lost');
    expect(await lanes.renew(second, renew)).toEqual({ stop: false });
  });

  test('is lengthened by a renewal', async () => {
    const first = await acquire('first', { lanes: 1 });
    await lanes.renew(first, { now: 1_050_000, leaseMs: LEASE_MS, progress: progress(1) });
    expect(await lanes.acquire(mailbox, claim('second', { lanes: 1, now: 1_100_000 }))).toBeUndefined();
  });

  test('of an owner of another epoch is free at once', async () => {
    const dead = await acquire('dead', { lanes: 1 });
    const heir = await acquire('heir', { lanes: 1, ownerEpoch: 'epoch-2' });
    expect(heir).toMatchObject({ lane: 0, fence: dead.fence + 1 });
    expect(await lanes.renew(dead, renew)).toBe('lost');
  });

  test('is free again when released, and its fence goes on growing', async () => {
    const first = await acquire('first', { lanes: 1 });
    await lanes.release(first, progress(2));
    expect(await lanes.renew(first, renew)).toBe('lost');
    const second = await acquire('first', { lanes: 1 });
    expect(second.fence).toBeGreaterThan(first.fence);
  });

  test('is not taken from its new owner by a late release of the old one', async () => {
    const old = await acquire('old', { lanes: 1 });
    const fresh = await acquire('fresh', { lanes: 1, now: 2_000_000 });
    await lanes.release(old, progress(1));
    expect(await lanes.renew(fresh, { ...renew, now: 2_000_001 })).toEqual({ stop: false });
  });

  test('of the planner is one, and apart from the others', async () => {
    const plan = await acquire('planner', { lanes: 'plan' });
    expect(plan.lane).toBe(PLAN_LANE);
    expect(await lanes.acquire(mailbox, claim('planner-2', { lanes: 'plan' }))).toBeUndefined();
    expect(await acquire('worker', { lanes: 1 })).toMatchObject({ lane: 0 });
    await lanes.release(plan, progress(0));
    expect(await acquire('planner-2', { lanes: 'plan' })).toMatchObject({ fence: plan.fence + 1 });
  });

  test('belongs to one mailbox of one tenant', async () => {
    await acquire('first', { lanes: 1 });
    const other = { ...mailbox, tenant: `${mailbox.tenant}x` };
    expect(await lanes.acquire(other, claim('second', { lanes: 1 }))).toMatchObject({ fence: 1 });
  });

  test('is not lost to a worker whose first answer was lost', async () => {
    const clients = cloud.clients();
    const { lost } = loseFirstAnswer(clients, 'UpdateItem');
    const shaky = cloud.state({ clients }).lanes;
    const lease = await shaky.acquire(mailbox, claim('worker', { lanes: 1 }));
    expect(lost()).toBe(true);
    expect(lease).toMatchObject({ lane: 0 });
    expect(lease && (await lanes.renew(lease, renew))).toEqual({ stop: false });
  });

  test('answers a stop request at the next renewal, and forgets it with the next owner', async () => {
    const first = await acquire('first');
    const planner = await acquire('planner', { lanes: 'plan' });
    await lanes.requestStop(mailbox);
    expect(await lanes.renew(first, renew)).toEqual({ stop: true });
    expect(await lanes.renew(planner, renew)).toEqual({ stop: true });
    await lanes.release(first, progress(0));
    const second = await acquire('second', { lanes: 1, now: 9_000_000 });
    expect(await lanes.renew(second, { ...renew, now: 9_000_000 })).toEqual({ stop: false });
  });

  test('adds up the progress of its owners in one pass and begins anew with the next', async () => {
    const { work } = cloud.state();
    const first = await acquire('first', { lanes: 1 });
    await lanes.renew(first, { ...renew, progress: progress(3) });
    await lanes.release(first, progress(5));
    const second = await acquire('second', { lanes: 1 });
    await lanes.renew(second, { ...renew, progress: { ...progress(2), requests: 4 } });
    expect((await work.snapshot(mailbox)).lanes[0]?.progress).toEqual({ ...progress(7), requests: 4 });
    await lanes.release(second, progress(2));
    await acquire('third', { lanes: 1, pass: 2 });
    expect((await work.snapshot(mailbox)).lanes[0]?.progress).toEqual(progress(0));
  });

  test('costs one request when it is free', async () => {
    const clients = cloud.clients();
    const requests = recordRequests(clients);
    const counted = createState(clients.documents, {
      table: cloud.table,
      clock: { now: () => 0, monotonic: () => 0 },
      ids: () => ulid(),
    }).lanes;
    await counted.acquire(mailbox, claim('first'));
    expect(requests).toEqual(['UpdateItemCommand']);
  });
});

describe('lanes under any history', () => {
  type Step = { worker: number; act: 'acquire' | 'renew' | 'release'; after: number };
  type Held = { lease: LaneLease; until: number };
  const LANES = 2;
  const step: fc.Arbitrary<Step> = fc.record({
    worker: fc.integer({ min: 0, max: 4 }),
    act: fc.constantFrom('acquire', 'renew', 'release'),
    after: fc.constantFrom(1, 1000, LEASE_MS / 2, LEASE_MS + 1),
  });

  /** Plays the steps against the table and a model, and tells where they differ. */
  async function differences(key: MailboxKey, steps: readonly Step[]): Promise<string[]> {
    const found: string[] = [];
    const held = new Map<number, Held>();
    const fences = new Map<number, number>();
    let now = 1_000_000;
    for (const { worker, act, after } of steps) {
      now += after;
      const own = held.get(worker);
      if (act === 'acquire' && own === undefined) {
        const lease = await lanes.acquire(key, claim(`w${worker}`, { lanes: LANES, now }));
        const taken = [...held.values()].filter(({ until }) => until >= now).map((other) => other.lease.lane);
        if (lease === undefined && new Set(taken).size < LANES)
          found.push('refused although a lane was free');
        if (lease === undefined) continue;
        if (taken.includes(lease.lane)) found.push(`lane ${lease.lane} was given twice`);
        if (lease.fence <= (fences.get(lease.lane) ?? 0))
          found.push(`the fence of lane ${lease.lane} did not grow`);
        fences.set(lease.lane, lease.fence);
        held.set(worker, { lease, until: now + LEASE_MS });
      } else if (act === 'renew' && own !== undefined) {
        const answer = await lanes.renew(own.lease, { now, leaseMs: LEASE_MS, progress: progress(0) });
        const isOurs = fences.get(own.lease.lane) === own.lease.fence;
        if ((answer === 'lost') === isOurs)
          found.push(`a renewal was wrong about who has lane ${own.lease.lane}`);
        if (isOurs) held.set(worker, { lease: own.lease, until: now + LEASE_MS });
        else held.delete(worker);
      } else if (act === 'release' && own !== undefined) {
        await lanes.release(own.lease, progress(0));
        held.delete(worker);
      }
    }
    return found;
  }

  test('never have two holders of the same lane, and fences that only grow', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        expect(await differences({ tenant: cloud.tenant(), mailboxId: ulid() }, steps)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});
