import type { ItemReason } from './item-reason.ts';

/**
 * The one fate of one source message (invariant I1). UIDs are 1..2^32-1, sizes bytes, fingerprints unsigned 64 bit.
 *
 * - `pending`: `attempts` counts earlier failed tries.
 * - `copied`, `adopted`: `destinationUid` 0 = not known any more; `flags` as last written, without \Recent.
 */
export type LedgerEntry =
  | { uid: number; state: 'pending'; attempts: number }
  | {
      uid: number;
      state: 'copied' | 'adopted';
      destinationUid: number;
      flags: readonly string[];
      fingerprint: bigint;
      size: number;
    }
  | {
      uid: number;
      state: 'skipped' | 'failed';
      reason: ItemReason;
      attempts: number;
      fingerprint: bigint;
      size: number;
    };

export type LedgerState = LedgerEntry['state'];
