import fc from 'fast-check';
import { addCounts, countEntries, emptyCounts } from '../../../shared/migration/ledger-counts.ts';
import type { LedgerEntry, LedgerState } from '../../../shared/migration/ledger-entry.ts';

function entryOf(state: LedgerState, uid: number, size: number): LedgerEntry {
  if (state === 'pending') return { uid, state, attempts: 0 };
  if (state === 'skipped' || state === 'failed') {
    return { uid, state, reason: 'refused', attempts: 3, fingerprint: 1n, size };
  }
  return { uid, state, destinationUid: uid, flags: [], fingerprint: 1n, size };
}

const states = fc.array(fc.constantFrom<LedgerState[]>('pending', 'copied', 'adopted', 'skipped', 'failed'));
const entries = states.map((list) => list.map((state, index) => entryOf(state, index + 1, index * 10)));

test('the states sum to what was listed, and only mail that is there counts as bytes', () => {
  const counts = countEntries([
    entryOf('copied', 1, 100),
    entryOf('adopted', 2, 20),
    entryOf('failed', 3, 5),
    entryOf('pending', 4, 0),
  ]);
  expect(counts).toEqual({ listed: 4, pending: 1, copied: 1, adopted: 1, skipped: 0, failed: 1, bytes: 120 });
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

test('counting pages and adding them up is counting all', () => {
  fc.assert(
    fc.property(entries, entries, (a, b) => {
      expect(addCounts(countEntries(a), countEntries(b))).toEqual(countEntries([...a, ...b]));
      expect(addCounts(countEntries(a), emptyCounts())).toEqual(countEntries(a));
    }),
  );
});
