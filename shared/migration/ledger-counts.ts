import type { LedgerEntry } from './ledger-entry.ts';

/** A tally of ledger entries; `listed` is the sum of the five states. */
export interface LedgerCounts {
  listed: number;
  pending: number;
  copied: number;
  adopted: number;
  skipped: number;
  failed: number;
  /** Of copied and adopted messages. */
  bytes: number;
}

export function emptyCounts(): LedgerCounts {
  return { listed: 0, pending: 0, copied: 0, adopted: 0, skipped: 0, failed: 0, bytes: 0 };
}

export function countEntries(entries: readonly LedgerEntry[]): LedgerCounts {
  const counts = emptyCounts();
  for (const entry of entries) {
    counts.listed += 1;
    counts[entry.state] += 1;
    if (entry.state === 'copied' || entry.state === 'adopted') counts.bytes += entry.size;
  }
  return counts;
}

export function addCounts(a: LedgerCounts, b: LedgerCounts): LedgerCounts {
  return {
    listed: a.listed + b.listed,
    pending: a.pending + b.pending,
    copied: a.copied + b.copied,
    adopted: a.adopted + b.adopted,
    skipped: a.skipped + b.skipped,
    failed: a.failed + b.failed,
    bytes: a.bytes + b.bytes,
  };
}
