import fc from 'fast-check';
import {
  addCounts,
  changeOfCounts,
  countEntries,
  emptyCounts,
} from '../../../shared/migration/ledger-counts.ts';
import type { LedgerEntry, LedgerState } from '../../../shared/migration/ledger-entry.ts';

type Fate = LedgerState | 'other-label';

function entryOf(state: Fate, uid: number, size: number): LedgerEntry {
  if (state === 'other-label') {
    return { uid, state: 'skipped', reason: state, attempts: 0, fingerprint: 0n, size: 0 };
  }
  if (state === 'pending') return { uid, state, attempts: 0 };
  if (state === 'skipped' || state === 'failed') {
    return { uid, state, reason: 'refused', attempts: 3, fingerprint: 1n, size };
  }
  return { uid, state, destinationUid: uid, flags: [], fingerprint: 1n, size };
}

const states = fc.array(
  fc.constantFrom<Fate[]>('pending', 'copied', 'adopted', 'skipped', 'other-label', 'failed'),
);
const entries = states.map((list) => list.map((state, index) => entryOf(state, index + 1, index * 10)));

test('the states sum to what was listed, and only mail that is there counts as bytes', () => {
  const counts = countEntries([
    entryOf('copied', 1, 100),
    entryOf('adopted', 2, 20),
    entryOf('failed', 3, 5),
    entryOf('pending', 4, 0),
  ]);
  expect(counts).toEqual({
    listed: 4,
    pending: 1,
    copied: 1,
    adopted: 1,
    skipped: 0,
    underOtherLabel: 0,
    failed: 1,
    bytes: 120,
  });
});

test('every entry is counted in exactly one state', () => {
  fc.assert(
    fc.property(entries, (list) => {
      const { listed, pending, copied, adopted, skipped, failed } = countEntries(list);
      expect(pending + copied + adopted + skipped + failed).toBe(listed);
      expect(listed).toBe(list.length);
    }),
  );
});

test('of the skipped ones, those that count with another label have a figure of their own', () => {
  const counts = countEntries([
    entryOf('skipped', 1, 5),
    entryOf('other-label', 2, 0),
    entryOf('other-label', 3, 0),
    { uid: 4, state: 'failed', reason: 'other-label', attempts: 1, fingerprint: 0n, size: 0 },
  ]);
  expect(counts).toMatchObject({ listed: 4, skipped: 3, underOtherLabel: 2, failed: 1, bytes: 0 });
});

test('counting pages and adding them up is counting all', () => {
  fc.assert(
    fc.property(entries, entries, (a, b) => {
      expect(addCounts(countEntries(a), countEntries(b))).toEqual(countEntries([...a, ...b]));
      expect(addCounts(countEntries(a), emptyCounts())).toEqual(countEntries(a));
      expect(addCounts(countEntries(a), changeOfCounts(countEntries(a), countEntries(b)))).toEqual(
        countEntries(b),
      );
    }),
  );
});
