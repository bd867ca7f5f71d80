import fc from 'fast-check';
import { type FirstCopyFacts, simulateFirstCopy } from '../../../infra/plan/simulate-first-copy.ts';

const DAY = 86_400;

function facts(given: Partial<FirstCopyFacts> = {}): FirstCopyFacts {
  return {
    mailboxes: 1,
    lanes: 4,
    copySeconds: 400,
    secondsPerDay: Number.POSITIVE_INFINITY,
    planSeconds: 2,
    goOnSeconds: 20,
    laneStartSeconds: 1,
    turnSeconds: 280,
    planners: 50,
    workers: 500,
    wakeSeconds: 90,
    wakesPerSecond: 400,
    ...given,
  };
}

const anyFacts = fc
  .record({
    mailboxes: fc.integer({ min: 1, max: 400 }),
    lanes: fc.integer({ min: 1, max: 8 }),
    copySeconds: fc.integer({ min: 1, max: 5000 }),
    secondsPerDay: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.integer({ min: 500, max: 4000 })),
    planners: fc.integer({ min: 1, max: 20 }),
    workers: fc.integer({ min: 1, max: 60 }),
  })
  .map(facts);

describe('the first copy, simulated', () => {
  test('of one mailbox is its plan, then its work shared by its lanes', () => {
    const { laneSeconds, plannerSeconds, seconds, turns } = simulateFirstCopy(facts());
    expect(seconds).toBeGreaterThan(2 + 400 / 4);
    expect(seconds).toBeLessThan(2 + 400 / 4 + 2);
    expect(plannerSeconds).toBeCloseTo(2 + 20, 6);
    expect(laneSeconds).toBeCloseTo(380 + 3, 6);
    // the planner's place as a lane is taken by one more
    expect(turns).toBe(3 + 1);
  });

  test('of a small mailbox needs nobody but the planner and the lanes it wakes', () => {
    const { peakWorkers, seconds } = simulateFirstCopy(facts({ lanes: 1, copySeconds: 5 }));
    expect(seconds).toBeCloseTo(7, 6);
    expect(peakWorkers).toBe(0);
  });

  test('waits for the next day when the provider lets no more through', () => {
    const { seconds } = simulateFirstCopy(facts({ secondsPerDay: 160 }));
    expect(seconds).toBeGreaterThan(2 * DAY);
    expect(seconds).toBeLessThan(2 * DAY + 160);
  });

  test('brings every mailbox in step, with every lane second of work done and no more at work than there are', () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        const copy = simulateFirstCopy(given);
        expect(copy.moments.at(-1)?.synced).toBe(given.mailboxes);
        expect(copy.peakWorkers).toBeLessThanOrEqual(given.workers);
        expect(copy.peakPlanners).toBeLessThanOrEqual(given.planners);
        const busy = copy.plannerSeconds - given.mailboxes * given.planSeconds + copy.laneSeconds;
        const work = given.mailboxes * given.copySeconds;
        expect(busy).toBeGreaterThanOrEqual(work - 1e-3);
        expect(busy).toBeLessThanOrEqual(work + copy.turns * given.laneStartSeconds + 1e-3);
      }),
      { numRuns: 50 },
    );
  });

  test('takes no less than each limit alone', () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        const { seconds } = simulateFirstCopy(given);
        const byPlanner = Math.min(given.goOnSeconds, given.copySeconds, given.secondsPerDay);
        const days = Math.ceil(given.copySeconds / given.secondsPerDay) - 1;
        const least = Math.max(
          given.planSeconds + given.copySeconds / given.lanes,
          days > 0 ? days * DAY : 0,
          (given.mailboxes * given.planSeconds) / given.planners,
          (given.mailboxes * (given.copySeconds - byPlanner)) / given.workers,
        );
        expect(seconds).toBeGreaterThanOrEqual(least - 1e-3);
      }),
      { numRuns: 50 },
    );
  });

  test('of more mailboxes takes longer, with more workers not', () => {
    const secondsOf = (given: Partial<FirstCopyFacts>): number => simulateFirstCopy(facts(given)).seconds;
    const byMailboxes = [10, 100, 1000, 10_000, 50_000].map((mailboxes) => secondsOf({ mailboxes }));
    const byWorkers = [2000, 500, 100, 10].map((workers) => secondsOf({ mailboxes: 1000, workers }));
    for (const times of [byMailboxes, byWorkers]) expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  test('in bundles is what it is one by one', () => {
    const oneByOne = simulateFirstCopy(facts({ mailboxes: 20_000, planners: 500, workers: 2000 }));
    const bundled = simulateFirstCopy(facts({ mailboxes: 60_000, planners: 1500, workers: 6000 }));
    expect(bundled.seconds / oneByOne.seconds).toBeGreaterThan(0.95);
    expect(bundled.seconds / oneByOne.seconds).toBeLessThan(1.05);
  });

  test('counts that the timer wakes those who wait, and only those', () => {
    expect(simulateFirstCopy(facts()).wakes).toBe(0);
    const { seconds, wakes } = simulateFirstCopy(facts({ mailboxes: 1000, planners: 1 }));
    expect(wakes).toBeGreaterThan((seconds * 500) / 90 / 2);
    expect(wakes).toBeLessThan((seconds * 1000) / 90);
  });
});
