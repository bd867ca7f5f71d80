import fc from 'fast-check';
import {
  ADOPTION_NUMBER,
  chooseWork,
  type LaneView,
  type WorkView,
} from '../../../shared/migration/work-choice.ts';

const self = { lane: 0, fence: 7 };
const ownLane: LaneView = { ...self, live: true };
const copy = (folderId: string, number: number, claim?: { lane: number; fence: number }): WorkView => ({
  folderId,
  epoch: 1,
  number,
  kind: 'copy',
  ...(claim && { claim }),
});

describe('choosing the next piece of work', () => {
  test('takes the first unclaimed piece, in order', () => {
    const work = [copy('inbox', 2), copy('inbox', 1)];
    expect(chooseWork([ownLane], work, self)).toEqual({ kind: 'take', work: work[0] });
  });

  test('works beside a live lane in the same folder', () => {
    const other: LaneView = { lane: 1, fence: 3, live: true };
    const work = [copy('inbox', 2, { lane: 1, fence: 3 }), copy('inbox', 1)];
    expect(chooseWork([ownLane, other], work, self)).toEqual({ kind: 'take', work: work[1] });
  });

  test('takes the piece of a dead lane before any other piece of that folder', () => {
    const dead: LaneView = { lane: 1, fence: 3, live: false };
    const work = [copy('inbox', 3), copy('inbox', 2, { lane: 1, fence: 3 })];
    expect(chooseWork([ownLane, dead], work, self)).toEqual({ kind: 'take', work: work[1] });
  });

  test('leaves a doubtful piece alone while a live lane appends to that folder', () => {
    const lanes: LaneView[] = [
      ownLane,
      { lane: 1, fence: 3, live: false },
      { lane: 2, fence: 9, live: true },
    ];
    const work = [
      copy('inbox', 2, { lane: 1, fence: 3 }),
      copy('inbox', 1, { lane: 2, fence: 9 }),
      copy('inbox', 0),
    ];
    expect(chooseWork(lanes, work, self)).toEqual({ kind: 'busy' });
  });

  test('goes on in other folders meanwhile', () => {
    const lanes: LaneView[] = [
      ownLane,
      { lane: 1, fence: 3, live: false },
      { lane: 2, fence: 9, live: true },
    ];
    const work = [
      copy('inbox', 2, { lane: 1, fence: 3 }),
      copy('inbox', 1, { lane: 2, fence: 9 }),
      copy('sent', 0),
    ];
    expect(chooseWork(lanes, work, self)).toEqual({ kind: 'take', work: work[2] });
  });

  test('a lane that was taken over by a newer lease no longer holds its old claims', () => {
    const renewed: LaneView = { lane: 1, fence: 4, live: true };
    const work = [copy('inbox', 2, { lane: 1, fence: 3 })];
    expect(chooseWork([ownLane, renewed], work, self)).toEqual({ kind: 'take', work: work[0] });
  });

  test('its own interrupted piece comes first in its folder', () => {
    const work = [copy('inbox', 3), copy('inbox', 2, self)];
    expect(chooseWork([ownLane], work, self)).toEqual({ kind: 'take', work: work[1] });
  });

  test('nothing is copied into a folder before its adoption, which waits for a quiet folder', () => {
    const adopt: WorkView = { folderId: 'inbox', epoch: 1, number: ADOPTION_NUMBER, kind: 'adopt' };
    expect(chooseWork([ownLane], [copy('inbox', 0), adopt], self)).toEqual({ kind: 'take', work: adopt });
    const other: LaneView = { lane: 1, fence: 3, live: true };
    const busy = [copy('inbox', 0, { lane: 1, fence: 3 }), adopt];
    expect(chooseWork([ownLane, other], busy, self)).toEqual({ kind: 'busy' });
  });

  test('an adoption comes before the pieces of dead lanes, which need a folder that is known', () => {
    const adopt: WorkView = { folderId: 'inbox', epoch: 1, number: ADOPTION_NUMBER, kind: 'adopt' };
    const work = [copy('inbox', 2, { lane: 1, fence: 3 }), copy('inbox', 1), adopt];
    expect(chooseWork([ownLane], work, self)).toEqual({ kind: 'take', work: adopt });
  });

  test('the pass is done only when nothing is left and no other lane lives', () => {
    expect(chooseWork([ownLane], [], self)).toEqual({ kind: 'done' });
    expect(chooseWork([ownLane, { lane: 1, fence: 1, live: true }], [], self)).toEqual({
      kind: 'others-finishing',
    });
    expect(chooseWork([ownLane, { lane: 1, fence: 1, live: false }], [], self)).toEqual({ kind: 'done' });
  });

  test('lanes that choose one after another never stall: some lane can always take a piece while work is left', () => {
    const arbitraryWork = fc.array(
      fc.record({
        folderId: fc.constantFrom('a', 'b', 'c'),
        number: fc.nat({ max: 5 }),
        kind: fc.constantFrom('copy' as const, 'flags' as const, 'adopt' as const),
        deadClaim: fc.boolean(),
      }),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(arbitraryWork, (items) => {
        const dead: LaneView = { lane: 5, fence: 1, live: false };
        const work: WorkView[] = items.map(({ deadClaim, ...item }) => ({
          ...item,
          epoch: 1,
          ...(deadClaim && { claim: { lane: 5, fence: 1 } }),
        }));
        let left = work;
        for (let round = 0; round < work.length; round += 1) {
          const choice = chooseWork([ownLane, dead], left, self);
          if (choice.kind !== 'take') return false;
          left = left.filter((item) => item !== choice.work);
        }
        return left.length === 0;
      }),
    );
  });
});
