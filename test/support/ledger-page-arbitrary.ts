import fc from 'fast-check';
import { ITEM_REASONS } from '../../shared/migration/item-reason.ts';
import type { LedgerEntry } from '../../shared/migration/ledger-entry.ts';
import { MAX_UID } from '../../shared/migration/uid.ts';

const uid = fc.oneof(
  fc.integer({ min: 1, max: 2000 }),
  fc.integer({ min: 1, max: MAX_UID }),
  fc.constantFrom(1, MAX_UID),
);
const fingerprint = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const size = fc.oneof(fc.integer({ min: 0, max: 200_000 }), fc.maxSafeNat());
const attempts = fc.oneof(fc.nat(5), fc.integer({ min: 0, max: MAX_UID }));
const flags = fc.array(
  fc.oneof(fc.constantFrom('\\Seen', '\\Answered', '$MDNSent'), fc.string({ unit: 'binary' })),
  { maxLength: 6 },
);

const entry: fc.Arbitrary<LedgerEntry> = fc.oneof(
  fc.record({ uid, state: fc.constant('pending' as const), attempts }),
  fc.record({
    uid,
    state: fc.constantFrom('copied' as const, 'adopted' as const),
    destinationUid: fc.oneof(fc.constant(0), uid),
    flags,
    fingerprint,
    size,
  }),
  fc.record({
    uid,
    state: fc.constantFrom('skipped' as const, 'failed' as const),
    reason: fc.constantFrom(...ITEM_REASONS),
    attempts,
    fingerprint,
    size,
  }),
);

/** The entries of every page that can be written. */
export const ledgerPage: fc.Arbitrary<LedgerEntry[]> = fc
  .uniqueArray(entry, { selector: (item) => item.uid, maxLength: 600, size: '+1' })
  .map((entries) => entries.toSorted((a, b) => a.uid - b.uid));
