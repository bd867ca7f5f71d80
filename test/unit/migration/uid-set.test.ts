import fc from 'fast-check';
import { MigrationInputError, UidSetError } from '../../../shared/migration/errors.ts';
import {
  formatUidSets,
  MAX_EXPANDED_UIDS,
  parseUidRanges,
  parseUidSet,
} from '../../../shared/migration/uid-set.ts';
import { PAGE_SIZE, windowsOf } from '../../../shared/migration/uid-window.ts';

const MAX_UID = 2 ** 32 - 1;
const uid = fc.oneof(
  fc.integer({ min: 1, max: 300 }),
  fc.integer({ min: 1, max: MAX_UID }),
  fc.constantFrom(1, MAX_UID),
);
const ascending = fc
  .uniqueArray(uid, { maxLength: 400, size: '+1' })
  .map((uids) => uids.toSorted((a, b) => a - b));

describe('writing', () => {
  test('neighbours become ranges', () => {
    expect(formatUidSets([1, 2, 3, 4, 5, 9, 11, 12])).toEqual(['1:5,9,11:12']);
    expect(formatUidSets([])).toEqual([]);
  });

  test('a UID given twice is asked for once', () => {
    expect(formatUidSets([4, 4, 5, 5, 9, 9])).toEqual(['4:5,9']);
  });

  test('no set is longer than allowed, and together they name every UID once', () => {
    fc.assert(
      fc.property(ascending, fc.integer({ min: 21, max: 200 }), (uids, maxBytes) => {
        const sets = formatUidSets(uids, maxBytes);
        expect(sets.every((set) => set.length > 0 && set.length <= maxBytes)).toBe(true);
        expect(sets.flatMap((set) => parseUidSet(set))).toEqual(uids);
      }),
    );
  });

  test.each([[[0]], [[1.5]], [[MAX_UID + 1]], [[5, 3]], [[Number.NaN]]])('%j is refused', (uids) => {
    expect(() => formatUidSets(uids)).toThrow(MigrationInputError);
  });

  test('a limit too small for a single range is refused', () => {
    expect(() => formatUidSets([1], 20)).toThrow(MigrationInputError);
  });
});

describe('reading', () => {
  test('ranges keep the order of the text, and a range may stand the wrong way round', () => {
    expect([...parseUidRanges('304,319:320,9:7')]).toEqual([
      [304, 304],
      [319, 320],
      [7, 9],
    ]);
    expect(parseUidSet('304,319:320,9:7')).toEqual([304, 319, 320, 7, 8, 9]);
  });

  test('the last UID there can be', () => {
    expect(parseUidSet('4294967294:4294967295')).toEqual([4_294_967_294, 4_294_967_295]);
  });

  test.each(['1:4294967295', '1:2000000,2000001', Array.from({ length: 3 }, () => '1:1000000').join()])(
    '%s is refused rather than expanded',
    (text) => expect(() => parseUidSet(text)).toThrow(UidSetError),
  );

  test('exactly as many as allowed are expanded', () => {
    expect(parseUidSet('1:10', 10)).toHaveLength(10);
    expect(() => parseUidSet('1:10', 9)).toThrow(/names 10 UIDs, at most 9/);
    expect(MAX_EXPANDED_UIDS).toBeGreaterThanOrEqual(1_000_000);
  });

  test('huge ranges are read as ranges without being expanded', () => {
    expect([...parseUidRanges('1:4294967295')]).toEqual([[1, MAX_UID]]);
  });

  test.each([
    '',
    ',',
    '1,',
    ',1',
    '1:',
    ':1',
    '1:2:3',
    '*',
    '1:*',
    '0',
    '4294967296',
    '99999999999',
    '-1',
    '1.5',
    ' 1',
    '1 2',
    '１',
    '1\n',
  ])('%j is no UID set', (text) => expect(() => parseUidSet(text)).toThrow(UidSetError));

  test('arbitrary text is UIDs or a UidSetError, nothing else', () => {
    const nearly = fc.string({ unit: fc.constantFrom(...Array.from('0123456789:,*')) });
    fc.assert(
      fc.property(fc.oneof(fc.string(), nearly), (text) => {
        try {
          expect(parseUidSet(text, 1000).every((uid) => uid >= 1 && uid <= MAX_UID)).toBe(true);
        } catch (error) {
          if (!(error instanceof UidSetError)) throw error;
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('an error quotes only the beginning of what was sent', () => {
    expect(() => parseUidSet('x'.repeat(100_000))).toThrow(/^.{1,200}$/);
  });
});

describe('windows', () => {
  test('a folder is cut into pages of 500, in order, nothing lost', () => {
    const uids = Uint32Array.from({ length: 1201 }, (_, index) => index * 3 + 1);
    expect(windowsOf(uids).map((window) => window.length)).toEqual([PAGE_SIZE, PAGE_SIZE, 201]);
    expect(windowsOf(uids).flatMap((window) => [...window])).toEqual([...uids]);
    expect(windowsOf(new Uint32Array())).toEqual([]);
  });

  test('a window of nothing is refused', () => {
    expect(() => windowsOf(Uint32Array.of(1), 0)).toThrow(MigrationInputError);
  });
});
