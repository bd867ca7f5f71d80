import { ulid } from 'ulid';
import type { State } from '../../../shared/state/create-state.ts';
import type { MailboxKey } from '../../../shared/state/keys.ts';
import { PLAN_LANE } from '../../../shared/state/lane-record.ts';
import type { LaneLease } from '../../../shared/state/lane-repository.ts';
import type { WorkItem } from '../../../shared/state/work-record.ts';
import { cutAfter, loseFirstAnswer } from '../../support/cut-clients.ts';
import { recordRequests } from '../../support/record-requests.ts';
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

/** What the table gives each addition falls away: it differs each time. */
const listed = async (limit?: number): Promise<WorkItem[]> => {
  const snapshot = await state.work.snapshot(mailbox, limit);
  return snapshot.work.map(({ addition: _addition, ...item }) => item);
};
const claimOf = ({ lane, fence }: LaneLease) => ({ lane, fence });

/** A work list, and the names of the requests that it makes. */
function counting() {
  const clients = cloud.clients();
  return { requests: recordRequests(clients), repository: cloud.state({ clients }).work };
}

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
    expect(snapshot.work).toMatchObject(items.slice(0, 3));
    expect(snapshot.more).toBe(true);
    expect(snapshot.lanes.map(({ lane, owner }) => [lane, owner])).toEqual(
      expect.arrayContaining([[PLAN_LANE, 'planner']]),
    );
    expect(snapshot.lanes).toHaveLength(3);
    expect((await state.work.snapshot(mailbox, 4)).more).toBe(false);
  });

  test('of a mailbox that nothing was ever done to is empty', async () => {
    expect(await state.work.snapshot(mailbox)).toEqual({ lanes: [], work: [], more: false, claims: [] });
  });

  test('still shows all lanes of the largest mailbox beside the work asked for', async () => {
    const first = await acquire('w0', 20);
    await Promise.all(Array.from({ length: 19 }, (_unused, index) => acquire(`w${index + 1}`, 20)));
    await acquire('planner', 'plan');
    const items = Array.from({ length: 10 }, (_unused, number) => work({ number }));
    await state.work.add(mailbox, items);
    await state.work.claim(mailbox, items, first);
    const snapshot = await state.work.snapshot(mailbox, 5);
    expect(snapshot.lanes).toHaveLength(21);
    expect(snapshot.work).toHaveLength(5);
  });
});

