import type { LedgerEntry } from '../migration/ledger-entry.ts';
import type { PageRecord } from '../state/page-record.ts';
import type { LaneContext } from './lane-context.ts';
import { earlierAttempts } from './page-entries.ts';

/**
 * Takes messages off the report that are at the destination after all, before the page says so: what a crash leaves
 * pending is looked at again, what it leaves on the report would stay there for ever.
 */
export async function clearItems(
  lane: LaneContext,
  { entries, folderId }: PageRecord,
  settled: ReadonlyMap<number, LedgerEntry>,
): Promise<void> {
  const attempts = earlierAttempts(entries);
  const cleared = [...settled.keys()].filter((uid) => (attempts.get(uid) ?? 0) > 0);
  await lane.services.state.items.removeAll(lane.key, folderId, cleared);
}
