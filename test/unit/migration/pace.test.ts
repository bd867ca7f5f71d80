import { paceAt, slowedPace, slowestPace } from '../../../shared/migration/pace.ts';

const MINUTE = 60_000;

describe('the pace of a mailbox', () => {
  test('grows by a tenth each minute, from its time on, until nothing holds it back', () => {
    const pace = { perSecond: 4, since: 1_000_000 };
    expect(paceAt(pace, 0)).toBe(4);
    expect(paceAt(pace, 1_000_000)).toBe(4);
    expect(paceAt(pace, 1_000_000 + MINUTE)).toBeCloseTo(4.4);
    expect(paceAt(pace, 1_000_000 + 10 * MINUTE)).toBeCloseTo(4 * 1.1 ** 10);
    expect(paceAt(pace, 1_000_000 + 60 * MINUTE)).toBeUndefined();
    expect(paceAt(undefined, 0)).toBeUndefined();
  });

  test('is the slowest of several', () => {
    const slow = { perSecond: 2, since: 0 };
    expect(slowestPace([{ perSecond: 3, since: 0 }, undefined, slow], 0)).toBe(2);
    expect(slowestPace([undefined, undefined], 0)).toBeUndefined();
  });

  test.each([
    ['half of what was sent', { perSecond: undefined, measured: 30 }, 15],
    ['half of what was allowed, if less was', { perSecond: 10, measured: 30 }, 5],
    ['half of what was sent, if more was allowed', { perSecond: 50, measured: 30 }, 15],
    ['half of what was allowed, where nothing was measured', { perSecond: 10, measured: 0 }, 5],
    ['never so slow that nothing moves', { perSecond: 0.2, measured: 0.1 }, 0.2],
  ])('is %s after a complaint, and grows from when work goes on', (_what, before, after) => {
    expect(slowedPace({ ...before, resumesAt: 77 })).toEqual({ perSecond: after, since: 77 });
  });

  test('is nothing that could be halved where nothing is known', () => {
    expect(slowedPace({ perSecond: undefined, measured: 0, resumesAt: 77 })).toBeUndefined();
  });
});
