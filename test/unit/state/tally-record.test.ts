import fc from 'fast-check';
import { emptyCounts } from '../../../shared/migration/ledger-counts.ts';
import { RecordCorruptError } from '../../../shared/state/errors.ts';
import { PackedTallies, parseTally, type StoredTally } from '../../../shared/state/tally-record.ts';

const number = fc.maxSafeNat();
const tally: fc.Arbitrary<StoredTally> = fc.record({
  counts: fc.record({
    listed: number,
    pending: number,
    copied: number,
    adopted: number,
    skipped: number,
    underOtherLabel: number,
    failed: number,
    bytes: number,
  }),
  retryPages: fc.array(fc.nat(999_999)),
});
const tallies = fc.uniqueArray(fc.tuple(fc.ulid(), tally), { selector: ([writeId]) => writeId });

function pack(of: ReadonlyArray<readonly [string, StoredTally]>): Uint8Array {
  const packed = new PackedTallies(Number.POSITIVE_INFINITY);
  for (const [writeId, each] of of) packed.add(writeId, each);
  return packed.finish();
}

describe('the tallies of folders in one item', () => {
  test('come back as they were', () => {
    fc.assert(
      fc.property(tallies, (written) => {
        const { tallies: read, version } = parseTally({ tallies: pack(written), version: 7 });
        expect([...read]).toEqual(written);
        expect(version).toBe(7);
      }),
    );
  });

  test('take some forty bytes for a folder', () => {
    const ids = fc.sample(fc.ulid(), { numRuns: 1000, seed: 1 });
    const counts = { ...emptyCounts(), listed: 2000, copied: 1990, failed: 10, bytes: 150_000_000 };
    const packed = pack(ids.map((id) => [id, { counts, retryPages: [1, 3] }]));
    expect(packed.length).toBeLessThan(45 * ids.length);
  });

  test('are not added where there is no room for them', () => {
    const each = { counts: emptyCounts(), retryPages: [] };
    const packed = new PackedTallies(80);
    const [one, two, three] = fc.sample(fc.ulid(), { numRuns: 3, seed: 2 });
    expect(packed.add(one ?? '', each)).toBe(true);
    expect(packed.add(two ?? '', each)).toBe(true);
    expect(packed.add(three ?? '', each)).toBe(false);
    expect(packed.count).toBe(2);
    expect([...parseTally({ tallies: packed.finish(), version: 1 }).tallies.keys()]).toEqual([one, two]);
  });

  test('that are damaged are refused, wherever the damage is', () => {
    const [whole] = fc.sample(tallies.filter(({ length }) => length > 2).map(pack), { numRuns: 1, seed: 3 });
    if (whole === undefined) throw new RangeError('There is no sample.');
    for (let end = 0; end < whole.length; end += 1) {
      expect(() => parseTally({ tallies: whole.slice(0, end), version: 1 })).toThrow(RecordCorruptError);
    }
    expect(() => parseTally({ tallies: Uint8Array.of(...whole, 0), version: 1 })).toThrow(RecordCorruptError);
    expect(() => parseTally({ tallies: Uint8Array.of(2, ...whole.slice(1)), version: 1 })).toThrow(
      RecordCorruptError,
    );
    expect(() => parseTally({ tallies: 'text', version: 1 })).toThrow(RecordCorruptError);
  });
});
