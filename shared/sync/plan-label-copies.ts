import { searchUids } from '../imap/mailbox/search-uids.ts';
import { IdSet } from '../migration/id-set.ts';
import type { LedgerEntry } from '../migration/ledger-entry.ts';
import { UidColumn } from '../migration/uid-column.ts';
import { uidsWithout } from '../migration/uids-without.ts';
import { ADOPTION_NUMBER } from '../migration/work-choice.ts';
import type { FolderRecord } from '../state/folder-record.ts';
import type { CopySource, PageRecord } from '../state/page-record.ts';
import type { LaneContext } from './lane-context.ts';
import { withEntries } from './page-entries.ts';
import { saveFolder } from './save-folder.ts';
import { unlessGone } from './unless-gone.ts';

/** Messages whose homes are looked up in one go through the ledger; bounds the memory, not what can be copied. */
const AT_ONCE = 20_000;

type PlacedEntry = CopySource['entries'][number];

/** Where a message is at the destination. */
interface Home {
  readonly folder: FolderRecord;
  readonly entry: PlacedEntry;
}

/**
 * Where each label gets a copy: puts on the list of work what the destination is to copy from the folder of the label
 * that a message was copied with. To be called when all else is done, by a lane that is alone: then homes are final, and
 * nobody has a page in hand. A lane that dies in between leaves pending entries, which the end of the pass puts on the
 * list, and folders that are due still.
 *
 * Messages whose home is not copied wait as they are, until it is.
 *
 * @param folders all of the mailbox
 * @param due those that may get copies
 * @throws LeaseLostError
 */
export async function planLabelCopies(
  lane: LaneContext,
  folders: readonly FolderRecord[],
  due: readonly FolderRecord[],
): Promise<void> {
  const byId = new Map(folders.map((folder) => [folder.folderId, folder]));
  for (const folder of due) {
    const waiting = await waitingOf(lane, folder);
    let added = 0;
    // A folder that its user has removed at the destination comes back only for new mail.
    const place = waiting.ids.size === 0 ? undefined : await lookAtPlace(lane, folder, waiting.claimed);
    for (const pages of place === undefined ? [] : inParts(waiting.pages)) {
      if (lane.keeper.shouldYield()) return;
      const homes = await findHomes(lane, byId, folder, new Set(pages.flatMap(({ ids }) => ids)));
      for (const { number } of pages) {
        if (!(await makePending(lane, folder, number, homes, place === 'has-others' && added === 0)))
          continue;
        added += 1;
      }
    }
    await saveFolder(lane, {
      ...folder,
      labelCopies: 'made',
      // What is pending is counted again at the end of the pass.
      ...(added > 0 && { touchedInPass: lane.keeper.lease.pass }),
    });
  }
}

interface WaitingPage {
  readonly number: number;
  readonly ids: readonly bigint[];
}

/** Messages of a folder that are copied with another label, as far as nobody has seen that they are gone there. */
async function waitingOf(
  lane: LaneContext,
  folder: FolderRecord,
): Promise<{ pages: WaitingPage[]; ids: IdSet; claimed: UidColumn }> {
  const ids = new IdSet();
  const claimed = new UidColumn();
  const pages: WaitingPage[] = [];
  for await (const page of lane.services.state.pages.listPacked(lane.key, folder)) {
    const { gmailIds, number } = page;
    const own: bigint[] = [];
    let index = 0;
    page.forEachEntry((entry) => {
      if (entry.destinationUid > 0) claimed.append(entry.destinationUid);
      const id = gmailIds?.[index] ?? 0n;
      index += 1;
      if (isWaiting(entry) && id !== 0n) own.push(id);
    });
    for (const id of own) ids.add(id);
    if (own.length > 0) pages.push({ number, ids: own });
  }
  return { pages, ids, claimed };
}

/** `attempts` tells of an entry with another label that it was looked for there and is gone. */
function isWaiting(entry: {
  readonly state: string;
  readonly reason?: string;
  readonly attempts?: number;
}): boolean {
  return entry.state === 'skipped' && entry.reason === 'other-label' && entry.attempts === 0;
}

