import { ulid } from 'ulid';
import type { State } from '../../../shared/state/create-state.ts';
import type { MailboxKey } from '../../../shared/state/keys.ts';
import { PLAN_LANE } from '../../../shared/state/lane-record.ts';
import type { LaneLease } from '../../../shared/state/lane-repository.ts';
import type { WorkItem } from '../../../shared/state/work-record.ts';
import { cutAfter, loseFirstAnswer } from '../../support/cut-clients.ts';
import { startTestCloud, type TestCloud } from '../../support/test-cloud.ts';

let cloud: TestCloud;
let state: State;
let mailbox: MailboxKey;

beforeAll(async () => {
  cloud = await startTestCloud();
  state = cloud.state();
});
afterAll(() => cloud.close());
beforeEach(() => {
  mailbox = { tenant: cloud.tenant(), mailboxId: ulid() };
});

const work = (fields: Partial<WorkItem> = {}): WorkItem => ({
  rank: 1,
  folderId: 'f1',
  epoch: 1,
  number: 0,
  kind: 'copy',
  ...fields,
});
const acquire = async (owner: string, lanes: number | 'plan' = 3): Promise<LaneLease> => {
  const claim = { lanes, owner, ownerEpoch: 'e', now: 1000, leaseMs: 60_000, pass: 1 };
  const lease = await state.lanes.acquire(mailbox, claim);
  if (lease === undefined) throw new Error('no lane');
  return lease;
};

describe('a snapshot', () => {
  test('tells all lanes and the first work by one request', async () => {
    await acquire('w1');
    await acquire('w2');
    await acquire('planner', 'plan');
    const items = [
      work({ rank: 0, folderId: 'inbox', number: 2 }),
      work({ rank: 0, folderId: 'inbox', number: 1 }),
      work({ number: 12 }),
      work({ number: 3 }),
    ];
    await state.work.add(mailbox, items.toReversed());
    const clients = cloud.clients();
    clients.documents.middlewareStack.add(
      (next, context) => (args) => {
        expect(context.commandName).toBe('QueryCommand');
        return next(args);
      },
      { step: 'deserialize' },
    );
    const snapshot = await cloud.state({ clients }).work.snapshot(mailbox, 3);
    expect(snapshot.work).toEqual(items.slice(0, 3));
    expect(snapshot.more).toBe(true);
    expect(snapshot.lanes.map(({ lane, owner }) => [lane, owner])).toEqual(
      expect.arrayContaining([[PLAN_LANE, 'planner']]),
    );
    expect(snapshot.lanes).toHaveLength(3);
    expect((await state.work.snapshot(mailbox, 4)).more).toBe(false);
  });

  test('of a mailbox that nothing was ever done to is empty', async () => {
    expect(await state.work.snapshot(mailbox)).toEqual({ lanes: [], work: [], more: false });
  });

  test('still shows all lanes of the largest mailbox beside the work asked for', async () => {
    await Promise.all(Array.from({ length: 20 }, (_unused, index) => acquire(`w${index}`, 20)));
    await acquire('planner', 'plan');
    await state.work.add(
      mailbox,
      Array.from({ length: 10 }, (_unused, number) => work({ number })),
    );
    const snapshot = await state.work.snapshot(mailbox, 5);
    expect(snapshot.lanes).toHaveLength(21);
    expect(snapshot.work).toHaveLength(5);
  });
});

