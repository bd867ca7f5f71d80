import fc from 'fast-check';
import { DUE_SHARDS, dueShardOf, nextDue } from '../../../shared/migration/resync-schedule.ts';
import { MAX_ITEM_ATTEMPTS, retryDelay } from '../../../shared/migration/retry-policy.ts';
import { throttleUntil } from '../../../shared/migration/throttle-policy.ts';

const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const now = 1_800_000_000_000;
const lowest = () => 0;
const highest = () => 1 - Number.EPSILON;

describe('retries', () => {
  test('delays double from about a second and stay below a minute', () => {
    expect([1, 2, 3, 4].map((attempt) => retryDelay(attempt, highest))).toEqual([1000, 2000, 4000, 8000]);
    expect([1, 2, 3, 4].map((attempt) => retryDelay(attempt, lowest))).toEqual([500, 1000, 2000, 4000]);
    fc.assert(
      fc.property(fc.oneof(fc.nat(), fc.integer()), chance, (attempt, random) => {
        const delay = retryDelay(attempt, () => random);
        expect(delay).toBeGreaterThanOrEqual(500);
        expect(delay).toBeLessThanOrEqual(60_000);
      }),
    );
  });

  test('a message is tried three times', () => {
    expect(MAX_ITEM_ATTEMPTS).toBe(3);
  });
});

describe('throttles', () => {
  test("a suggested wait is obeyed to the second: Exchange's 299,961 ms", () => {
    expect(throttleUntil({ now, suggestedMs: 299_961, consecutive: 1, random: lowest })).toBe(now + 299_961);
    expect(throttleUntil({ now, suggestedMs: 299_961, consecutive: 9, random: highest })).toBeLessThan(
      now + 300_961,
    );
  });

  test('a suggested wait is never cut short, unless it is longer than a day', () => {
    fc.assert(
      fc.property(
        fc.nat(86_400_000),
        fc.integer({ min: 1, max: 50 }),
        chance,
        (suggestedMs, consecutive, random) => {
          const wait = throttleUntil({ now, suggestedMs, consecutive, random: () => random }) - now;
          expect(wait).toBeGreaterThanOrEqual(Math.max(1000, suggestedMs));
          expect(wait).toBeLessThan(Math.max(1000, suggestedMs) + 1000);
        },
      ),
    );
    expect(throttleUntil({ now, suggestedMs: Infinity, consecutive: 1, random: lowest })).toBe(
      now + 86_400_000,
    );
  });

  test('without a suggestion, or with a senseless one, the wait doubles from 30 seconds to an hour', () => {
    const waits = [1, 2, 3, 8, 1000].map(
      (consecutive) => throttleUntil({ now, consecutive, random: lowest }) - now,
    );
    expect(waits).toEqual([30_000, 60_000, 120_000, 3_600_000, 3_600_000]);
    expect(throttleUntil({ now, consecutive: 1, random: highest })).toBeLessThan(now + 36_000);
    expect(throttleUntil({ now, suggestedMs: -5, consecutive: 1, random: lowest })).toBe(now + 30_000);
    expect(throttleUntil({ now, suggestedMs: Number.NaN, consecutive: 1, random: lowest })).toBe(
      now + 30_000,
    );
  });

  test('the moment is a whole millisecond, since it is stored as a key', () => {
    fc.assert(
      fc.property(
        fc.option(fc.double({ min: 0, noNaN: true }), { nil: undefined }),
        chance,
        (suggestedMs, random) => {
          const until = throttleUntil({ now, suggestedMs, consecutive: 3, random: () => random });
          expect(Number.isInteger(until)).toBe(true);
        },
      ),
    );
  });
});

describe('resynchronisation', () => {
  test('mailboxes started together spread over a fifth of the interval', () => {
    expect(nextDue({ now, intervalMs: 100_000, random: lowest })).toBe(now + 90_000);
    expect(nextDue({ now, intervalMs: 100_000, random: highest })).toBe(now + 110_000);
  });

  test('a mailbox keeps its shard, and there are sixteen', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (id) => {
        const shard = dueShardOf(id);
        expect(shard).toBe(dueShardOf(id));
        expect(Number.isInteger(shard) && shard >= 0 && shard < DUE_SHARDS).toBe(true);
      }),
    );
    // Stored in the index: these must not change.
    expect(
      ['01J0000000000000000000000A', '01J0000000000000000000000B', ''].map(dueShardOf),
    ).toMatchInlineSnapshot(`
[
  5,
  0,
  9,
]
`);
  });

  test('mailboxes created one after another are spread evenly', () => {
    const load = Array.from({ length: DUE_SHARDS }, () => 0);
    for (let number = 0; number < 16_000; number += 1) {
      const shard = dueShardOf(`01J8ZQ4K7M${number.toString(32).toUpperCase().padStart(16, '0')}`);
      load[shard] = (load[shard] ?? 0) + 1;
    }
    expect(Math.min(...load)).toBeGreaterThan(800);
    expect(Math.max(...load)).toBeLessThan(1200);
  });
});
