import fc from 'fast-check';
import { LedgerCorruptError } from '../../../shared/migration/errors.ts';
import { LedgerCursor } from '../../../shared/migration/ledger-cursor.ts';
import type { LedgerEntry } from '../../../shared/migration/ledger-entry.ts';
import { decodeLedgerEntries, encodeLedgerEntries } from '../../../shared/migration/ledger-page-codec.ts';
import { ledgerPage } from '../../support/ledger-page-arbitrary.ts';

/** What a cursor shows of each entry, field by field as the state has them. */
function walk(bytes: Uint8Array): LedgerEntry[] {
  const cursor = new LedgerCursor(bytes);
  const shown: LedgerEntry[] = [];
  while (cursor.next()) {
    const { uid, state, attempts } = cursor;
    switch (state) {
      case 'pending':
        shown.push({ uid, state, attempts });
        break;
      case 'copied':
      case 'adopted': {
        const { destinationUid, flags, fingerprint, size } = cursor;
        shown.push({ uid, state, destinationUid, flags, fingerprint, size });
        break;
      }
      case 'skipped':
      case 'failed': {
        const { reason, fingerprint, size } = cursor;
        shown.push({ uid, state, reason, attempts, fingerprint, size });
        break;
      }
    }
  }
  return shown;
}

function outcome(read: (bytes: Uint8Array) => LedgerEntry[], bytes: Uint8Array): LedgerEntry[] | string {
  try {
    return read(bytes);
  } catch (error) {
    if (error instanceof LedgerCorruptError) return error.message;
    throw error;
  }
}

test('a walk over any page shows what was written', () => {
  fc.assert(
    fc.property(ledgerPage, (entries) => expect(walk(encodeLedgerEntries(entries))).toEqual(entries)),
  );
});

test('entries without a destination UID show 0, whatever came before', () => {
  fc.assert(
    fc.property(ledgerPage, (entries) => {
      const cursor = new LedgerCursor(encodeLedgerEntries(entries));
      for (const entry of entries) {
        expect(cursor.next()).toBe(true);
        expect(cursor.destinationUid).toBe('destinationUid' in entry ? entry.destinationUid : 0);
      }
      expect(cursor.next()).toBe(false);
      expect(cursor.next()).toBe(false);
    }),
    { numRuns: 50 },
  );
});

test('a look at some of the fields meets the same damage as reading all', () => {
  const damaged = fc
    .tuple(ledgerPage, fc.nat(), fc.integer({ min: 0, max: 255 }), fc.nat({ max: 3 }))
    .map(([entries, position, damage, cut]) => {
      const bytes = encodeLedgerEntries(entries);
      const index = position % bytes.length;
      bytes[index] = (bytes[index] ?? 0) ^ damage;
      return cut === 0 ? bytes.subarray(0, index) : bytes;
    });
  const arbitrary = fc.uint8Array({ maxLength: 400 }).map((bytes) => Uint8Array.of(1, ...bytes));
  const looked = (bytes: Uint8Array): LedgerEntry[] => {
    const cursor = new LedgerCursor(bytes);
    while (cursor.next());
    return decodeLedgerEntries(bytes);
  };
  fc.assert(
    fc.property(fc.oneof(damaged, arbitrary), (bytes) => {
      const read = outcome(decodeLedgerEntries, bytes);
      expect(outcome(looked, bytes)).toEqual(read);
      expect(outcome(walk, bytes)).toEqual(read);
    }),
    { numRuns: 2000 },
  );
});
