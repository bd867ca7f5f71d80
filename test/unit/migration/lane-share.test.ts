import fc from 'fast-check';
import { laneShare, weightOf } from '../../../shared/migration/lane-share.ts';
import type { WorkKind } from '../../../shared/migration/work-kind.ts';

const pieces = (count: number, messages: number, kind: WorkKind = 'copy') =>
  Array.from({ length: count }, () => ({ kind, messages }));

describe("a lane's share of the work", () => {
  test('grows less as less is left, down to what is not worth being shared out', () => {
    const shares = [40, 16, 8, 4, 1].map((count) => laneShare(pieces(count, 100), 4).messages);
    expect(shares).toEqual([1000, 400, 200, 100, 100]);
  });

  test('leaves as much again to each of the other lanes, and stays bounded', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.nat({ max: 200 }), (lanes, count) => {
        const { messages } = laneShare(pieces(count, 100), lanes);
        expect(messages).toBeLessThanOrEqual(2000);
        expect(messages === 100 || lanes * messages <= count * 100).toBe(true);
      }),
    );
  });

  test('does not count what somebody has taken', () => {
    const taken = pieces(40, 100).map((piece) => ({ ...piece, claim: { lane: 1, fence: 1 } }));
    expect(laneShare([...pieces(16, 100), ...taken], 4)).toEqual(laneShare(pieces(16, 100), 4));
  });

  test('counts a look at flags less than a copy, and a piece of unknown size as a whole page', () => {
    expect(weightOf({ kind: 'flags', messages: 500 })).toBeLessThan(
      weightOf({ kind: 'copy', messages: 100 }),
    );
    expect(weightOf({ kind: 'copy' })).toBe(500);
  });
});
