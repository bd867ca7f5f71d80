import { setImmediate as later } from 'node:timers/promises';
import type { WorkItem } from '../../../shared/state/work-record.ts';
import type { Performed } from '../../../shared/sync/perform-work.ts';
import { PiecesAtWork } from '../../../shared/sync/pieces-at-work.ts';

const piece = (folderId: string) => ({
  item: { rank: 1, folderId, epoch: 1, number: 0, kind: 'copy' } satisfies WorkItem,
  page: undefined,
});

/** A piece that ends when it is told to. */
async function begun(pieces: PiecesAtWork, name: string) {
  const turn = await pieces.turn();
  const end = Promise.withResolvers<Performed>();
  pieces.begin(piece(name), turn, () => end.promise);
  return { ...end, turn };
}

const isOpen = async (promise: Promise<unknown>): Promise<boolean> => {
  const open = Symbol('open');
  await later();
  return (await Promise.race([promise, Promise.resolve(open)])) === open;
};

const ended = (pieces: PiecesAtWork) =>
  pieces.takeEnded().map(({ piece: { item }, performed }) => [item.folderId, performed]);

describe('pieces at work', () => {
  test('begin one after the other, each when the one before has passed its turn', async () => {
    const pieces = new PiecesAtWork();
    const first = await begun(pieces, 'a');
    const second = begun(pieces, 'b');
    expect(await isOpen(second)).toBe(true);
    first.turn.pass();
    const b = await second;
    expect(pieces.size).toBe(2);
    b.resolve('complete');
    await pieces.oneEnds();
    expect(ended(pieces)).toEqual([['b', 'complete']]);
    first.resolve('interrupted');
    await pieces.allEnd();
    expect(ended(pieces)).toEqual([['a', 'interrupted']]);
    expect(pieces.size).toBe(0);
  });

  test('pass their turn with their end', async () => {
    const pieces = new PiecesAtWork();
    const first = await begun(pieces, 'a');
    first.resolve('complete');
    await begun(pieces, 'b');
    expect(ended(pieces)).toEqual([['a', 'complete']]);
  });

  test('have their turn again before those that ask later, and have ended by then', async () => {
    const pieces = new PiecesAtWork();
    const first = await begun(pieces, 'a');
    first.turn.pass();
    const second = await begun(pieces, 'b');
    const again = first.turn.take();
    const third = pieces.turn();
    second.turn.pass();
    await again;
    expect(await isOpen(third)).toBe(true);
    first.resolve('interrupted');
    await third;
    expect(ended(pieces)).toEqual([['a', 'interrupted']]);
    second.resolve('complete');
    await pieces.allEnd();
  });

  test('tell of the first failure at once, though another has the turn, and leave nobody waiting', async () => {
    const pieces = new PiecesAtWork();
    const first = await begun(pieces, 'a');
    first.turn.pass();
    const second = await begun(pieces, 'b');
    const next = pieces.turn();
    first.reject(new RangeError('lost'));
    await expect(next).rejects.toThrow('lost');
    const again = second.turn.take();
    second.turn.pass();
    await again;
    second.reject(new RangeError('lost as well'));
    await pieces.allEnd();
    await expect(pieces.turn()).rejects.toThrow('lost');
  });

  test('are waited for only while there are some', async () => {
    const pieces = new PiecesAtWork();
    await pieces.oneEnds();
    await pieces.allEnd();
    expect(pieces.takeEnded()).toEqual([]);
  });
});
