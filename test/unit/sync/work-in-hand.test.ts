import type { FolderRecord } from '../../../shared/state/folder-record.ts';
import type { Lane } from '../../../shared/state/lane-record.ts';
import type { PageRecord } from '../../../shared/state/page-record.ts';
import type { WorkItem } from '../../../shared/state/work-record.ts';
import { LaneMemory } from '../../../shared/sync/lane-memory.ts';
import { LeaseLostError } from '../../../shared/sync/errors.ts';
import { type LaneOfWork, WorkInHand } from '../../../shared/sync/work-in-hand.ts';

const SELF = { lane: 0, fence: 7 };
const OTHER = { lane: 1, fence: 3 };

const small = (folderId: string, messages = 10): WorkItem => ({
  rank: 1,
  folderId,
  epoch: 1,
  number: 0,
  kind: 'copy',
  messages,
});

const free = ({ claim: _claim, ...item }: WorkItem): WorkItem => item;
const names = (items: readonly WorkItem[]): string => items.map(({ folderId }) => folderId).join(' ');

/** A lane with a work list in memory, and what it asked of it. */
function bench(...items: WorkItem[]) {
  const list = new Map(items.map((item) => [item.folderId, item]));
  const asked: string[] = [];
  const world = { mayWrite: true, planning: false, unreachable: false, afterSnapshot: () => {} };
  const lane = (number: number, fence: number, until = 1000): Lane => ({
    lane: number,
    owner: until === 0 ? '' : 'somebody',
    ownerEpoch: 'e',
    fence,
    until,
    stop: false,
    pass: 1,
    progress: { messages: 0, bytes: 0, copied: 0, adopted: 0, skipped: 0, underOtherLabel: 0, failed: 0 },
  });
  const ask = (what: string): void => {
    if (world.unreachable) throw new TypeError('table away');
    asked.push(what);
  };
  const work = {
    snapshot: async (_key: unknown, limit: number) => {
      ask('look');
      const lanes = [lane(0, 7), lane(1, 3), lane(-1, 1, world.planning ? 1000 : 0)];
      const all = [...list.values()];
      const seen = { lanes, work: all.slice(0, limit), more: all.length > limit, claims: [] };
      world.afterSnapshot();
      return seen;
    },
    get: async (_key: unknown, { folderId }: WorkItem) => {
      const listed = list.get(folderId);
      return listed === undefined ? undefined : free(listed);
    },
    claim: async (_key: unknown, items: WorkItem[], _lease: unknown, over: WorkItem[]) => {
      ask(`claim ${names(items)}${over.length > 0 ? `, let go ${names(over)}` : ''}`);
      const held = (item: WorkItem): number | undefined => list.get(item.folderId)?.claim?.fence;
      if (items.some((item) => ![item.claim?.fence, SELF.fence].includes(held(item)))) return false;
      for (const item of items) {
        if (list.has(item.folderId)) list.set(item.folderId, { ...item, claim: SELF });
      }
      return true;
    },
    letGo: async (_key: unknown, items: readonly WorkItem[]) => {
      if (items.length === 0) return true;
      ask(`let go ${names(items)}`);
      for (const { folderId } of items) {
        const listed = list.get(folderId);
        if (listed?.claim?.fence === SELF.fence) list.set(folderId, free(listed));
      }
      return true;
    },
    remove: async (_key: unknown, done: readonly WorkItem[]) => {
      ask(`remove ${names(done)}`);
      for (const item of done) list.delete(item.folderId);
    },
  };
  const folders = {
    get: async (_key: unknown, folderId: string) => ({ folderId, epoch: 1 }) as FolderRecord,
  };
  const pages = { get: async (_key: unknown, ref: WorkItem) => ({ ...ref }) as unknown as PageRecord };
  const context = {
    key: { tenant: 't', mailboxId: 'm' },
    mailbox: { laneLimit: 2 },
    keeper: { lease: { ...SELF, pass: 1 }, mayWrite: () => world.mayWrite },
    services: {
      clock: { now: () => 500 },
      environment: { epoch: 'e' },
      state: { work, folders, pages },
    },
  } as unknown as LaneOfWork;
  const memory = new LaneMemory();
  const hand = new WorkInHand(context, memory);
  const piece = async () => {
    const next = await hand.next();
    if (next.kind !== 'piece') throw new RangeError(`There was no piece: ${next.kind}.`);
    return next;
  };
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const claims = () => [...list.values()].map(({ folderId, claim }) => [folderId, claim?.lane]);
  return { hand, memory, piece, asked, list, world, settle, claims };
}

