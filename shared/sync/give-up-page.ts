import type { FolderRecord } from '../state/folder-record.ts';
import type { PageRef } from '../state/page-record.ts';
import type { LaneContext } from './lane-context.ts';
import { earlierAttempts, withCopySources, withEntries, withoutIntent } from './page-entries.ts';
import { PageOutcomes } from './page-outcomes.ts';

/** Records the pending messages of a page as vanished: the source no longer has them under these UIDs. */
export async function giveUpPage(lane: LaneContext, folder: FolderRecord, ref: PageRef): Promise<void> {
  const { items, pages } = lane.services.state;
  const page = await pages.get(lane.key, ref);
  if (page === undefined) return;
  const outcomes = new PageOutcomes();
  const at = lane.services.clock.now();
  for (const [uid, attempts] of earlierAttempts(page.entries)) {
    outcomes.notDelivered(uid, folder, { present: false, attempts, at });
  }
  const settled = outcomes.take();
  if (settled.size === 0 && page.intent === undefined && page.copySources === undefined) return;
  if (outcomes.items.length > 0) await items.put(lane.key, outcomes.items);
  await pages.save(lane.key, withCopySources(withoutIntent(withEntries(page, settled)), []), page.version);
  lane.keeper.progress.skipped += settled.size;
}
