import { fetchFlags } from '../imap/mailbox/fetch-flags.ts';
import { statusOfMailbox } from '../imap/mailbox/status-of-mailbox.ts';
import { type Appender, openAppender } from '../imap/transfer/appender.ts';
import { fetchMessages } from '../imap/transfer/fetch-messages.ts';
import type { FolderRecord } from '../state/folder-record.ts';
import type { PageRecord } from '../state/page-record.ts';
import { DestinationFullError, DestinationReplacedError } from './errors.ts';
import type { LaneContext } from './lane-context.ts';
import { PageOutcomes } from './page-outcomes.ts';
import { earlierAttempts, pendingUids, withEntries, withoutIntent } from './page-entries.ts';
import { recoverPage } from './recover-page.ts';
import { sendMessage } from './send-message.ts';

/** Ms between commits of a page that is being copied: so much work a crash leaves in doubt. */
const COMMIT_MS = 3_000;

export interface CopiedPage {
  readonly page: PageRecord;
  /** False when the work was interrupted on request; what is left stays pending. */
  readonly complete: boolean;
}

/**
 * Copies the pending messages of a page.
 *
 * Before the first byte is sent the page records the intent: from which destination UID on our messages may stand.
 * Whoever finds a page with an intent and no live worker looks there first (see `recoverPage`).
 *
 * @throws ImapError when a connection fails; DestinationFullError, DestinationReplacedError
 */
export async function copyPage(
  lane: LaneContext,
  folder: FolderRecord,
  start: PageRecord,
): Promise<CopiedPage> {
  const { items, pages } = lane.services.state;
  let page = await recoverPage(lane, folder, start, { ghosts: true });
  if (pendingUids(page.entries).length > 0) page = await writeIntent(lane, folder, page);

  const outcomes = new PageOutcomes();
  const attempts = earlierAttempts(page.entries);
  let complete = true;
  const save = async (): Promise<void> => {
    const settled = outcomes.take();
    const refused = outcomes.items.splice(0);
    // Before the page: a report that names a message too early is put right by the next try, a missing one never.
    if (refused.length > 0) await items.put(lane.key, refused);
    if (settled.size > 0) page = await pages.save(lane.key, withEntries(page, settled), page.version);
    for (const uid of outcomes.recovered.splice(0)) await items.remove(lane.key, folder.folderId, uid);
  };
  for (const attempt of ['first', 'plain'] as const) {
    const uids = attempt === 'first' ? pendingUids(page.entries) : outcomes.takeRefused();
    if (uids.length === 0) continue;
    try {
      complete = await copyUids(lane, folder, uids, { attempt, attempts, outcomes, save });
    } catch (error) {
      await save().catch(() => undefined); // the error that ended the copy says more than this one
      throw error;
    }
    await save();
    if (!complete) break;
  }

  if (outcomes.withoutUid.size > 0) page = await locate(lane, folder, page, outcomes);
  if (outcomes.destinationReplaced) throw new DestinationReplacedError(folder.destinationPath);
  if (outcomes.destinationFull !== undefined) {
    page = await pages.save(lane.key, withoutIntent(page), page.version);
    throw new DestinationFullError(outcomes.destinationFull);
  }
  if (page.intent !== undefined) page = await pages.save(lane.key, withoutIntent(page), page.version);
  return { page, complete: complete && pendingUids(page.entries).length === 0 };
}

async function writeIntent(lane: LaneContext, folder: FolderRecord, page: PageRecord): Promise<PageRecord> {
  const counters = await statusOfMailbox(lane.destination.connection, folder.destinationPath, lane.wait);
  if (folder.destination !== undefined && folder.destination.uidValidity !== counters.uidValidity) {
    throw new DestinationReplacedError(folder.destinationPath);
  }
  const intent = {
    lane: lane.keeper.lease.lane,
    fence: lane.keeper.lease.fence,
    // An intent that is already there names the oldest UID that may be ours: it stays.
    destinationUidNext: Math.min(page.intent?.destinationUidNext ?? Infinity, counters.uidNext),
    destinationUidValidity: counters.uidValidity,
    at: lane.services.clock.now(),
  };
  return lane.services.state.pages.save(lane.key, { ...page, intent }, page.version);
}

/** Streams the messages from one end to the other; true when all were seen, false when asked to yield. */
async function copyUids(
  lane: LaneContext,
  folder: FolderRecord,
  uids: readonly number[],
  run: {
    attempt: 'first' | 'plain';
    attempts: ReadonlyMap<number, number>;
    outcomes: PageOutcomes;
    save: () => Promise<void>;
  },
): Promise<boolean> {
  const { clock } = lane.services;
  const { outcomes } = run;
  await lane.source.open(folder.sourcePath);
  const appender: Appender = openAppender(lane.destination.connection, folder.destinationPath, {
    wait: lane.wait,
    mayWrite: () => lane.keeper.mayWrite(),
  });
  const delivered = new Set<number>();
  let committedAt = clock.monotonic();
  let yielded = false;
  for await (const message of fetchMessages(lane.source.connection, uids, lane.wait)) {
    delivered.add(message.uid);
    await sendMessage(lane, folder, appender, message, {
      plain: run.attempt === 'plain',
      attempts: run.attempts.get(message.uid) ?? 0,
      outcomes,
    });
    outcomes.throwIfBroken();
    if (outcomes.destinationFull !== undefined || outcomes.destinationReplaced) break;
    if (clock.monotonic() - committedAt >= COMMIT_MS) {
      await run.save();
      committedAt = clock.monotonic();
    }
    if (lane.keeper.shouldYield()) {
      yielded = delivered.size < uids.length;
      break;
    }
  }
  await appender.flush();
  await outcomes.settled();
  outcomes.endPostponed();
  if (yielded || outcomes.destinationFull !== undefined || outcomes.destinationReplaced) return false;

  const missing = uids.filter((uid) => !delivered.has(uid));
  if (missing.length > 0) {
    const present = new Set<number>();
    for await (const { uid } of fetchFlags(lane.source.connection, { uids: missing }, lane.wait))
      present.add(uid);
    for (const uid of missing) {
      const attempts = run.attempts.get(uid) ?? 0;
      outcomes.notDelivered(uid, folder, { present: present.has(uid), attempts, at: clock.now() });
    }
  }
  return true;
}

/** Finds the UIDs of messages that the server took without saying which UIDs it gave them (no UIDPLUS). */
async function locate(
  lane: LaneContext,
  folder: FolderRecord,
  page: PageRecord,
  outcomes: PageOutcomes,
): Promise<PageRecord> {
  const found = await recoverPage(lane, folder, page, { ghosts: false });
  const lost = outcomes.notLocated(new Set(pendingUids(found.entries)));
  return lost.size === 0
    ? found
    : lane.services.state.pages.save(lane.key, withEntries(found, lost), found.version);
}
