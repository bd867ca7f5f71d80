import { searchUids } from '../imap/mailbox/search-uids.ts';
import { addCounts, emptyCounts, type LedgerCounts } from '../migration/ledger-counts.ts';
import { nextDue } from '../migration/resync-schedule.ts';
import { MAX_ITEM_ATTEMPTS } from '../migration/retry-policy.ts';
import { transition } from '../migration/status-transition.ts';
import type { Services } from '../services.ts';
import type { FolderRecord } from '../state/folder-record.ts';
import type { MailboxKey, MailboxRecord } from '../state/mailbox-record.ts';
import { LedgerMismatchError } from './errors.ts';
import type { LaneContext } from './lane-context.ts';
import { openIfThere } from './open-if-there.ts';

/**
 * Ends a pass when nothing is left to do: counts the ledger, checks that it holds every message the source lists
 * (I1) and marks the mailbox Synced. Running it twice, or again after a crash, gives the same.
 *
 * @param lane the connections for the check; not needed when the pass touched no folder
 * @returns 'more' when pending messages were found whose work item was lost: it is on the list again
 * @throws LedgerMismatchError
 */
export async function finishPass(
  services: Services,
  key: MailboxKey,
  pass: number,
  lane?: LaneContext,
): Promise<'finished' | 'more'> {
  const folders = await services.state.folders.list(key);
  let totals = emptyCounts();
  for (const folder of folders) {
    const isTouched = folder.touchedInPass === pass || folder.counts.pending > 0;
    const counted = isTouched && lane ? await balance(lane, folder) : folder;
    if (counted.counts.pending > 0) {
      await requeue(services, key, counted);
      return 'more';
    }
    totals = addCounts(totals, counted.counts);
  }

  const now = services.clock.now();
  let again = false;
  const finished = await services.state.mailboxes.change(key.tenant, key.mailboxId, (record) => {
    if (record.pass.number !== pass || record.pass.phase !== 'copying') return undefined;
    const step = transition(record.status, { type: 'pass-finished' });
    if (!step.ok) return undefined;
    again = record.requestedPass === true;
    const { reason: _reason, throttledUntil: _throttledUntil, ...rest } = record;
    const synced: MailboxRecord = {
      ...rest,
      status: step.status,
      statusSince: step.changed ? now : record.statusSince,
      pass: {
        ...record.pass,
        phase: 'idle',
        finishedAt: now,
        trigger: again ? 'request' : record.pass.trigger,
      },
      totals: { ...totals, folders: folders.filter((folder) => folder.vanished !== true).length },
      failures: 0,
      consecutiveThrottles: 0,
      lastSyncedAt: now,
    };
    // The timer must see to the end of a stop long before the next pass would be due.
    if (step.status === 'stopping') return synced;
    const intervalMs = services.environment.resyncSeconds * 1000;
    return { ...synced, dueAt: again ? now : nextDue({ now, intervalMs, random: services.random }) };
  });
  if (finished?.pass.finishedAt === now && finished.pass.number === pass) {
    await services.state.events.add(key, passEvent(finished, now));
    if (again) await services.queues.sendPasses([{ v: 1, ...key, reason: 'request' }]);
  }
  return 'finished';
}

function passEvent(
  mailbox: MailboxRecord,
  at: number,
): { at: number; type: string; text: string; data: Record<string, number> } {
  const { listed, copied, adopted, skipped, failed } = mailbox.totals;
  return {
    at,
    type: 'pass-finished',
    text: `Pass ${mailbox.pass.number} finished.`,
    data: { pass: mailbox.pass.number, listed, copied, adopted, skipped, failed },
  };
}

/** Counts a folder's pages and checks them against what the source lists. */
async function balance(lane: LaneContext, folder: FolderRecord): Promise<FolderRecord> {
  const { folders, pages } = lane.services.state;
  let counts: LedgerCounts = emptyCounts();
  const retryPages: number[] = [];
  let known = new Float64Array(1024);
  let length = 0;
  for await (const page of pages.list(lane.key, folder)) {
    counts = addCounts(counts, page.counts);
    if (page.entries.some((entry) => entry.state === 'failed' && entry.attempts < MAX_ITEM_ATTEMPTS)) {
      retryPages.push(page.number);
    }
    for (const entry of page.entries) {
      if (length === known.length) {
        const grown = new Float64Array(known.length * 2);
        grown.set(known);
        known = grown;
      }
      known[length] = entry.uid;
      length += 1;
    }
  }
  const ledger = known.subarray(0, length).sort();
  const counted: FolderRecord = { ...folder, counts, retryPages };
  // Written before the check: where messages are missing, the next planning sees it by this count.
  await folders.put(lane.key, counted);
  if (folder.vanished !== true) await assertComplete(lane, folder, ledger);
  return counted;
}

/** Each message that the source lists, up to the UIDs that were planned, has its entry. */
async function assertComplete(lane: LaneContext, folder: FolderRecord, ledger: Float64Array): Promise<void> {
  const planned = (folder.source?.uidNext ?? 1) - 1;
  const opened = await openIfThere(lane.source, folder.sourcePath, lane.wait);
  // A folder that went or was made anew since is planned anew by the next pass.
  if (planned < 1 || opened === undefined || opened.uidValidity !== folder.source?.uidValidity) return;
  const listed = await searchUids(lane.source.connection, { from: 1, to: planned }, lane.wait);
  let missing = 0;
  let index = 0;
  for (const uid of listed) {
    while (index < ledger.length && (ledger[index] ?? Infinity) < uid) index += 1;
    if (ledger[index] !== uid) missing += 1;
  }
  if (missing > 0) throw new LedgerMismatchError(folder.sourcePath, missing);
}

/** A page with pending messages but no work item: puts the work back on the list. */
async function requeue(services: Services, key: MailboxKey, folder: FolderRecord): Promise<void> {
  const { pages, work } = services.state;
  for await (const page of pages.listOutlines(key, folder)) {
    if (page.counts.pending === 0) continue;
    await work.add(key, [
      { rank: folder.rank, folderId: folder.folderId, epoch: page.epoch, number: page.number, kind: 'copy' },
    ]);
  }
}
