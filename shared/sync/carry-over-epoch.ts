import { fetchIdentities } from '../imap/mailbox/fetch-identities.ts';
import type { LedgerEntry } from '../migration/ledger-entry.ts';
import type { FolderRecord } from '../state/folder-record.ts';
import { identityKey } from './identity-key.ts';
import { IdentityColumns, sliceOf, slicesFor } from './identity-columns.ts';
import type { LaneContext } from './lane-context.ts';
import { pendingUids, withEntries } from './page-entries.ts';
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
  const taken = new Set<number>();
  for await (const page of pages.list(lane.key, folder)) {
    for (const entry of page.entries) {
      if ('destinationUid' in entry && entry.destinationUid > 0) taken.add(entry.destinationUid);
    }
    const pending = pendingUids(page.entries);
    for await (const identity of fetchIdentities(lane.source.connection, pending, lane.wait))
      sources.append(identity);
  }

  const reported = new Map<number, number>();
  let reports = false;
  const slices = slicesFor(sources.length);
  for (let slice = 0; slice < slices; slice += 1) {
    const free = new Map<string, FinalEntry[]>();
    for await (const page of pages.list(lane.key, former)) {
      for (const entry of page.entries) {
        reports ||= entry.state === 'skipped' || entry.state === 'failed';
        if (entry.state === 'pending' || sliceOf(entry.fingerprint, slices) !== slice) continue;
        if ('destinationUid' in entry && taken.has(entry.destinationUid)) continue;
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
      if (!page.entries.some((entry) => entry.state === 'pending' && carried.has(entry.uid))) continue;
      await pages.save(lane.key, withEntries(page, carried), page.version);
    }
  }
  if (reports) await renumberItems(lane, folder, reported);
  await pages.removeEpoch(lane.key, former);
}
