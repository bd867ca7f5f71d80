import { fetchFlags } from '../imap/mailbox/fetch-flags.ts';
import { selectMailbox } from '../imap/mailbox/select-mailbox.ts';
import { storeFlags } from '../imap/mailbox/store-flags.ts';
import type { ImapConnection } from '../imap/wire/imap-connection.ts';
import { reconcileFlags, sameFlags, writableFlags } from '../migration/flag-policy.ts';
import type { LedgerEntry } from '../migration/ledger-entry.ts';
import type { FolderRecord } from '../state/folder-record.ts';
import type { PageRecord } from '../state/page-record.ts';
import { DestinationReplacedError } from './errors.ts';
import type { LaneContext } from './lane-context.ts';
import { withEntries } from './page-entries.ts';
import { sourceNameOf } from './source-name.ts';

/**
 * Carries changed flags of a page's messages over, where the destination's flags are still what was written last:
 * what the user changed there stays as the user wants it.
 */
export async function followFlags(
  lane: LaneContext,
  folder: FolderRecord,
  page: PageRecord,
): Promise<PageRecord> {
  const placed = page.entries.filter(
    (entry): entry is Extract<LedgerEntry, { destinationUid: number }> =>
      'destinationUid' in entry && entry.destinationUid > 0,
  );
  if (placed.length === 0) return page;
  await lane.source.open(sourceNameOf(folder));
  const source = await readFlags(
    lane,
    lane.source.connection,
    placed.map((entry) => entry.uid),
  );
  const changed = placed.filter((entry) => {
    const flags = source.get(entry.uid);
    return flags !== undefined && !sameFlags(writable(flags, folder), entry.flags);
  });
  if (changed.length === 0) return page;

  // Flags can be written only to a folder that is selected for writing; the next `open` selects it anew.
  const selected = await selectMailbox(lane.destination.connection, folder.destinationPath, lane.wait);
  lane.destination.forget();
  if (folder.destination !== undefined && selected.uidValidity !== folder.destination.uidValidity) {
    throw new DestinationReplacedError(folder.destinationPath);
  }
  const destination = await readFlags(
    lane,
    lane.destination.connection,
    changed.map((entry) => entry.destinationUid),
  );

  const settled = new Map<number, LedgerEntry>();
  const writes = new Map<string, { uids: number[]; flags: string[] }>();
  for (const entry of changed) {
    const current = destination.get(entry.destinationUid);
    const now = source.get(entry.uid);
    if (current === undefined || now === undefined) continue;
    if (sameFlags(current, writable(now, folder))) {
      // Already so: written just before a crash, or the user did the same.
      settled.set(entry.uid, { ...entry, flags: writable(now, folder) });
      continue;
    }
    const decision = reconcileFlags({
      source: writable(now, folder),
      lastWritten: entry.flags,
      destination: current,
    });
    if (decision === undefined) continue;
    const key = [...decision.write].sort().join(' ');
    const write = writes.get(key) ?? { uids: [], flags: decision.write };
    write.uids.push(entry.destinationUid);
    writes.set(key, write);
    settled.set(entry.uid, { ...entry, flags: decision.write });
  }
  if (settled.size === 0) return page;
  const groups = [...writes.values()].map((write) => ({ ...write, uids: write.uids.sort((a, b) => a - b) }));
  const refused = await storeFlags(lane.destination.connection, groups, lane.wait);
  for (const [uid, entry] of settled) {
    if ('destinationUid' in entry && refused.has(entry.destinationUid)) settled.delete(uid);
  }
  return lane.services.state.pages.save(lane.key, withEntries(page, settled), page.version);
}

function writable(flags: readonly string[], folder: FolderRecord): string[] {
  return writableFlags(flags, folder.destination?.permanentFlags);
}

async function readFlags(
  lane: LaneContext,
  connection: ImapConnection,
  uids: readonly number[],
): Promise<Map<number, string[]>> {
  const flags = new Map<number, string[]>();
  const sorted = [...uids].sort((a, b) => a - b);
  for await (const row of fetchFlags(connection, { uids: sorted }, lane.wait)) flags.set(row.uid, row.flags);
  return flags;
}