function* inParts(pages: readonly WaitingPage[]): Generator<WaitingPage[]> {
  let part: WaitingPage[] = [];
  let messages = 0;
  for (const page of pages) {
    if (messages + page.ids.length > AT_ONCE && part.length > 0) {
      yield part;
      part = [];
      messages = 0;
    }
    part.push(page);
    messages += page.ids.length;
  }
  if (part.length > 0) yield part;
}

/** Whether the destination's folder holds messages that no entry claims: another tool's, or of a former epoch. */
async function lookAtPlace(
  lane: LaneContext,
  folder: FolderRecord,
  claimed: UidColumn,
): Promise<'own' | 'has-others' | undefined> {
  const { destinationPath: path } = folder;
  const { connection } = lane.destination;
  const opened = await unlessGone(connection, path, lane.wait, () => lane.destination.reopen(path));
  if (opened === undefined) return undefined;
  if (opened.uidValidity !== folder.destination?.uidValidity) return 'has-others';
  const there = await searchUids(connection, { from: 1 }, lane.wait);
  return uidsWithout(there, claimed.distinct()).length > 0 ? 'has-others' : 'own';
}

async function findHomes(
  lane: LaneContext,
  folders: ReadonlyMap<string, FolderRecord>,
  own: FolderRecord,
  wanted: ReadonlySet<bigint>,
): Promise<Map<bigint, Home>> {
  const homes = new Map<bigint, Home>();
  for await (const page of lane.services.state.pages.listAllPacked(lane.key)) {
    const folder = folders.get(page.folderId);
    const { gmailIds } = page;
    if (folder === undefined || folder.epoch !== page.epoch || folder.folderId === own.folderId) continue;
    if (gmailIds === undefined) continue;
    let index = 0;
    page.forEachEntry((cursor) => {
      const id = gmailIds[index] ?? 0n;
      index += 1;
      const { destinationUid, state } = cursor;
      if (destinationUid === 0 || !wanted.has(id) || homes.has(id)) return;
      if (state !== 'copied' && state !== 'adopted') return;
      const { uid, flags, fingerprint, size } = cursor;
      homes.set(id, { folder, entry: { uid, state: 'copied', destinationUid, flags, fingerprint, size } });
    });
  }
  return homes;
}

/**
 * Makes the messages of a page pending whose homes are known, and puts the page on the list.
 * @param matched whether the folder is to be matched with the destination before
 * @returns false where there are none
 */
async function makePending(
  lane: LaneContext,
  folder: FolderRecord,
  number: number,
  homes: ReadonlyMap<bigint, Home>,
  matched: boolean,
): Promise<boolean> {
  const { pages, work } = lane.services.state;
  const { epoch, folderId, rank } = folder;
  const page = await pages.get(lane.key, { folderId, epoch, number });
  if (page === undefined) return false;
  const pending = new Map<number, LedgerEntry>();
  const sources = new Map<FolderRecord, PlacedEntry[]>();
  for (const [index, entry] of page.entries.entries()) {
    const home = homes.get(page.gmailIds?.[index] ?? 0n);
    if (!isWaiting(entry) || home === undefined) continue;
    const { uid } = entry;
    pending.set(uid, { uid, state: 'pending', attempts: 0 });
    const messages = sources.get(home.folder) ?? [];
    messages.push({ ...home.entry, uid });
    sources.set(home.folder, messages);
  }
  if (pending.size === 0) return false;
  const piece = { rank, folderId, epoch };
  if (matched) await work.add(lane.key, [{ ...piece, number: ADOPTION_NUMBER, kind: 'adopt' }]);
  const changed: PageRecord = { ...withEntries(page, pending), copySources: copySourcesOf(sources) };
  await pages.save(lane.key, changed, page.version);
  await work.add(lane.key, [{ ...piece, number, kind: 'copy', messages: pending.size }]);
  return true;
}

function copySourcesOf(sources: ReadonlyMap<FolderRecord, readonly PlacedEntry[]>): CopySource[] {
  return Array.from(sources, ([{ destination, folderId }, entries]) => ({
    folderId,
    uidValidity: destination?.uidValidity ?? 0,
    entries,
  }));
}