describe('a piece of work', () => {
  test('is claimed by one of many racing lanes', async () => {
    await state.work.add(mailbox, [work()]);
    const leases = await Promise.all(
      Array.from({ length: 10 }, (_unused, index) => acquire(`w${index}`, 10)),
    );
    const claims = await Promise.all(leases.map((lease) => state.work.claim(mailbox, work(), lease)));
    expect(claims.filter(Boolean)).toHaveLength(1);
    const winner = leases[claims.indexOf(true)];
    expect((await state.work.snapshot(mailbox)).work).toEqual([
      work({ claim: { lane: winner?.lane ?? -1, fence: winner?.fence ?? -1 } }),
    ]);
  });

  test('of a dead lane is claimed only by who has seen whose it was', async () => {
    await state.work.add(mailbox, [work()]);
    const dead = await acquire('dead');
    expect(await state.work.claim(mailbox, work(), dead)).toBe(true);
    const heir = await acquire('heir');
    expect(await state.work.claim(mailbox, work(), heir)).toBe(false);
    const seen = work({ claim: { lane: dead.lane, fence: dead.fence } });
    const late = await acquire('late');
    expect(await state.work.claim(mailbox, seen, heir)).toBe(true);
    expect(await state.work.claim(mailbox, seen, late)).toBe(false);
  });

  test('whose claim was sent twice because an answer was lost is claimed', async () => {
    await state.work.add(mailbox, [work()]);
    const lease = await acquire('w');
    const clients = cloud.clients();
    const { lost } = loseFirstAnswer(clients, 'UpdateItem');
    expect(await cloud.state({ clients }).work.claim(mailbox, work(), lease)).toBe(true);
    expect(lost()).toBe(true);
  });

  test('that is done cannot be claimed, and comes not back by a claim', async () => {
    await state.work.add(mailbox, [work()]);
    const lease = await acquire('w');
    await state.work.claim(mailbox, work(), lease);
    await state.work.remove(mailbox, [work()], lease);
    expect(await state.work.claim(mailbox, work(), await acquire('x'))).toBe(false);
    await state.work.giveBack(mailbox, work(), lease);
    expect((await state.work.snapshot(mailbox)).work).toEqual([]);
  });

  test('of an older epoch neither claims nor removes that of the present one', async () => {
    await state.work.add(mailbox, [work({ epoch: 2 })]);
    const lease = await acquire('w');
    const claim = { lane: lease.lane, fence: lease.fence };
    expect(await state.work.claim(mailbox, work({ epoch: 1 }), lease)).toBe(false);
    expect(await state.work.claim(mailbox, work({ epoch: 2 }), lease)).toBe(true);
    await state.work.remove(mailbox, [work({ epoch: 1 })], lease);
    await state.work.giveBack(mailbox, work({ epoch: 1 }), lease);
    expect((await state.work.snapshot(mailbox)).work).toEqual([work({ epoch: 2, claim })]);
  });

  test('is removed or given back under a lease only while that lease has claimed it', async () => {
    await state.work.add(mailbox, [work()]);
    const [dead, heir] = [await acquire('dead'), await acquire('heir')];
    await state.work.claim(mailbox, work(), dead);
    await state.work.claim(mailbox, work({ claim: { lane: dead.lane, fence: dead.fence } }), heir);
    await state.work.remove(mailbox, [work()], dead);
    await state.work.giveBack(mailbox, work(), dead);
    const claim = { lane: heir.lane, fence: heir.fence };
    expect((await state.work.snapshot(mailbox)).work).toEqual([work({ claim })]);
    await state.work.remove(mailbox, [work()], heir);
    expect((await state.work.snapshot(mailbox)).work).toEqual([]);
  });

  test('that was given back is free for anybody', async () => {
    await state.work.add(mailbox, [work({ messages: 7 })]);
    const lease = await acquire('w');
    await state.work.claim(mailbox, work(), lease);
    await state.work.giveBack(mailbox, work(), lease);
    expect((await state.work.snapshot(mailbox)).work).toEqual([work({ messages: 7 })]);
    expect(await state.work.claim(mailbox, work(), await acquire('x'))).toBe(true);
  });

  test('is removed with others of its lease, copies in one request, and what others have claimed stays', async () => {
    const copies = [0, 1, 2].map((number) => work({ number }));
    const others = (['flags', 'adopt'] as const).map((kind) => work({ kind, number: 9 }));
    await state.work.add(mailbox, [...copies, ...others]);
    const lease = await acquire('w');
    const other = await acquire('x');
    for (const item of copies) await state.work.claim(mailbox, item, lease);
    for (const item of others) await state.work.claim(mailbox, item, other);
    const clients = cloud.clients();
    const requests: string[] = [];
    clients.documents.middlewareStack.add(
      (next, context) => (args) => {
        requests.push(context.commandName ?? '');
        return next(args);
      },
      { step: 'deserialize' },
    );
    await cloud.state({ clients }).work.remove(mailbox, [...copies, ...others], lease);
    expect(requests.filter((name) => name === 'BatchWriteItemCommand')).toHaveLength(1);
    const { work: left } = await state.work.snapshot(mailbox);
    expect(left.map(({ kind }) => kind).toSorted()).toEqual(['adopt', 'flags']);
  });

  test('of every kind for one page stands beside the others', async () => {
    const items = (['adopt', 'copy', 'flags'] as const).map((kind) => work({ kind }));
    await state.work.add(mailbox, items);
    expect((await state.work.snapshot(mailbox)).work).toEqual(items);
  });
});

test('adding work, killed at any request and repeated, adds each piece once', async () => {
  const items = Array.from({ length: 80 }, (_unused, number) => work({ number }));
  let killed = true;
  for (let passes = 0; killed; passes += 1) {
    mailbox = { tenant: cloud.tenant(), mailboxId: ulid() };
    const clients = cloud.clients();
    const cut = cutAfter(clients, passes, 'answer');
    await cloud
      .state({ clients })
      .work.add(mailbox, items)
      .catch(() => undefined);
    killed = cut.happened();
    await state.work.add(mailbox, items);
    expect((await state.work.snapshot(mailbox, 200)).work).toEqual(items.toReversed());
  }
});
