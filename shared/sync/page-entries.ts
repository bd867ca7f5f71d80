import { countEntries } from '../migration/ledger-counts.ts';
import type { LedgerEntry } from '../migration/ledger-entry.ts';
import type { FolderRecord } from '../state/folder-record.ts';
import type { CopySource, PageRecord } from '../state/page-record.ts';
import type { WorkClaim } from '../state/work-claims.ts';

/** UIDs of a page's messages that have no outcome yet, ascending. */
export function pendingUids(entries: readonly LedgerEntry[]): number[] {
  return entries.filter((entry) => entry.state === 'pending').map((entry) => entry.uid);
}

/** The page with some entries replaced and its counts made anew. */
export function withEntries(page: PageRecord, settled: ReadonlyMap<number, LedgerEntry>): PageRecord {
  const entries = page.entries.map((entry) => settled.get(entry.uid) ?? entry);
  return { ...page, entries, counts: countEntries(entries) };
}

/**
 * The page with the intent that a claim stands for: who took it from nobody wrote none where planning had seen the
 * destination's folder, and what it sent stands from there on.
 * @param claim of whoever took it last, dead or gone; undefined where nobody has
 */
export function withDoubt(folder: FolderRecord, page: PageRecord, claim: WorkClaim | undefined): PageRecord {
  const { uidNext, uidValidity } = folder.destination ?? {};
  if (page.intent !== undefined || claim === undefined) return page;
  if (uidNext === undefined || uidValidity === undefined) return page;
  if (pendingUids(page.entries).length === 0) return page;
  return { ...page, intent: { ...claim, destinationUidNext: uidNext, destinationUidValidity: uidValidity } };
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
