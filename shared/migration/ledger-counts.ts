import type { ItemReason } from './item-reason.ts';
import type { LedgerEntry, LedgerState } from './ledger-entry.ts';

/** A tally of ledger entries; `listed` is the sum of the five states. */
export interface LedgerCounts {
  listed: number;
  pending: number;
  copied: number;
  adopted: number;
  skipped: number;
  /** Of the skipped ones, those that are nothing left out: the same message counts with another of its labels, too. */
  underOtherLabel: number;
  failed: number;
  /** Of copied and adopted messages. */
  bytes: number;
}

/** What is counted of an entry. */
interface CountedEntry {
  readonly state: LedgerState;
  /** Of skipped and failed entries. */
  readonly reason?: ItemReason;
  /** Of copied and adopted entries, bytes. */
  readonly size?: number;
}

export function emptyCounts(): LedgerCounts {
  return {
    listed: 0,
    pending: 0,
    copied: 0,
    adopted: 0,
    skipped: 0,
    underOtherLabel: 0,
    failed: 0,
    bytes: 0,
  };
}

export function countEntries(entries: readonly LedgerEntry[]): LedgerCounts {
  const counts = emptyCounts();
  for (const entry of entries) countEntry(counts, entry);
  return counts;
}

/** Adds one entry to a tally. */
export function countEntry(counts: LedgerCounts, { state, reason, size = 0 }: CountedEntry): void {
  counts.listed += 1;
  counts[state] += 1;
  if (state === 'skipped' && reason === 'other-label') counts.underOtherLabel += 1;
  if (state === 'copied' || state === 'adopted') counts.bytes += size;
}

/** @returns the difference that `after` makes; its figures may be negative */
export function changeOfCounts(before: LedgerCounts, after: LedgerCounts): LedgerCounts {
  return {
    listed: after.listed - before.listed,
    pending: after.pending - before.pending,
    copied: after.copied - before.copied,
    adopted: after.adopted - before.adopted,
    skipped: after.skipped - before.skipped,
    underOtherLabel: after.underOtherLabel - before.underOtherLabel,
    failed: after.failed - before.failed,
    bytes: after.bytes - before.bytes,
  };
}

export function addCounts(a: LedgerCounts, b: LedgerCounts): LedgerCounts {
  return {
    listed: a.listed + b.listed,
    pending: a.pending + b.pending,
    copied: a.copied + b.copied,
    adopted: a.adopted + b.adopted,
    skipped: a.skipped + b.skipped,
    underOtherLabel: a.underOtherLabel + b.underOtherLabel,
    failed: a.failed + b.failed,
    bytes: a.bytes + b.bytes,
  };
}
