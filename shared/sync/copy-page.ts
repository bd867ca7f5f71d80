import { fetchFlags } from '../imap/mailbox/fetch-flags.ts';
import { ImapError } from '../imap/errors.ts';
import { type Appender, openAppender } from '../imap/transfer/appender.ts';
import type { UndeliveredMessage } from '../imap/transfer/source-message.ts';
import type { FolderRecord } from '../state/folder-record.ts';
import type { ItemRecord } from '../state/item-record.ts';
import type { PageRecord } from '../state/page-record.ts';
import { copyLabels } from './copy-labels.ts';
import { describeUnread } from './describe-unread.ts';
import { DestinationFullError, DestinationReplacedError, SourceReplacedError } from './errors.ts';
import type { LaneContext } from './lane-context.ts';
import { PageOutcomes } from './page-outcomes.ts';
import { findAltered } from './find-altered.ts';
import { earlierAttempts, pendingUids, withDoubt, withEntries, withoutIntent } from './page-entries.ts';
import type { PieceTurn } from './piece-turn.ts';
import { recoverPage } from './recover-page.ts';
import { reportItems } from './report-items.ts';
import { sendMessage } from './send-message.ts';
import { sourceNameOf } from './source-name.ts';
import { type ClaimedPiece, isUntouched } from './work-in-hand.ts';
import { claimSuffices, writeIntent } from './write-intent.ts';

/** Ms between commits of a page that is being copied: so much work a crash leaves in doubt. */
const COMMIT_MS = 3_000;

/**
 * `alone` settles what is wrong with a batch that was refused as a whole: of messages sent one by one each gets an
 * answer of its own, without a round trip for each, so that is one step and not a search by halves.
 */
const ATTEMPTS = ['first', 'alone', 'plain'] as const;
type Attempt = (typeof ATTEMPTS)[number];

export interface CopiedPage {
  readonly page: PageRecord;
  /** False when the work was interrupted on request; what is left stays pending. */
  readonly complete: boolean;
}

/**
 * Makes a page ready to be copied: what an earlier try may have sent is looked for first, and before the first byte is
 * sent it is known from which destination UID on our messages may stand: by the claim, or by an intent. Whoever finds a
 * page that somebody has begun, and no live worker, looks there first (see `recoverPage`).
 */
export async function prepareCopy(
  lane: LaneContext,
  folder: FolderRecord,
  piece: ClaimedPiece & { readonly page: PageRecord },
): Promise<PageRecord> {
  if (isUntouched(piece) && claimSuffices(lane, folder)) return piece.page;
  const page = await recoverPage(lane, folder, withDoubt(folder, piece.page, piece.item.claim), {
    ghosts: true,
  });
  return pendingUids(page.entries).length > 0 ? writeIntent(lane, folder, page) : page;
}

/**
 * Copies the pending messages of a page that was made ready.
 *
 * @param turn passed on when all is sent and the last answers of the destination are still to come, taken back where
 * they are not the end of it. Not passed on where the destination does not say which UIDs it gives: then they are
 * found by looking, and another page's messages must not stand among them.
 * @throws ImapError when a connection fails; DestinationFullError, DestinationReplacedError
 */
export async function copyPage(
  lane: LaneContext,
  folder: FolderRecord,
  prepared: PageRecord,
  turn: PieceTurn,
): Promise<CopiedPage> {
  const { items, pages } = lane.services.state;
  let page = prepared;
  const outcomes = new PageOutcomes();
  const attempts = earlierAttempts(page.entries);
  const unread: ItemRecord[] = [];
  let complete = true;
  const save = async (next: 'more' | 'end' = 'more'): Promise<void> => {
    const settled = outcomes.take();
    const refused = outcomes.items.splice(0);
    unread.push(...refused.filter(({ reason }) => reason === 'source-unreadable'));
    // Before the page: what is pending there gets another outcome, and is reported again if that is a bad one. What is
    // reported too early is put right by the next try, what is missing never. One that arrived at last may be altered.
    await items.removeAll(lane.key, folder.folderId, outcomes.recovered.splice(0));
    await reportItems(lane, refused);
    const ends = next === 'end' && page.intent !== undefined;
    if (settled.size > 0 || ends) {
      const entered = withEntries(page, settled);
      page = await pages.save(lane.key, ends ? withoutIntent(entered) : entered, page.version);
    }
  };
  if (page.copySources !== undefined) {
    ({ page, complete } = await copyLabels(lane, folder, page));
    if (!complete) return { page, complete };
  }
  for (const attempt of ATTEMPTS) {
    const uids = uidsOf(attempt, page, outcomes);
    if (uids.length === 0) continue;
    await save();
    try {
      await turn.take();
      complete = await copyUids(lane, folder, uids, { attempt, attempts, outcomes, save, turn });
    } catch (error) {
      outcomes.endRefused();
      await save().catch(() => undefined); // the error that ended the copy says more than this one
      throw error;
    }
    if (!complete) break;
  }

  if (outcomes.withoutUid.size > 0 || outcomes.destinationReplaced) await save();
  if (outcomes.withoutUid.size > 0) {
    await turn.take();
    page = await locate(lane, folder, page, outcomes);
  }
  if (outcomes.destinationReplaced) throw new DestinationReplacedError(folder.destinationPath);
  const doubtful = outcomes.doubtful.splice(0);
  if (doubtful.length > 0) {
    await turn.take();
    for (const { message, because } of await findAltered(lane, folder, doubtful)) {
      outcomes.altered(message, folder, lane.services.clock.now(), because);
    }
    if (complete) turn.pass();
  }
  // Nothing is in doubt any more: the last outcomes and the end of the intent are one write.
  await save('end');
  if (unread.length > 0) {
    await turn.take();
    await describeUnread(lane, folder, unread);
  }
  if (outcomes.destinationFull !== undefined) throw new DestinationFullError(outcomes.destinationFull);
  return { page, complete: complete && pendingUids(page.entries).length === 0 };
}

