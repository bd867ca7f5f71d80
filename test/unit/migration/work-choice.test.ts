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
    expect(chooseWork([ownLane], work, self)).toEqual({ kind: 'take', work: [work[0]] });
  });

  test('works beside a live lane in the same folder', () => {
    const other: LaneView = { lane: 1, fence: 3, live: true };
    const work = [copy('inbox', 2, { lane: 1, fence: 3 }), copy('inbox', 1)];
    expect(chooseWork([ownLane, other], work, self)).toEqual({ kind: 'take', work: [work[1]] });
  });

  test('takes the piece of a dead lane before any other piece of that folder', () => {
    const dead: LaneView = { lane: 1, fence: 3, live: false };
    const work = [copy('inbox', 3), copy('inbox', 2, { lane: 1, fence: 3 })];
    expect(chooseWork([ownLane, dead], work, self)).toEqual({ kind: 'take', work: [work[1]] });
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
    expect(chooseWork(lanes, work, self)).toEqual({ kind: 'take', work: [work[2]] });
  });

  test('a lane that was taken over by a newer lease no longer holds its old claims', () => {
    const renewed: LaneView = { lane: 1, fence: 4, live: true };
    const work = [copy('inbox', 2, { lane: 1, fence: 3 })];
    expect(chooseWork([ownLane, renewed], work, self)).toEqual({ kind: 'take', work: [work[0]] });
  });

  test('its own interrupted piece comes first in its folder', () => {
    const work = [copy('inbox', 3), copy('inbox', 2, self)];
    expect(chooseWork([ownLane], work, self)).toEqual({ kind: 'take', work: [work[1]] });
  });

  test('nothing is copied into a folder before its adoption, which waits for a quiet folder', () => {
    const adopt: WorkView = { folderId: 'inbox', epoch: 1, number: ADOPTION_NUMBER, kind: 'adopt' };
    expect(chooseWork([ownLane], [copy('inbox', 0), adopt], self)).toEqual({ kind: 'take', work: [adopt] });
    const other: LaneView = { lane: 1, fence: 3, live: true };
    const busy = [copy('inbox', 0, { lane: 1, fence: 3 }), adopt];
    expect(chooseWork([ownLane, other], busy, self)).toEqual({ kind: 'busy' });
  });

  test('an adoption comes before the pieces of dead lanes, which need a folder that is known', () => {
    const adopt: WorkView = { folderId: 'inbox', epoch: 1, number: ADOPTION_NUMBER, kind: 'adopt' };
    const work = [copy('inbox', 2, { lane: 1, fence: 3 }), copy('inbox', 1), adopt];
    expect(chooseWork([ownLane], work, self)).toEqual({ kind: 'take', work: [adopt] });
  });

  describe('takes several pieces at once', () => {
    const plenty = { pieces: 3, messages: 1000 };
    const sized = (folderId: string, messages: number): WorkView => ({ ...copy(folderId, 0), messages });

    test('that nobody has claimed, in order, up to so many', () => {
      const work = ['a', 'b', 'c', 'd'].map((folderId) => sized(folderId, 10));
      expect(chooseWork([ownLane], work, self, plenty)).toEqual({ kind: 'take', work: work.slice(0, 3) });
    });

    test('up to so many messages, but one in any case', () => {
      const work = [sized('a', 2000), sized('b', 10)];
      expect(chooseWork([ownLane], work, self, plenty)).toEqual({ kind: 'take', work: work.slice(0, 1) });
      const small = [sized('a', 600), sized('b', 400), sized('c', 1)];
      expect(chooseWork([ownLane], small, self, plenty)).toEqual({ kind: 'take', work: small.slice(0, 2) });
    });

    test('but never a page twice, which would be old when it is its turn again', () => {
      const flags: WorkView = { ...sized('a', 10), kind: 'flags' };
      const work = [sized('a', 10), flags, sized('b', 10)];
      expect(chooseWork([ownLane], work, self, plenty)).toEqual({ kind: 'take', work: [work[0], work[2]] });
    });

    test('but what was claimed before, or is an adoption, alone', () => {
      const dead: LaneView = { lane: 1, fence: 3, live: false };
      const doubtful = { ...sized('b', 10), claim: { lane: 1, fence: 3 } };
      const before = [sized('a', 10), doubtful, sized('c', 10)];
      expect(chooseWork([ownLane, dead], before, self, plenty)).toEqual({
        kind: 'take',
        work: before.slice(0, 1),
      });
      const first = [doubtful, sized('c', 10)];
      expect(chooseWork([ownLane, dead], first, self, plenty)).toEqual({ kind: 'take', work: [doubtful] });
      const adopt: WorkView = { folderId: 'd', epoch: 1, number: ADOPTION_NUMBER, kind: 'adopt' };
      const adoption = [adopt, sized('e', 10)];
      expect(chooseWork([ownLane], adoption, self, plenty)).toEqual({ kind: 'take', work: [adopt] });
    });

    test('and passes over those of folders that are closed to it', () => {
      const lanes: LaneView[] = [
        ownLane,
        { lane: 1, fence: 3, live: false },
        { lane: 2, fence: 9, live: true },
      ];
      const closed = [
        copy('b', 2, { lane: 1, fence: 3 }),
        copy('b', 1, { lane: 2, fence: 9 }),
        sized('b', 10),
      ];
      const work = [sized('a', 10), ...closed, sized('c', 10)];
      expect(chooseWork(lanes, work, self, plenty)).toEqual({ kind: 'take', work: [work[0], work[4]] });
    });
  });

  describe('of lanes that look at the same time', () => {
    const lanes: LaneView[] = [0, 1, 2].map((lane) => ({ lane, fence: 7, live: true }));
    const choose = (lane: number, work: readonly WorkView[], all = lanes) =>
      chooseWork(all, work, { lane, fence: 7 }, { pieces: 2, messages: 1000 });
    const small = (folderId: string): WorkView => ({ ...copy(folderId, 0), messages: 10 });

    test('each takes another share', () => {
      const work = ['a', 'b', 'c', 'd', 'e', 'f'].map(small);
      expect([0, 1, 2].map((lane) => choose(lane, work))).toEqual([
        { kind: 'take', work: work.slice(0, 2) },
        { kind: 'take', work: work.slice(2, 4) },
        { kind: 'take', work: work.slice(4, 6) },
      ]);
    });

    test('those that are at work, or dead, are not counted', () => {
      const work = [copy('a', 9, { lane: 0, fence: 7 }), ...['b', 'c', 'd'].map(small)];
      expect(choose(1, work)).toEqual({ kind: 'take', work: work.slice(1, 3) });
      const dead = lanes.map((lane) => ({ ...lane, live: lane.lane === 2 }));
      expect(choose(2, work.slice(1), dead)).toEqual({ kind: 'take', work: work.slice(1, 3) });
    });

    test('the last ones try for the last share rather than leave work to a lane that may never come', () => {
      const work = [small('a')];
      expect([0, 1, 2].map((lane) => choose(lane, work))).toEqual(
        Array.from({ length: 3 }, () => ({ kind: 'take', work })),
      );
    });

    test('no two take pieces of one page, or doubtful pieces of one folder', () => {
      const flags: WorkView = { ...small('a'), kind: 'flags' };
      const twofold = [small('a'), flags];
      expect(choose(1, twofold)).toEqual({ kind: 'take', work: [twofold[0]] });
      const doubtful = [2, 1].map((number) => copy('a', number, { lane: 5, fence: 1 }));
      expect(choose(1, doubtful)).toEqual({ kind: 'take', work: [doubtful[0]] });
    });

    test('one that has an interrupted piece goes on with that', () => {
      const work = [small('a'), small('b'), copy('c', 0, { lane: 2, fence: 7 })];
      expect(choose(2, work)).toEqual({ kind: 'take', work: [work[2]] });
    });
  });

  test('when nothing is left, the first of the live lanes ends the pass, and knows whether it is alone', () => {
    const other = (lane: number, live: boolean): LaneView => ({ lane, fence: 1, live });
    const me = { lane: 2, fence: 7 };
    const choose = (...others: LaneView[]) => chooseWork([{ ...me, live: true }, ...others], [], me);
    expect(choose()).toEqual({ kind: 'done', alone: true });
    expect(choose(other(1, true))).toEqual({ kind: 'others-finishing' });
    expect(choose(other(1, false))).toEqual({ kind: 'done', alone: true });
    expect(choose(other(3, true))).toEqual({ kind: 'done', alone: false });
    expect(choose(other(3, false))).toEqual({ kind: 'done', alone: true });
  });

  test('the pass is not done while a piece is on the list, whoever has it', () => {
    const held = copy('a', 0, { lane: self.lane + 1, fence: 1 });
    expect(chooseWork([ownLane, { lane: self.lane + 1, fence: 1, live: true }], [held], self)).toEqual({
      kind: 'busy',
    });
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
    const arbitraryShare = fc.record({ pieces: fc.nat({ max: 5 }), messages: fc.nat({ max: 2000 }) });
    fc.assert(
      fc.property(arbitraryWork, arbitraryShare, (items, share) => {
        const dead: LaneView = { lane: 5, fence: 1, live: false };
        const work: WorkView[] = items.map(({ deadClaim, ...item }) => ({
          ...item,
          epoch: 1,
          ...(deadClaim && { claim: { lane: 5, fence: 1 } }),
        }));
        let left = work;
        for (let round = 0; round < work.length; round += 1) {
          if (left.length === 0) break;
          const choice = chooseWork([ownLane, dead], left, self, share);
          if (choice.kind !== 'take') return false;
          const taken = new Set(choice.work);
          left = left.filter((item) => !taken.has(item));
        }
        return left.length === 0;
      }),
    );
  });
});
