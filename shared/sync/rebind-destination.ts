import { fetchIdentities } from '../imap/mailbox/fetch-identities.ts';
import { searchUids } from '../imap/mailbox/search-uids.ts';
import type { LedgerEntry } from '../migration/ledger-entry.ts';
import type { FolderRecord } from '../state/folder-record.ts';
import { identityKey } from './identity-key.ts';
import { IdentityColumns, sliceOf, slicesFor } from './identity-columns.ts';
import type { LaneContext } from './lane-context.ts';
import { withEntries } from './page-entries.ts';

/**
 * The destination's folder has another UIDVALIDITY: its UIDs in the ledger name nothing any more. They are found
 * anew by fingerprint; an entry whose message is not there stays copied, with no UID (I4): the user deleted it.
 */
export async function rebindDestination(lane: LaneContext, folder: FolderRecord): Promise<void> {
  const { pages } = lane.services.state;
  const there = await searchUids(lane.destination.connection, { from: 1 }, lane.wait);
  const columns = new IdentityColumns();
  for await (const identity of fetchIdentities(lane.destination.connection, there, lane.wait)) {
    columns.append(identity);
  }
  const slices = slicesFor(columns.length);
  for (let slice = 0; slice < slices; slice += 1) {
    const free = new Map<string, number[]>();
    for (const message of columns.slice(slice, slices)) {
      const key = identityKey(lane, message);
      free.set(key, [...(free.get(key) ?? []), message.uid]);
    }
    for await (const page of pages.list(lane.key, folder)) {
      const rebound = new Map<number, LedgerEntry>();
      for (const entry of page.entries) {
        if (entry.state !== 'copied' && entry.state !== 'adopted') continue;
        if (sliceOf(entry.fingerprint, slices) !== slice) continue;
        const destinationUid = free.get(identityKey(lane, entry))?.shift() ?? 0;
        if (destinationUid !== entry.destinationUid) rebound.set(entry.uid, { ...entry, destinationUid });
      }
      if (rebound.size > 0) await pages.save(lane.key, withEntries(page, rebound), page.version);
    }
  }
}
