import { searchSelected } from '../imap/mailbox/search-selected.ts';
import { UidColumn } from '../migration/uid-column.ts';
import { uidsWithout } from '../migration/uids-without.ts';
import type { FolderRecord } from '../state/folder-record.ts';
import type { FolderEpoch, PageRecord } from '../state/page-record.ts';
import type { FolderPlanning } from './folder-planning.ts';
import { sourceNameOf } from './source-name.ts';

/** Messages of the source without a ledger entry. */
export interface UnplannedUids {
  /** To be given one. */
  readonly uids: Uint32Array;
  /** How many others the limits of the migration leave out. */
  readonly leftOut: number;
}

const NONE: UnplannedUids = { uids: new Uint32Array(), leftOut: 0 };

/** UIDs that no planning has seen, up to the UIDNEXT that was read: later ones are the next pass's. */
export async function findNewUids(
  planning: FolderPlanning,
  last: PageRecord | undefined,
  renumbered: boolean,
): Promise<UnplannedUids> {
  const { counters, folder } = planning;
  const planned = renumbered ? 0 : (folder.known?.source?.uidNext ?? 1) - 1;
  const behind = isBehind(planning, last, renumbered);
  const from = Math.max(planned, behind ? 0 : (last?.lastUid ?? 0)) + 1;
  if (counters.messages === 0 || counters.uidNext <= from) return NONE;
  return search(planning, { from, to: counters.uidNext - 1 }, behind ? last : undefined);
}

/**
 * The source holds more messages than the ledger knows of: some became visible late under old UIDs, as when a
 * provider's folder limit is lifted (Gmail) or lies (Yahoo), or the admin lets more through.
 */
export async function findUnseenUids(planning: FolderPlanning, known: FolderRecord): Promise<UnplannedUids> {
  const planned = (known.source?.uidNext ?? 1) - 1;
  return planned < 1 ? NONE : search(planning, { from: 1, to: planned }, known);
}

/**
 * Whether a planning died before it could write down what it had done: pages are written in batches, so that some
 * of them may be missing before the last one.
 */
export function isBehind(
  { folder }: FolderPlanning,
  last: PageRecord | undefined,
  renumbered: boolean,
): boolean {
  return last !== undefined && last.number >= (renumbered ? 0 : (folder.known?.pages ?? 0));
}

/** @param place whose pages have some of them already; undefined where none can be there */
async function search(
  planning: FolderPlanning,
  range: { from: number; to: number },
  place: FolderEpoch | undefined,
): Promise<UnplannedUids> {
  const { folder, limits, source, wait } = planning;
  const { uids, selected } = await searchSelected(source, sourceNameOf(folder), { range, limits }, wait);
  const others = selected === uids ? new Uint32Array() : uidsWithout(uids, selected);
  if (place === undefined) return { uids: selected, leftOut: others.length };
  const planned = await plannedUids(planning, place);
  return { uids: uidsWithout(selected, planned), leftOut: uidsWithout(others, planned).length };
}

async function plannedUids({ services, key }: FolderPlanning, place: FolderEpoch): Promise<Uint32Array> {
  const planned = new UidColumn();
  for await (const page of services.state.pages.listPacked(key, place)) {
    page.forEachEntry(({ uid }) => planned.append(uid));
  }
  return planned.distinct();
}
