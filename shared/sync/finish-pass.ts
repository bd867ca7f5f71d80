import { addCounts, emptyCounts } from '../migration/ledger-counts.ts';
import { nextDue } from '../migration/resync-schedule.ts';
import { transition } from '../migration/status-transition.ts';
import type { Services } from '../services.ts';
import type { FolderRecord } from '../state/folder-record.ts';
import type { MailboxKey, MailboxRecord } from '../state/mailbox-record.ts';
import { balanceFolders } from './balance-folders.ts';
import { LeaseLostError } from './errors.ts';
import { isPassOpen } from './is-pass-open.ts';
import type { LaneContext } from './lane-context.ts';
import { planLabelCopies } from './plan-label-copies.ts';

/**
 * Ends a pass when nothing is left to do: counts the ledger, checks that it holds every message the source lists
 * (I1) and claims none of the destination's twice (I2), and marks the mailbox Synced. Running it twice, or again
 * after a crash, gives the same.
 *
 * @param mailbox as it was read in this pass
 * @param by.lane the connections for the check; not needed when the pass touched no folder
 * @param by.alone whether nobody else can be at work on what turns out not to be done
 * @returns 'more' when there is work on the list again: pending messages whose work item was lost, or what was to wait
 * until all else is done; or when somebody wrote a folder meanwhile, so that it is to be counted again. 'held' when
 * another lane may still have pending messages in its hands
 * @throws LedgerMismatchError, DestinationClaimedTwiceError, LeaseLostError
 */
export async function finishPass(
  services: Services,
  mailbox: MailboxRecord,
  { lane, alone }: { readonly lane?: LaneContext; readonly alone: boolean },
): Promise<'finished' | 'more' | 'held'> {
  const key: MailboxKey = { tenant: mailbox.tenant, mailboxId: mailbox.mailboxId };
  const pass = mailbox.pass.number;
  // Lanes that were at work to the end see the list empty too, also when another one has finished the pass already.
  if (lane !== undefined && !(await isPassOpen(services, key, pass))) return 'finished';
  const read = await services.state.folders.listToCount(key);
  const { folders } = read;
  const current = new Map(folders.map((folder) => [folder.folderId, folder]));
  if (lane !== undefined) {
    lane.source.forget();
    const touched = folders.filter((folder) => folder.touchedInPass === pass || folder.counts.pending > 0);
    const balanced = await balanceFolders(lane, read, touched);
    if (balanced === 'outdated') return 'more';
    for (const folder of balanced) current.set(folder.folderId, folder);
  }
  const unfinished = [...current.values()].filter(({ counts }) => counts.pending > 0);
  const due =
    lane === undefined
      ? []
      : [...current.values()].filter(({ labelCopies, vanished }) => labelCopies === 'due' && !vanished);
  if (unfinished.length + due.length > 0) {
    if (!alone) return 'held';
    // Who slept meanwhile would take what it puts on the list out of the hands of another pass.
    if (lane !== undefined && !(await isPassOpen(services, key, pass))) throw new LeaseLostError();
  }
  for (const folder of unfinished) await requeue(services, key, folder);
  if (unfinished.length > 0) return 'more';
  if (lane !== undefined && due.length > 0) {
    await planLabelCopies(lane, [...current.values()], due);
    return 'more';
  }
  const totals = [...current.values()].map(({ counts }) => counts).reduce(addCounts, emptyCounts());

  const now = services.clock.now();
  let again = false;
  const synced = (record: MailboxRecord): MailboxRecord | undefined => {
    if (record.pass.number !== pass || record.pass.phase !== 'copying') return undefined;
    const step = transition(record.status, { type: 'pass-finished' });
    if (!step.ok) return undefined;
    again = record.requestedPass === true;
    const { reason: _reason, throttledUntil: _throttledUntil, ...rest } = record;
    const next: MailboxRecord = {
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
    if (step.status === 'stopping') return next;
    const intervalMs = services.environment.resyncSeconds * 1000;
    return { ...next, dueAt: again ? now : nextDue({ now, intervalMs, random: services.random }) };
  };
  const finished = await services.state.mailboxes.change(key.tenant, key.mailboxId, synced, mailbox);
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
  const { listed, copied, adopted, skipped, underOtherLabel, failed } = mailbox.totals;
  return {
    at,
    type: 'pass-finished',
    text: `Pass ${mailbox.pass.number} finished.`,
    data: { pass: mailbox.pass.number, listed, copied, adopted, skipped, underOtherLabel, failed },
  };
}

/** A page with pending messages but no work item: puts the work back on the list. */
async function requeue(services: Services, key: MailboxKey, folder: FolderRecord): Promise<void> {
  const { pages, work } = services.state;
  for await (const page of pages.listOutlines(key, folder)) {
    if (page.counts.pending === 0) continue;
    const { epoch, number } = page;
    const { folderId, rank } = folder;
    await work.add(key, [{ rank, folderId, epoch, number, kind: 'copy', messages: page.counts.pending }]);
  }
}
