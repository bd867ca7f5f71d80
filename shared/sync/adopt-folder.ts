import { fetchFlags } from '../imap/mailbox/fetch-flags.ts';
import { fetchIdentities } from '../imap/mailbox/fetch-identities.ts';
import { searchUids } from '../imap/mailbox/search-uids.ts';
import { writableFlags } from '../migration/flag-policy.ts';
import type { LedgerEntry } from '../migration/ledger-entry.ts';
import { matchMessages } from '../migration/match-messages.ts';
import { UidColumn } from '../migration/uid-column.ts';
import { UidMap } from '../migration/uid-map.ts';
import { uidsWithout } from '../migration/uids-without.ts';
import type { FolderRecord } from '../state/folder-record.ts';
import type { PageRecord } from '../state/page-record.ts';
import { carryOverEpoch } from './carry-over-epoch.ts';
import { clearItems } from './clear-items.ts';
import { IdentityColumns, slicesFor } from './identity-columns.ts';
import type { LaneContext } from './lane-context.ts';
import { rebindDestination } from './rebind-destination.ts';
import { pendingUids, withEntries, withoutIntent } from './page-entries.ts';
import { resolveAmbiguous } from './resolve-ambiguous.ts';
import { saveFolder } from './save-folder.ts';
import { settleDestination } from './settle-destination.ts';
import { sourceNameOf } from './source-name.ts';

/**
 * Matches a folder with what is there already, before anything is copied into it.
 *
 * 1. When the destination's folder was replaced, the ledger's destination UIDs are found anew.
 * 2. When the source's UIDs were, the entries of the former epoch are carried over: what was copied stays copied (I4).
 * 3. Pending messages that the destination already holds, whoever put them there, are adopted.
 *
 * Running it again after a crash continues: entries that have an outcome are not looked at again.
 */
export async function adoptFolder(
  lane: LaneContext,
  folder: FolderRecord,
): Promise<FolderRecord | 'interrupted'> {
  await lane.source.open(sourceNameOf(folder));
  if (await isInDoubt(lane, folder)) await settleDestination(lane, folder.destinationPath);
  const opened = await lane.destination.reopen(folder.destinationPath);
  const replaced = folder.destination !== undefined && folder.destination.uidValidity !== opened.uidValidity;
  if (replaced) await rebindDestination(lane, folder);
  const bound: FolderRecord = {
    ...folder,
    destination: { ...folder.destination, uidValidity: opened.uidValidity, uidNext: opened.uidNext },
  };
  if (replaced) await saveFolder(lane, bound);
  if (folder.epoch > 1) await carryOverEpoch(lane, folder);
  if ((await adoptPending(lane, folder)) === 'interrupted') return 'interrupted';
  await dropOutdatedIntents(lane, folder, opened.uidValidity);
  return bound;
}

/** Whether messages of the folder are in doubt: their server may still be carrying out what it was sent. */
async function isInDoubt(lane: LaneContext, folder: FolderRecord): Promise<boolean> {
  const claims = await lane.services.state.work.claims(lane.key);
  if (claims.some(({ folderId, kind }) => folderId === folder.folderId && kind === 'copy')) return true;
  for await (const page of lane.services.state.pages.listOutlines(lane.key, folder)) {
    if (page.intent !== undefined) return true;
  }
  return false;
}

/** Intents that speak of the folder's former UIDs: what had arrived is adopted by now. */
async function dropOutdatedIntents(
  lane: LaneContext,
  folder: FolderRecord,
  uidValidity: number,
): Promise<void> {
  const { pages } = lane.services.state;
  for await (const page of pages.list(lane.key, folder)) {
    if (page.intent === undefined || page.intent.destinationUidValidity === uidValidity) continue;
    await pages.save(lane.key, withoutIntent(page), page.version);
  }
}

