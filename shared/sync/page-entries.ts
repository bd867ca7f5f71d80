import { countEntries } from '../migration/ledger-counts.ts';
import type { LedgerEntry } from '../migration/ledger-entry.ts';
import type { CopySource, PageRecord } from '../state/page-record.ts';

/** UIDs of a page's messages that have no outcome yet, ascending. */
export function pendingUids(entries: readonly LedgerEntry[]): number[] {
  return entries.filter((entry) => entry.state === 'pending').map((entry) => entry.uid);
}

/** The page with some entries replaced and its counts made anew. */
export function withEntries(page: PageRecord, settled: ReadonlyMap<number, LedgerEntry>): PageRecord {
  const entries = page.entries.map((entry) => settled.get(entry.uid) ?? entry);
  return { ...page, entries, counts: countEntries(entries) };
}

/** The page without its intent: everything that was sent is accounted for. */
export function withoutIntent(page: PageRecord): PageRecord {
  const { intent: _intent, ...rest } = page;
  return rest;
}

/** How often each pending message was tried before. */
export function earlierAttempts(entries: readonly LedgerEntry[]): Map<number, number> {
  const attempts = new Map<number, number>();
  for (const entry of entries) if (entry.state === 'pending') attempts.set(entry.uid, entry.attempts);
  return attempts;
}

/** The page with other places that its messages are to be copied from. What is pending and has none is fetched. */
export function withCopySources(page: PageRecord, sources: readonly CopySource[]): PageRecord {
  const { copySources: _sources, ...rest } = page;
  return sources.length === 0 ? rest : { ...rest, copySources: sources };
}
