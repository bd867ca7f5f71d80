import type { MailboxCounters } from '../imap/mailbox/open-mailbox.ts';
import { statusOfMailbox } from '../imap/mailbox/status-of-mailbox.ts';
import { addCounts, emptyCounts, type LedgerCounts } from '../migration/ledger-counts.ts';
import { limitsKey } from '../migration/selection/message-limits.ts';
import { ADOPTION_NUMBER } from '../migration/work-choice.ts';
import type { FolderRecord } from '../state/folder-record.ts';
import type { MailboxRecord } from '../state/mailbox-record.ts';
import type { FolderEpoch, PageRecord } from '../state/page-record.ts';
import type { AskedPages } from './asked-retries.ts';
import { changedPages } from './changed-pages.ts';
import { ClaimedUids } from './claimed-uids.ts';
import { findNewUids, findUnseenUids, isBehind } from './find-source-uids.ts';
import type { FolderPlanning } from './folder-planning.ts';
import { inspectDestination } from './inspect-destination.ts';
import { makeFolder } from './make-folder.ts';
import type { FolderPlace } from './place-folder.ts';
import { PlanWriter } from './plan-writer.ts';
import { warnOfHiddenMail } from './warn-of-hidden-mail.ts';

/** Ms between two looks at all flags of a folder whose server cannot say which ones changed (no CONDSTORE). */
const FLAG_SCAN_MS = 3_600_000;

const NO_UIDS = new Uint32Array();

export interface PlannedWork {
  readonly written: number;
  /** What the end of the pass counts again from the pages. */
  readonly counts: LedgerCounts;
  /** Messages that had an outcome and are tried again. */
  readonly again: number;
  /** There may be messages to be copied from other labels' folders when all else is done. */
  readonly copiesDue: boolean;
}

/**
 * Plans one folder: pages for new UIDs, work for changed flags, adoption where the destination must be matched first.
 *
 * Work items are written before pages and the folder's record comes last: whatever a crash leaves is either unseen
 * work without a page, or pages that the next planning finds.
 *
 * @returns how many work items were written, and the folder's tally with what they leave to do
 */
