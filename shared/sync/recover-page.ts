import { fetchIdentities } from '../imap/mailbox/fetch-identities.ts';
import { searchUids } from '../imap/mailbox/search-uids.ts';
import type { LedgerEntry } from '../migration/ledger-entry.ts';
import { matchMessages, type MessageIdentity } from '../migration/match-messages.ts';
import type { FolderRecord } from '../state/folder-record.ts';
import type { Intent, PageRecord } from '../state/page-record.ts';
import { DestinationReplacedError, FolderBusyError } from './errors.ts';
import type { LaneContext } from './lane-context.ts';
import type { LaneEnd } from './lane-end.ts';
import { clearItems } from './clear-items.ts';
import { pendingUids, withEntries } from './page-entries.ts';
import { pairAltered } from './pair-altered.ts';
import { reportItems } from './report-items.ts';
import { resolveAmbiguous } from './resolve-ambiguous.ts';
import { settleDestination } from './settle-destination.ts';
import { workingLanes } from './working-lanes.ts';
import { sourceNameOf } from './source-name.ts';

/**
 * Finds out what of a page reached the destination although its ledger does not say so: after a crash, a lost reply,
 * or where the server does not report UIDs. What is there and nobody else's is taken into the ledger; the rest stays
 * pending and may be appended.
 *
 * `ghosts` tells that the messages were sent by a connection that is no more: its server may still be executing
 * commands that it had already received, so the destination must first stand still.
 */
export async function recoverPage(
  lane: LaneContext,
  folder: FolderRecord,
  page: PageRecord,
  options: { ghosts: boolean },
): Promise<PageRecord> {
  const { intent } = page;
  if (intent === undefined) return page;
  if (options.ghosts) {
    await settleDestination(lane, folder.destinationPath);
    await assertQuiet(lane, folder.folderId);
  }

  const opened = await lane.destination.reopen(folder.destinationPath);
  if (opened.uidValidity !== intent.destinationUidValidity) {
    throw new DestinationReplacedError(folder.destinationPath);
  }
  const since = await searchUids(lane.destination.connection, { from: intent.destinationUidNext }, lane.wait);
  const { claimed, rivals } = await readNeighbours(lane, page, intent);
  const unclaimed = since.filter((uid) => !claimed.has(uid));
  if (unclaimed.length === 0) return page;

  const candidates = await collect(lane, lane.destination, unclaimed);
  await lane.source.open(sourceNameOf(folder));
  const own = new Set(pendingUids(page.entries));
  const wanted = [...own, ...rivals].sort((a, b) => a - b);
  const sources = await collect(lane, lane.source, wanted);

  const match = matchMessages(sources, candidates, { sizesExact: lane.sizesExact });
  const pairs = [
    ...match.pairs.filter((pair) => !lane.sizesExact || sameSize(pair, sources, candidates)),
    ...(await resolveAmbiguous(lane, match.ambiguous, { alteredByOthers: false })),
  ];
  const altered = await pairAltered(lane, { sources, candidates, pairs });
  const found = new Map<number, LedgerEntry>();
  for (const { uid, destinationUid } of [...pairs, ...altered]) {
    const candidate = candidates.find((message) => message.uid === destinationUid);
    if (!own.has(uid) || candidate === undefined) continue;
    found.set(uid, {
      uid,
      state: 'copied',
      destinationUid,
      flags: candidate.flags,
      fingerprint: candidate.fingerprint,
      size: candidate.size,
    });
  }
  if (found.size === 0) return page;
  await clearItems(lane, page, found);
  await reportItems(
    lane,
    altered
      .filter(({ uid }) => found.has(uid))
      .map(({ uid }) => ({
        folderId: folder.folderId,
        folderPath: folder.sourcePath,
        uid,
        state: 'copied' as const,
        reason: 'altered' as const,
        attempts: 1,
        at: lane.services.clock.now(),
      })),
  );
  return lane.services.state.pages.save(lane.key, withEntries(page, found), page.version);
}

/** A message that we sent has the size that we sent: another size is another message with the same headers. */
function sameSize(
  pair: { uid: number; destinationUid: number },
  sources: readonly MessageIdentity[],
  candidates: readonly MessageIdentity[],
): boolean {
  const source = sources.find((message) => message.uid === pair.uid);
  const candidate = candidates.find((message) => message.uid === pair.destinationUid);
  return source !== undefined && source.size === candidate?.size;
}

/** Another lane may have started in this folder on an older view of the work: then its messages would be mistaken. */
async function assertQuiet(lane: LaneContext, folderId: string): Promise<void> {
  const { lanes, work } = await lane.services.state.work.snapshot(lane.key);
  const others = workingLanes(lane.services, lanes).filter((other) => other.lane !== lane.keeper.lease.lane);
  const busy = work.some(
    ({ claim, ...item }) =>
      item.folderId === folderId &&
      others.some((other) => other.lane === claim?.lane && other.fence === claim.fence),
  );
  if (busy) throw new FolderBusyError(folderId);
}

/** Destination UIDs that ledger entries of this folder hold, and messages of other pages that are in doubt as well. */
async function readNeighbours(
  lane: LaneContext,
  page: PageRecord,
  intent: Intent,
): Promise<{ claimed: Set<number>; rivals: number[] }> {
  const claimed = new Set<number>();
  const rivals: number[] = [];
  for await (const other of lane.services.state.pages.listPacked(lane.key, page)) {
    const inDoubt = other.number !== page.number && other.intent !== undefined;
    other.forEachEntry(({ destinationUid, state, uid }) => {
      if (destinationUid > 0 && destinationUid >= intent.destinationUidNext) claimed.add(destinationUid);
      if (inDoubt && state === 'pending') rivals.push(uid);
    });
  }
  return { claimed, rivals };
}

async function collect(
  lane: LaneContext,
  end: LaneEnd,
  uids: readonly number[] | Uint32Array,
): Promise<Array<MessageIdentity & { flags: string[] }>> {
  const found: Array<MessageIdentity & { flags: string[] }> = [];
  for await (const identity of fetchIdentities(end.connection, uids, lane.wait)) found.push(identity);
  return found;
}