describe('the work that a lane has in hand', () => {
  test('is claimed after one look, handed out in order with its pages, and removed at once', async () => {
    const { asked, hand, memory, piece } = bench(small('a'), small('b'), small('c'));
    for (const folderId of ['a', 'b', 'c']) {
      const next = await piece();
      expect(next).toMatchObject({ item: { folderId }, page: { folderId } });
      expect(memory.folders.get(folderId)).toMatchObject({ folderId });
      hand.finished(next);
    }
    expect(asked).toEqual(['look', 'claim a b c']);
    expect(await hand.next()).toEqual({ kind: 'done', alone: false });
    // in this order: of lanes that end together the last one sees that nothing is left
    expect(asked.slice(2)).toEqual(['remove a b c', 'look', 'let go a b c']);
  });

  test('is given back as far as it was not begun', async () => {
    const { claims, hand, piece } = bench(small('a'), small('b'), small('c'));
    await piece();
    await hand.giveBack();
    expect(claims()).toEqual([
      ['a', 0],
      ['b', undefined],
      ['c', undefined],
    ]);
  });

  test('stays claimed as far as somebody else had begun it, for that is what says so', async () => {
    const dead = { lane: 1, fence: 2 };
    const { asked, claims, hand, settle } = bench({ ...small('a'), claim: dead }, small('b'));
    hand.begin();
    await settle();
    await hand.layDown();
    expect(claims()).toEqual([
      ['a', 0],
      ['b', undefined],
    ]);
    expect(asked).toEqual(['look', 'claim a']);
  });

  test('stays claimed though it is no longer on the list, if somebody else had begun it', async () => {
    const dead = { lane: 1, fence: 2 };
    const { asked, hand, list, world } = bench({ ...small('a'), claim: dead });
    world.afterSnapshot = () => list.set('a', { ...small('a'), claim: dead, epoch: 2 });
    hand.begin();
    await hand.layDown();
    expect(asked).toEqual(['look', 'claim a']);
  });

  test('is looked for again when another lane was faster with a part of it', async () => {
    const { asked, list, piece, world } = bench(small('a'), small('b'));
    world.afterSnapshot = () => {
      list.set('a', { ...small('a'), claim: OTHER });
    };
    expect((await piece()).item.folderId).toBe('b');
    expect(asked).toEqual(['look', 'claim a b', 'look', 'claim b']);
  });

  test('is looked for again when another lane was faster with all of it', async () => {
    const { asked, hand, list, world } = bench(small('a'));
    world.afterSnapshot = () => {
      list.set('a', { ...small('a'), claim: OTHER });
    };
    expect(await hand.next()).toEqual({ kind: 'busy' });
    expect(asked).toEqual(['look', 'claim a', 'look']);
  });

  test('is without what another lane has done between the look and the claim', async () => {
    const { asked, hand, list, piece, world } = bench(small('a'), small('b'));
    world.afterSnapshot = () => list.delete('a');
    const next = await piece();
    expect(next.item.folderId).toBe('b');
    hand.finished(next);
    await hand.layDown();
    expect(asked).toEqual(['look', 'claim a b', 'remove b', 'let go a b']);
  });

  test('tells whose it was before, and not that it is its own now', async () => {
    const dead = { lane: 1, fence: 2 };
    const { piece } = bench({ ...small('a'), claim: dead }, small('b'));
    expect((await piece()).item.claim).toEqual(dead);
    expect((await piece()).item.claim).toBeUndefined();
  });

  test('is let go when the next is taken, and when it was not ended but nothing of it is in doubt', async () => {
    const { asked, claims, hand, piece } = bench(small('a', 900), small('b', 900), small('c', 900));
    hand.finished(await piece());
    const second = await piece();
    expect(asked).toEqual(['look', 'claim a', 'remove a', 'look', 'claim b, let go a']);
    await hand.unfinished(second);
    expect(claims()).toEqual([
      ['b', undefined],
      ['c', undefined],
    ]);
  });

  test('is new work when it was added again after it was done, before its claim was let go', async () => {
    const { asked, hand, list, piece } = bench(small('a'));
    hand.finished(await piece());
    await hand.removeFinished();
    list.set('a', { ...small('a'), claim: SELF });
    expect((await piece()).item.claim).toBeUndefined();
    expect(asked.slice(2)).toEqual(['remove a', 'look', 'claim a']);
  });

  test.each(['flags', 'adopt'] as const)('of kind %s is free at once when it is done', async (kind) => {
    const { asked, hand, piece } = bench({ ...small('a'), kind });
    hand.finished(await piece());
    await hand.removeFinished();
    expect(asked).toEqual(['look', 'claim a', 'remove a', 'let go a']);
  });

  test('is found behind all that other lanes may have in theirs', async () => {
    const held = Array.from({ length: 40 }, (_, index) => ({ ...small(`held ${index}`), claim: OTHER }));
    const { piece } = bench(...held, small('z'));
    expect((await piece()).item.folderId).toBe('z');
  });

  test('ends where somebody plans', async () => {
    const { asked, hand, world } = bench(small('a'));
    world.planning = true;
    expect(await hand.next()).toEqual({ kind: 'planning' });
    expect(asked).toEqual(['look']);
  });

  test('is never begun twice, though a look ahead still shows it after it is finished', async () => {
    const ofOther = { ...small('z', 900), claim: OTHER };
    const { asked, hand, piece, settle } = bench(small('a', 900), small('b', 900), small('c', 900), ofOther);
    const first = await piece();
    hand.lookAhead();
    await settle();
    hand.finished(first);
    await piece();
    hand.lookAhead();
    await settle();
    expect((await piece()).item.folderId).toBe('c');
    expect(asked).toEqual(['look', 'claim a', 'look', 'claim b', 'look', 'claim c']);
  });

  test('is never begun twice, though it is finished in the course of a look ahead', async () => {
    const ofOther = { ...small('z', 900), claim: OTHER };
    const { asked, hand, piece, settle, world } = bench(small('a', 900), small('b', 900), ofOther);
    const first = await piece();
    world.afterSnapshot = () => hand.finished(first);
    hand.lookAhead();
    await settle();
    world.afterSnapshot = () => {};
    const second = await piece();
    expect(second.item.folderId).toBe('b');
    hand.finished(second);
    expect(await hand.next()).toMatchObject({ kind: 'busy' });
    expect(asked).toEqual(['look', 'claim a', 'look', 'claim b', 'remove a b', 'look', 'let go a b']);
  });

  test('is claimed and read while the lane signs in', async () => {
    const { asked, hand, piece, settle } = bench(small('a'), small('b'));
    hand.begin();
    await settle();
    const before = [...asked];
    expect((await piece()).item.folderId).toBe('a');
    expect(before).toEqual(['look', 'claim a b']);
    expect(asked).toEqual(before);
  });

  test("is others' again when the lane cannot sign in", async () => {
    const { claims, hand } = bench(small('a'), small('b'));
    hand.begin();
    await hand.layDown();
    expect(claims()).toEqual([
      ['a', undefined],
      ['b', undefined],
    ]);
  });

  test('is looked for anew when the look while the lane signed in failed', async () => {
    const { hand, piece, settle, world } = bench(small('a'));
    world.unreachable = true;
    hand.begin();
    await settle();
    world.unreachable = false;
    expect((await piece()).item.folderId).toBe('a');
  });

  test('is laid down whatever happens: what cannot be written stays as a dead lane leaves it', async () => {
    const { claims, hand, piece, world } = bench(small('a'), small('b'));
    hand.finished(await piece());
    world.unreachable = true;
    await hand.layDown();
    expect(claims()).toEqual([
      ['a', 0],
      ['b', 0],
    ]);
  });

  test('is not removed by a lane whose lease may have lapsed', async () => {
    const { asked, hand, piece, world } = bench(small('a'));
    hand.finished(await piece());
    world.mayWrite = false;
    await expect(hand.removeFinished()).rejects.toThrow(LeaseLostError);
    expect(asked).toEqual(['look', 'claim a']);
  });
});