export async function planFolder(planning: FolderPlanning): Promise<PlannedWork> {
  const { services, key, mailbox, folder, counters, wait } = planning;
  const { known } = folder;
  const now = services.clock.now();
  const renumbered = known?.source !== undefined && known.source.uidValidity !== counters.uidValidity;
  const scanFlags = known !== undefined && !renumbered && wantsFlagScan(known, counters, mailbox, now);
  const { limits } = planning;
  const limitsChanged = known !== undefined && limitsKey(known.limits ?? {}) !== limitsKey(limits);
  const changed =
    known?.source === undefined ||
    renumbered ||
    limitsChanged ||
    hasChanged(known.source, counters) ||
    counters.messages > known.counts.listed + (known.leftOut ?? 0);
  const asked = known === undefined || renumbered ? undefined : await planning.asked.of(known);
  if (known !== undefined && renumbered) planning.asked.postpone(known);
  const retries = [...new Set([...(known?.retryPages ?? []), ...(asked?.numbers ?? [])])];
  const orphans = planning.labels?.orphansOf(folder.folderId) ?? [];
  if (planning.labels !== undefined) planning.labels.retrying ||= retries.length + orphans.length > 0;
  const copiesWere = known?.labelCopies;
  const mayWait = areCopiesDue(planning);
  const nothingToDo = !changed && !scanFlags && retries.length === 0 && orphans.length === 0 && !mayWait;
  if (known !== undefined && nothingToDo && known.vanished !== true) {
    return { written: 0, counts: known.counts, again: 0, copiesDue: false };
  }

  const epoch = renumbered ? known.epoch + 1 : (known?.epoch ?? 1);
  const place = { folderId: folder.folderId, epoch };
  const base = {
    ...place,
    sourcePath: folder.sourcePath,
    ...(folder.sourceName !== undefined && { sourceName: folder.sourceName }),
    sourceDelimiter: folder.sourceDelimiter,
    ...(folder.specialUse && { specialUse: folder.specialUse }),
    rank: folder.rank,
    order: folder.order,
    touchedInPass: mailbox.pass.number,
    source: {
      uidValidity: counters.uidValidity,
      uidNext: counters.uidNext,
      messages: counters.messages,
      ...(counters.highestModseq !== undefined && { highestModseq: String(counters.highestModseq) }),
    },
  };

  const last = planning.noPages ? undefined : await lastPage(planning, place);
  const { uids: newUids, leftOut: newLeftOut } = await findNewUids(planning, last, renumbered);
  const before = known === undefined || renumbered ? undefined : known;
  const accounted = (before?.counts.listed ?? 0) + (before?.leftOut ?? 0) + newUids.length + newLeftOut;
  const unseen =
    before !== undefined && (limitsChanged || counters.messages > accounted)
      ? await findUnseenUids(planning, before)
      : undefined;
  const unseenUids = unseen?.uids ?? NO_UIDS;
  const leftOut = newLeftOut + (unseen?.leftOut ?? before?.leftOut ?? 0);

  const listed = (before?.counts.listed ?? 0) + newUids.length + unseenUids.length;
  const hidden = await warnOfHiddenMail(planning, listed + leftOut);

  const claimed = await ClaimedUids.claim(planning, [newUids, unseenUids]);
  const write = new PlanWriter(planning, place, last, claimed);
  const hasWork = newUids.length + unseenUids.length + orphans.length > 0 || renumbered;
  const placed: FolderPlace = (await planning.placed) ?? { path: folder.destinationPath };
  const destinationPath = placed.path;
  if (destinationPath !== folder.destinationPath) await tellOtherPlace(planning, destinationPath);
  // A folder that the user removed at the destination comes back only for new mail.
  if (folder.create && known !== undefined && hasWork) {
    await makeFolder(planning.destination, destinationPath, wait);
  }
  let destination = known?.destination;
  // Pages of a planning that died before it wrote down where they go.
  const isUnbound = destination === undefined && last !== undefined;
  if (hasWork || isUnbound) {
    const bound = await bindDestination(planning, placed, renumbered);
    destination = bound.destination;
    // What the admin lets through only now may be at the destination already, by hand or from a former epoch.
    const isLate = limitsChanged && unseenUids.length > 0;
    if (bound.needsAdoption || isLate) await write.work('adopt', [{ number: ADOPTION_NUMBER }]);
    await write.unseenPages(unseenUids);
    // What a planning that died has left unwritten lies between what it wrote.
    if (isBehind(planning, last, renumbered)) await write.unseenPages(newUids);
    else await write.newPages(newUids);
  }
  let counts = withPlanned(
    before?.counts ?? emptyCounts(),
    newUids.length + unseenUids.length,
    claimed?.others ?? 0,
  );
  let again = 0;
  if (retries.length > 0) {
    const isAsked = isAskedIn(planning, asked);
    const change = await write.retries(retries, isAsked);
    counts = withChange(counts, change);
    again = change.pending;
  }
  if (planning.labels !== undefined && orphans.length > 0) {
    const { labels } = planning;
    counts = withChange(counts, await write.revive(orphans, (id) => labels.claim(id)));
  }
  if (scanFlags) await write.work('flags', await changedPages(planning, known));
  const copiesDue = mayWait || ((claimed?.others ?? 0) > 0 && planning.labels?.getsCopies(folder) === true);
  const labelCopies = copiesDue ? 'due' : copiesWere;
  const flagsCheckedAt = scanFlags ? now : known?.flagsCheckedAt;
  // What is in the books is not shown by any later planning.
  await placed.shown;
  await services.state.folders.put(key, {
    ...base,
    destinationPath,
    counts,
    pages: write.pages,
    ...(limitsKey(limits) !== '' && { limits, leftOut }),
    ...(hidden && { hidden }),
    ...(destination && { destination }),
    ...(labelCopies && { labelCopies }),
    ...(flagsCheckedAt !== undefined && { flagsCheckedAt }),
  });
  return { written: write.written, counts, again, copiesDue };
}

