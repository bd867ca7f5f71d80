import type { FolderRecord } from '../state/folder-record.ts';
import type { ItemRecord } from '../state/item-record.ts';
import type { LaneContext } from './lane-context.ts';

const PAGE = 100;

/**
 * The report of messages that were not copied names them by UIDs that are no more: those whose outcome was carried
 * over get their new ones, the others are looked at anew and leave the report.
 *
 * @param renumbered former UID -> new UID
 */
export async function renumberItems(
  lane: LaneContext,
  folder: FolderRecord,
  renumbered: ReadonlyMap<number, number>,
): Promise<void> {
  const { items } = lane.services.state;
  const { folderId } = folder;
  const former: ItemRecord[] = [];
  let cursor: string | undefined;
  do {
    const page = await items.list(lane.key, {
      limit: PAGE,
      filter: { folderId },
      ...(cursor !== undefined && { cursor }),
    });
    former.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  await items.removeAll(
    lane.key,
    folderId,
    former.map(({ uid }) => uid),
  );
  const kept = former.flatMap((item) => {
    const uid = renumbered.get(item.uid);
    return uid === undefined ? [] : [{ ...item, uid }];
  });
  if (kept.length > 0) await items.put(lane.key, kept);
}
