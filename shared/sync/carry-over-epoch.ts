import { fetchIdentities } from '../imap/mailbox/fetch-identities.ts';
import { indexOfUid } from '../migration/index-of-uid.ts';
import type { ItemReason } from '../migration/item-reason.ts';
import type { LedgerEntry } from '../migration/ledger-entry.ts';
import { UidColumn } from '../migration/uid-column.ts';
import type { FolderRecord } from '../state/folder-record.ts';
import { identityKey } from './identity-key.ts';
import { IdentityColumns, sliceOf, slicesFor } from './identity-columns.ts';
import type { LaneContext } from './lane-context.ts';
import { withEntries } from './page-entries.ts';
import { renumberItems } from './renumber-items.ts';

type FinalEntry = Exclude<LedgerEntry, { state: 'pending' }>;

/**
 * The source has numbered its messages anew (another UIDVALIDITY): what the former epoch's ledger says of a message
 * goes to that message under its new UID. What was copied is not copied again, wherever the user has put it since (I4).
 */
export async function carryOverEpoch(lane: LaneContext, folder: FolderRecord): Promise<void> {
  const { pages } = lane.services.state;
  const former = { folderId: folder.folderId, epoch: folder.epoch - 1 };
  const sources = new IdentityColumns();
  const claimed = new UidColumn();
  for await (const page of pages.listPacked(lane.key, folder)) {
    const pending: number[] = [];
    page.forEachEntry((entry) => {
      if (entry.destinationUid > 0) claimed.append(entry.destinationUid);
      if (isOpen(folder, entry)) pending.push(entry.uid);
    });
    for await (const identity of fetchIdentities(lane.source.connection, pending, lane.wait))
      sources.append(identity);
  }

  const taken = claimed.distinct();
  const reported = new Map<number, number>();
  let reports = false;
  const slices = slicesFor(sources.length);
  for (let slice = 0; slice < slices; slice += 1) {
    const free = new Map<string, FinalEntry[]>();
    for await (const page of pages.list(lane.key, former)) {
      for (const entry of page.entries) {
        reports ||=
          entry.state === 'skipped' ||
          entry.state === 'failed' ||
          // tried again when the folder was renumbered: it is on the report still
          (entry.state === 'pending' && entry.attempts > 0);
        if (entry.state === 'pending' || sliceOf(entry.fingerprint, slices) !== slice) continue;
        if ('destinationUid' in entry && indexOfUid(taken, entry.destinationUid) >= 0) continue;
        const key = identityKey(lane, entry);
        free.set(key, [...(free.get(key) ?? []), entry]);
      }
    }
    const carried = new Map<number, LedgerEntry>();
    for (const source of sources.slice(slice, slices)) {
      const entry = free.get(identityKey(lane, source))?.shift();
      if (entry === undefined) continue;
      carried.set(source.uid, { ...entry, uid: source.uid });
      if (entry.state === 'skipped' || entry.state === 'failed') reported.set(entry.uid, source.uid);
    }
    if (carried.size === 0) continue;
    for await (const page of pages.list(lane.key, folder)) {
      if (!page.entries.some((entry) => isOpen(folder, entry) && carried.has(entry.uid))) continue;
      await pages.save(lane.key, withEntries(page, carried), page.version);
    }
  }
  if (reports) await renumberItems(lane, folder, reported);
  await pages.removeEpoch(lane.key, former);
}

/**
 * Whether the new epoch has not settled what becomes of a message. Where each label gets a copy, that is so of messages
 * that other labels' folders have, too: the former epoch may have a copy of its own, or know that its user deleted it.
 */
function isOpen(
  { labelCopies }: FolderRecord,
  entry: { readonly state: LedgerEntry['state']; readonly reason?: ItemReason },
): boolean {
  const isCopy = entry.state === 'skipped' && entry.reason === 'other-label';
  return entry.state === 'pending' || (isCopy && labelCopies !== undefined);
}