/** A message that had vanished may be back, or be copied with another label by now. */
function isAskedIn(
  { labels }: FolderPlanning,
  asked: AskedPages | undefined,
): Parameters<PlanWriter['retries']>[1] {
  return (entry, gmailId) =>
    asked?.isWanted(entry) === true &&
    (entry.reason !== 'vanished' || labels === undefined || labels.claim(gmailId));
}

/** Entries of messages with other labels that nobody has looked at, or whose home may be copied now. */
function areCopiesDue({ folder, labels }: FolderPlanning): boolean {
  const { known } = folder;
  if (known === undefined || labels?.getsCopies(folder) !== true || known.counts.skipped === 0) return false;
  return known.labelCopies !== 'made' || labels.retrying;
}

async function tellOtherPlace(
  { services, key, folder }: FolderPlanning,
  destinationPath: string,
): Promise<void> {
  await services.state.events.add(key, {
    at: services.clock.now(),
    type: 'folder-renamed',
    text: `The destination refuses the name "${folder.destinationPath}". Folder "${folder.sourcePath}" comes to "${destinationPath}".`,
  });
}

/** The folder's page of the highest number. */
async function lastPage(planning: FolderPlanning, place: FolderEpoch): Promise<PageRecord | undefined> {
  const { folder, key, services } = planning;
  const { pages } = services.state;
  if (!planning.afterFinished) return pages.last(key, place);
  // Each planning before this one has come to its end, so that the folder's record knows of all pages.
  const count = folder.known?.epoch === place.epoch ? folder.known.pages : 0;
  return count === 0 ? undefined : pages.get(key, { ...place, number: count - 1 });
}

/** @param others messages among the new ones that are copied with another label */
function withPlanned(counts: LedgerCounts, more: number, others: number): LedgerCounts {
  return {
    ...counts,
    listed: counts.listed + more,
    pending: counts.pending + more - others,
    skipped: counts.skipped + others,
    underOtherLabel: counts.underOtherLabel + others,
  };
}

/** A tally from before there was `underOtherLabel` has less of it than its entries, until the end of the pass. */
function withChange(counts: LedgerCounts, change: LedgerCounts): LedgerCounts {
  const changed = addCounts(counts, change);
  return { ...changed, underOtherLabel: Math.max(0, changed.underOtherLabel) };
}

function hasChanged(before: NonNullable<FolderRecord['source']>, now: MailboxCounters): boolean {
  return before.uidNext !== now.uidNext || before.messages !== now.messages;
}

/** With CONDSTORE when MODSEQ moved; without it from time to time, and whenever the admin asks for a pass. */
function wantsFlagScan(
  known: FolderRecord,
  now: MailboxCounters,
  mailbox: MailboxRecord,
  at: number,
): boolean {
  if (now.messages === 0 || known.counts.listed === 0) return false;
  if (now.highestModseq !== undefined && known.source?.highestModseq !== undefined) {
    return BigInt(known.source.highestModseq) !== now.highestModseq;
  }
  return mailbox.pass.trigger !== 'timer' || at - (known.flagsCheckedAt ?? 0) >= FLAG_SCAN_MS;
}

/**
 * Learns the destination folder's UIDVALIDITY and flags, and whether it must be matched before anything is copied:
 * when it holds mail that this ledger did not put there, or was replaced, or the source renumbered its messages.
 */
async function bindDestination(
  planning: FolderPlanning,
  { path, found }: FolderPlace,
  renumbered: boolean,
): Promise<{ destination: NonNullable<FolderRecord['destination']>; needsAdoption: boolean }> {
  const { folder, wait } = planning;
  const known = folder.known?.destination;
  if (known === undefined) {
    const rules = planning.destinationEnd.profile.flags;
    const { messages, record } = await (found ??
      inspectDestination(planning.destination, path, { rules, wait }));
    return { destination: record, needsAdoption: renumbered || messages > 0 };
  }
  const now = await statusOfMailbox(planning.destination, path, wait);
  // The former UIDVALIDITY stays on record until the folder has been matched.
  if (now.uidValidity !== known.uidValidity) return { destination: known, needsAdoption: true };
  return { destination: { ...known, uidNext: now.uidNext }, needsAdoption: renumbered };
}