/** Pending source messages against unclaimed destination messages. */
async function adoptPending(lane: LaneContext, folder: FolderRecord): Promise<'done' | 'interrupted'> {
  const { pages } = lane.services.state;
  const claimed = new UidColumn();
  const sources = new IdentityColumns();
  for await (const page of pages.listPacked(lane.key, folder)) {
    const pending: number[] = [];
    page.forEachEntry(({ destinationUid, state, uid }) => {
      if (destinationUid > 0) claimed.append(destinationUid);
      if (state === 'pending') pending.push(uid);
    });
    for await (const identity of fetchIdentities(lane.source.connection, pending, lane.wait))
      sources.append(identity);
    if (lane.keeper.stopRequested()) return 'interrupted';
  }
  if (sources.length === 0) return 'done';
  const there = await searchUids(lane.destination.connection, { from: 1 }, lane.wait);
  const free = uidsWithout(there, claimed.distinct());
  const candidates = new IdentityColumns();
  for await (const identity of fetchIdentities(lane.destination.connection, free, lane.wait)) {
    candidates.append(identity);
  }
  const adopted = await matchColumns(lane, sources, candidates);
  if (adopted.size === 0) return 'done';

  for await (const page of pages.list(lane.key, folder)) {
    const destinationUids = pendingUids(page.entries)
      .map((uid) => adopted.get(uid))
      .filter((uid) => uid !== undefined);
    if (destinationUids.length === 0) continue;
    const known = await describeDestination(lane, destinationUids);
    const flags = await sourceFlags(lane, folder, page, adopted);
    const settled = new Map<number, LedgerEntry>();
    for (const uid of pendingUids(page.entries)) {
      const destinationUid = adopted.get(uid);
      const message = destinationUid === undefined ? undefined : known.get(destinationUid);
      if (destinationUid === undefined || message === undefined) continue;
      settled.set(uid, { uid, state: 'adopted', destinationUid, flags: flags.get(uid) ?? [], ...message });
    }
    await clearItems(lane, page, settled);
    await pages.save(lane.key, withEntries(page, settled), page.version);
    lane.keeper.progress.adopted += settled.size;
    lane.keeper.progress.messages += settled.size;
  }
  return 'done';
}

/**
 * Flags of adopted messages at the source. They go into the ledger as if written, so that only a later change is
 * carried over: how the flags at the destination came to differ, nobody knows, and they may be the user's.
 */
async function sourceFlags(
  lane: LaneContext,
  folder: FolderRecord,
  page: PageRecord,
  adopted: UidMap,
): Promise<Map<number, string[]>> {
  const uids = pendingUids(page.entries).filter((uid) => adopted.get(uid) !== undefined);
  const flags = new Map<number, string[]>();
  for await (const row of fetchFlags(lane.source.connection, { uids }, lane.wait)) {
    flags.set(row.uid, writableFlags(row.flags, folder.destination?.permanentFlags));
  }
  return flags;
}

/** What the ledger keeps of an adopted message: its fingerprint and size as they are at the destination. */
async function describeDestination(
  lane: LaneContext,
  uids: readonly number[],
): Promise<Map<number, { fingerprint: bigint; size: number }>> {
  const known = new Map<number, { fingerprint: bigint; size: number }>();
  const sorted = [...uids].sort((a, b) => a - b);
  for await (const message of fetchIdentities(lane.destination.connection, sorted, lane.wait)) {
    known.set(message.uid, { fingerprint: message.fingerprint, size: message.size });
  }
  return known;
}

/** Source UID -> destination UID for all that is the same message on both sides. */
async function matchColumns(
  lane: LaneContext,
  sources: IdentityColumns,
  candidates: IdentityColumns,
): Promise<UidMap> {
  const matched = new UidMap(sources.distinctUids());
  const slices = slicesFor(sources.length + candidates.length);
  for (let slice = 0; slice < slices; slice += 1) {
    const match = matchMessages(sources.slice(slice, slices), candidates.slice(slice, slices), {
      sizesExact: lane.sizesExact,
    });
    const decided = await resolveAmbiguous(lane, match.ambiguous, { alteredByOthers: true });
    for (const { uid, destinationUid } of [...match.pairs, ...decided]) matched.set(uid, destinationUid);
  }
  return matched;
}