describe('looking ahead', () => {
  test('claims the next pieces while the last one is in work, and removes none of them', async () => {
    const { asked, claims, hand, piece, settle } = bench(small('a', 900), small('b', 900), small('c', 900));
    const first = await piece();
    hand.lookAhead();
    await settle();
    expect(claims()).toEqual([
      ['a', 0],
      ['b', 0],
      ['c', undefined],
    ]);
    hand.finished(first);
    expect((await piece()).item.folderId).toBe('b');
    expect(asked).toEqual(['look', 'claim a', 'look', 'claim b']);
  });

  test('waits while pieces are in hand, and where there was nothing more', async () => {
    const { asked, hand, piece, settle } = bench(small('a'), small('b'));
    await piece();
    hand.lookAhead();
    await piece();
    hand.lookAhead();
    await settle();
    expect(asked).toEqual(['look', 'claim a b']);
  });

  test('leaves the last pieces to lanes that have none', async () => {
    const { asked, claims, hand, list, piece, settle } = bench(small('a', 900), small('b', 900));
    await piece();
    hand.lookAhead();
    await settle();
    expect(claims()).toEqual([
      ['a', 0],
      ['b', undefined],
    ]);
    list.set('z', { ...small('z', 900), claim: OTHER }); // now the other lane has one
    hand.lookAhead();
    await settle();
    expect(asked).toEqual(['look', 'claim a', 'look', 'look', 'claim b']);
  });

  test('does not count what waits for the copies of its own page', async () => {
    const flags: WorkItem = { ...small('a'), kind: 'flags' };
    const { claims, hand, list, piece, settle } = bench(small('a', 900), small('b', 900));
    list.set('flags', flags);
    await piece();
    hand.lookAhead();
    await settle();
    expect(claims()).toEqual([
      ['a', 0],
      ['b', undefined],
      ['a', undefined],
    ]);
  });

  test('what it found goes back with the rest', async () => {
    const { claims, hand, piece } = bench(small('a', 900), small('b', 900), small('c', 900));
    await piece();
    hand.lookAhead();
    await hand.giveBack();
    expect(claims()).toEqual([
      ['a', 0],
      ['b', undefined],
      ['c', undefined],
    ]);
  });

  test('that fails is made up for when the piece is done', async () => {
    const { hand, piece, settle, world } = bench(small('a', 900), small('b', 900));
    const first = await piece();
    world.unreachable = true;
    hand.lookAhead();
    await settle();
    world.unreachable = false;
    hand.finished(first);
    expect((await piece()).item.folderId).toBe('b');
  });
});