function uidsOf(attempt: Attempt, page: PageRecord, outcomes: PageOutcomes): number[] {
  switch (attempt) {
    case 'first':
      return pendingUids(page.entries);
    case 'alone':
      return outcomes.takeUndecided();
    case 'plain':
      return outcomes.takeRefused();
  }
}

/** Streams the messages from one end to the other; true when all were seen, false when asked to yield. */
async function copyUids(
  lane: LaneContext,
  folder: FolderRecord,
  uids: readonly number[],
  run: {
    attempt: Attempt;
    attempts: ReadonlyMap<number, number>;
    outcomes: PageOutcomes;
    save: () => Promise<void>;
    turn: PieceTurn;
  },
): Promise<boolean> {
  const { clock } = lane.services;
  const { outcomes } = run;
  const uidValidity = folder.source?.uidValidity ?? 0;
  const { messages, undelivered } = await lane.source.fetch(sourceNameOf(folder), uids, uidValidity);
  const appender: Appender = openAppender(lane.destination.connection, folder.destinationPath, {
    wait: lane.wait,
    window: lane.window,
    mayWrite: () => lane.keeper.mayWrite(),
    ...(run.attempt !== 'first' && { batchMessages: 1 }),
  });
  const delivered = new Set<number>();
  let committedAt = clock.monotonic();
  let yielded = false;
  try {
    for await (const message of messages) {
      delivered.add(message.uid);
      await sendMessage(lane, folder, appender, message, {
        plain: run.attempt === 'plain',
        again: run.attempt === 'first',
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
  } catch (error) {
    // what was sent before the source broke is whole: it arrives, and the page learns of it
    await appender.flush();
    await outcomes.settled().catch(() => undefined);
    throw error;
  }
  const cut = yielded || outcomes.destinationFull !== undefined || outcomes.destinationReplaced;
  const answered = appender.flush();
  if (!cut && lane.destination.connection.capabilities.has('UIDPLUS')) run.turn.pass();
  await answered;
  await outcomes.settled();
  outcomes.endPostponed();
  if (yielded || outcomes.destinationFull !== undefined || outcomes.destinationReplaced) return false;

  const missing = uids.filter((uid) => !delivered.has(uid));
  if (missing.length > 0) {
    const present = new Set<number>();
    await run.turn.take();
    const opened = await lane.source.open(sourceNameOf(folder));
    if (opened.uidValidity !== uidValidity) throw new SourceReplacedError();
    for await (const { uid } of fetchFlags(lane.source.connection, { uids: missing }, lane.wait))
      present.add(uid);
    for (const uid of missing) {
      outcomes.notDelivered(uid, folder, {
        present: present.has(uid),
        attempts: run.attempts.get(uid) ?? 0,
        at: clock.now(),
        serverText: serverTextOf(undelivered.get(uid)),
      });
      lane.keeper.progress[present.has(uid) ? 'failed' : 'skipped'] += 1;
    }
  }
  return true;
}

/** What the source said of a message that it lists but does not hand out. */
function serverTextOf(message: UndeliveredMessage | undefined): string | undefined {
  if (message === undefined) return undefined;
  if (message.reason === 'no-body') return 'The server lists the message but sent nothing of it.';
  return message.error instanceof ImapError ? message.error.serverText : undefined;
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