describe('pieces of work', () => {
  test('are claimed together by one of many racing lanes, and by the others not in part', async () => {
    const items = [work(), work({ number: 1 }), work({ folderId: 'f2' })];
    await state.work.add(mailbox, items);
    const leases = await Promise.all(
      Array.from({ length: 10 }, (_unused, index) => acquire(`w${index}`, 10)),
    );
    // Each wants two of them: any two lanes want one in common.
    const wanted = leases.map((_lease, index) => items.filter((_item, at) => at !== index % 3));
    const claims = await Promise.all(
      leases.map((lease, index) => state.work.claim(mailbox, wanted[index] ?? [], lease)),
    );
    expect(claims.filter(Boolean)).toHaveLength(1);
    const winner = claims.indexOf(true);
    const claim = leases[winner] && claimOf(leases[winner]);
    const taken = wanted[winner] ?? [];
    expect(await listed()).toEqual(
      [work({ number: 1 }), work(), work({ folderId: 'f2' })].map((item) =>
        taken.some(({ folderId, number }) => folderId === item.folderId && number === item.number)
          ? { ...item, claim }
          : item,
      ),
    );
  });

  test('are claimed by one request, which lets go of what is over', async () => {
    const items = Array.from({ length: 16 }, (_unused, number) => work({ number }));
    const later = Array.from({ length: 16 }, (_unused, number) => work({ folderId: 'f2', number }));
    await state.work.add(mailbox, [...items, ...later]);
    const lease = await acquire('w');
    const { requests, repository } = counting();
    expect(await repository.claim(mailbox, items, lease)).toBe(true);
    expect(await repository.claim(mailbox, later, lease, items)).toBe(true);
    expect(requests).toEqual(['UpdateItemCommand', 'UpdateItemCommand']);
    const claimed = (await listed()).filter(({ claim }) => claim !== undefined);
    expect(new Set(claimed.map(({ folderId }) => folderId))).toEqual(new Set(['f2']));
    expect(claimed).toHaveLength(16);
  });

  test('of a dead lane are claimed only by who has seen whose they were', async () => {
    await state.work.add(mailbox, [work()]);
    const dead = await acquire('dead');
    expect(await state.work.claim(mailbox, [work()], dead)).toBe(true);
    const heir = await acquire('heir');
    expect(await state.work.claim(mailbox, [work()], heir)).toBe(false);
    const seen = work({ claim: claimOf(dead) });
    const late = await acquire('late');
    expect(await state.work.claim(mailbox, [seen], heir)).toBe(true);
    expect(await state.work.claim(mailbox, [seen], late)).toBe(false);
  });

  test.each(['claim', 'let go'] as const)(
    'are well when a request to %s them was sent twice',
    async (what) => {
      await state.work.add(mailbox, [work(), work({ number: 1 })]);
      const lease = await acquire('w');
      if (what === 'let go') await state.work.claim(mailbox, [work({ number: 1 })], lease);
      const clients = cloud.clients();
      const { lost } = loseFirstAnswer(clients, 'UpdateItem');
      const repository = cloud.state({ clients }).work;
      const over = what === 'claim' ? [] : [work({ number: 1 })];
      expect(await repository.claim(mailbox, [work()], lease, over)).toBe(true);
      expect(lost()).toBe(true);
      expect(await listed()).toEqual([work({ number: 1 }), work({ claim: claimOf(lease) })]);
    },
  );

  test('stay whose they are when somebody else lets go of them, or claims others with them over', async () => {
    await state.work.add(mailbox, [work(), work({ number: 1 })]);
    const [dead, heir] = [await acquire('dead'), await acquire('heir')];
    await state.work.claim(mailbox, [work()], dead);
    await state.work.claim(mailbox, [work({ claim: claimOf(dead) })], heir);
    expect(await state.work.letGo(mailbox, [work()], dead)).toBe(false);
    expect(await state.work.claim(mailbox, [work({ number: 1 })], dead, [work()])).toBe(false);
    expect(await listed()).toEqual([work({ number: 1 }), work({ claim: claimOf(heir) })]);
  });

  test('that were let go are free for anybody', async () => {
    const items = Array.from({ length: 100 }, (_unused, number) => work({ messages: 7, number }));
    await state.work.add(mailbox, items);
    const lease = await acquire('w');
    for (let start = 0; start < 100; start += 20) {
      await state.work.claim(mailbox, items.slice(start, start + 20), lease);
    }
    expect(await state.work.letGo(mailbox, items, lease)).toBe(true);
    expect(await listed()).toEqual(items.toReversed());
    expect(await state.work.claim(mailbox, items.slice(0, 20), await acquire('x'))).toBe(true);
  });

  test('that are done are not on the list, nor brought back by a claim', async () => {
    await state.work.add(mailbox, [work()]);
    const lease = await acquire('w');
    await state.work.claim(mailbox, [work()], lease);
    const [item] = (await state.work.snapshot(mailbox)).work;
    await state.work.remove(mailbox, item === undefined ? [] : [item]);
    expect(await state.work.get(mailbox, work())).toBeUndefined();
    await state.work.letGo(mailbox, [work()], lease);
    expect(await state.work.claim(mailbox, [work()], await acquire('x'))).toBe(true);
    expect(await listed()).toEqual([]);
    expect(await state.work.get(mailbox, work())).toBeUndefined();
  });

  test('of one epoch are claimed apart from those of another', async () => {
    await state.work.add(mailbox, [work({ epoch: 2 })]);
    const lease = await acquire('w');
    expect(await state.work.claim(mailbox, [work({ epoch: 1 })], lease)).toBe(true);
    expect(await listed()).toEqual([work({ epoch: 2 })]);
    expect(await state.work.claim(mailbox, [work({ epoch: 2 })], await acquire('x'))).toBe(true);
  });

  test('stay known as begun when they are added again, removed, or lost', async () => {
    await state.work.add(mailbox, [work(), work({ number: 1 })]);
    const dead = await acquire('dead');
    await state.work.claim(mailbox, [work(), work({ number: 1 })], dead);
    await state.work.remove(mailbox, (await state.work.snapshot(mailbox)).work);
    const claimed = [work(), work({ number: 1 })].map(({ rank: _rank, ...ref }) => ({
      ...ref,
      claim: claimOf(dead),
    }));
    expect((await state.work.snapshot(mailbox)).claims).toEqual(claimed);
    await state.work.add(mailbox, [work()]);
    expect(await listed()).toEqual([work({ claim: claimOf(dead) })]);
    expect(await state.work.claims(mailbox)).toEqual(claimed);
  });

  test('lose their claims at a planning, those excepted that were taken meanwhile', async () => {
    const items = Array.from({ length: 60 }, (_unused, number) => work({ number }));
    const [first] = items;
    const [one, other, heir] = [await acquire('one'), await acquire('other'), await acquire('heir')];
    for (let start = 0; start < 50; start += 25) {
      await state.work.claim(mailbox, items.slice(start, start + 25), one);
    }
    await state.work.claim(mailbox, items.slice(50), other);
    const seen = await state.work.claims(mailbox);
    expect(seen).toHaveLength(60);
    await state.work.claim(mailbox, [{ ...work(first), claim: claimOf(one) }], heir);
    await state.work.dropClaims(
      mailbox,
      seen.filter(({ number }) => number > 0),
    );
    expect(await state.work.claims(mailbox)).toMatchObject([{ number: 0, claim: claimOf(heir) }]);
  });

  test.each(['flags', 'adopt', 'copy'] as const)(
    'of kind %s are not removed by who did what was on the list before',
    async (kind) => {
      await state.work.add(mailbox, [work({ kind })]);
      const { work: before } = await state.work.snapshot(mailbox);
      await state.work.add(mailbox, [work({ kind })]);
      await state.work.remove(mailbox, before);
      expect(await listed()).toEqual([work({ kind })]);
      await state.work.remove(mailbox, (await state.work.snapshot(mailbox)).work);
      expect(await listed()).toEqual([]);
    },
  );

  test('are removed together, copies in one request, and work of another epoch stays', async () => {
    const copies = [0, 1, 2].map((number) => work({ number }));
    const others = (['flags', 'adopt'] as const).map((kind) => work({ kind, number: 9 }));
    await state.work.add(mailbox, [...copies, ...others]);
    const { work: done } = await state.work.snapshot(mailbox);
    await state.work.add(
      mailbox,
      others.map((item) => ({ ...item, epoch: 2 })),
    );
    const { requests, repository } = counting();
    await repository.remove(mailbox, done);
    expect(requests.filter((name) => name === 'BatchWriteItemCommand')).toHaveLength(1);
    expect((await listed()).map(({ kind }) => kind).toSorted()).toEqual(['adopt', 'flags']);
  });

  test('of every kind for one page stand beside the others', async () => {
    const items = (['adopt', 'copy', 'flags'] as const).map((kind) => work({ kind }));
    await state.work.add(mailbox, items);
    expect(await listed()).toEqual(items);
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
    expect(await listed(200)).toEqual(items.toReversed());
  }
});
