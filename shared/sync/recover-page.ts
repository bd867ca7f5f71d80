import { fetchIdentities } from '../imap/mailbox/fetch-identities.ts';
import { searchUids } from '../imap/mailbox/search-uids.ts';
import type { LedgerEntry } from '../migration/ledger-entry.ts';
import { UidColumn } from '../migration/uid-column.ts';
import { uidsWithout } from '../migration/uids-without.ts';
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

/** Of a look at who is at what. */
const NO_WORK = 0;

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
  let begun: ReadonlySet<number> = new Set();
  if (options.ghosts) {
    await settleDestination(lane, folder.destinationPath);
    begun = await begunPages(lane, folder);
  }

  const opened = await lane.destination.reopen(folder.destinationPath);
  if (opened.uidValidity !== intent.destinationUidValidity) {
    throw new DestinationReplacedError(folder.destinationPath);
  }
  const since = await searchUids(lane.destination.connection, { from: intent.destinationUidNext }, lane.wait);
  const { claimed, rivals } = await readNeighbours(lane, page, { intent, begun });
  const unclaimed = uidsWithout(since, claimed);
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

/**
 * Numbers of the folder's pages that somebody has begun. Another lane may have started in this folder on an older view
 * of the work: then its messages would be mistaken.
 * @throws FolderBusyError
 */
async function begunPages(lane: LaneContext, folder: FolderRecord): Promise<Set<number>> {
  const { claims, lanes } = await lane.services.state.work.snapshot(lane.key, NO_WORK);
  const others = workingLanes(lane.services, lanes).filter((other) => other.lane !== lane.keeper.lease.lane);
  const here = claims.filter(({ folderId }) => folderId === folder.folderId);
  const busy = here.some(({ claim }) =>
    others.some((other) => other.lane === claim.lane && other.fence === claim.fence),
  );
  if (busy) throw new FolderBusyError(folder.folderId);
  const copies = here.filter(({ epoch, kind }) => kind === 'copy' && epoch === folder.epoch);
  return new Set(copies.map(({ number }) => number));
}

/**
 * Destination UIDs that ledger entries of this folder hold, ascending, and messages of other pages that are in doubt as
 * well.
 */
async function readNeighbours(
  lane: LaneContext,
  page: PageRecord,
  { begun, intent }: { readonly begun: ReadonlySet<number>; readonly intent: Intent },
): Promise<{ claimed: Uint32Array; rivals: number[] }> {
  const claimed = new UidColumn();
  const rivals: number[] = [];
  for await (const other of lane.services.state.pages.listPacked(lane.key, page)) {
    const inDoubt = other.number !== page.number && (other.intent !== undefined || begun.has(other.number));
    other.forEachEntry(({ destinationUid, state, uid }) => {
      if (destinationUid >= intent.destinationUidNext) claimed.append(destinationUid);
      if (inDoubt && state === 'pending') rivals.push(uid);
    });
  }
  return { claimed: claimed.distinct(), rivals };
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
