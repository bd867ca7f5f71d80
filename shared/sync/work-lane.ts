import { ImapError, ThrottledError } from '../imap/errors.ts';
import { lanesOf } from '../lifecycle/lanes-of.ts';
import { retryDelay } from '../migration/retry-policy.ts';
import type { Services } from '../services.ts';
import type { MailboxRecord } from '../state/mailbox-record.ts';
import { ANSWER_DEADLINE_MS, BothEnds } from './both-ends.ts';
import { DestinationHorizon } from './destination-horizon.ts';
import { finishPass } from './finish-pass.ts';
import type { LaneContext } from './lane-context.ts';
import { laneEnd } from './lane-end.ts';
import { sourceEnd } from './source-end.ts';
import { pendingUids } from './page-entries.ts';
import type { LaneKeeper } from './lane-keeper.ts';
import type { MailboxAccess } from './mailbox-access.ts';
import { pause } from './pause.ts';
import { LaneMemory } from './lane-memory.ts';
import { performWork } from './perform-work.ts';
import { sourceNameOf } from './source-name.ts';
import { isUntouched, WorkInHand } from './work-in-hand.ts';

/** Connections that break in a row without a piece of work done between them, before the lane gives up. */
const MAX_RECONNECTS = 3;

/** Ms until the first look at lanes that are about to leave; each time it takes twice as long. */
const LOOK_MS = 20;

/**
 * The first of the lanes ends the pass, so a lane that finds nothing left leaves to it. But who has worked may have had
 * the last piece, and the first lane be one that saw it in its hands and is leaving: then the pass is this lane's to
 * end, with the connections that it has.
 */
const LOOKS_AFTER_WORK = 3;
/** Looks of the first lane at messages that nobody has on the list and that a live lane may yet be at work on. */
const LOOKS_AT_HELD = 6;

export type LaneResult =
  /** This lane ended the pass. */
  | 'finished'
  /** Nothing is left that this lane could take. */
  | 'idle'
  /** The next pass is being planned; whoever plans it wakes the lanes. */
  | 'planning'
  /** The time budget is used; work is left. */
  | 'yielded'
  /** The admin stopped the mailbox. */
  | 'stopped';

/**
 * Goes through the pending work of a mailbox, reconnecting when a connection breaks.
 * @param ends connections that are open already; they are closed in the end like its own
 */
export async function workLane(
  services: Services,
  mailbox: MailboxRecord,
  keeper: LaneKeeper,
  access: MailboxAccess,
  ends?: BothEnds,
): Promise<LaneResult> {
  const wait = { signal: keeper.signal, deadlineMs: ANSWER_DEADLINE_MS };
  const done = { pieces: 0 };
  let current = ends;
  let piecesBefore = 0;
  let breaks = 0;
  for (;;) {
    try {
      current ??= await BothEnds.open(services, access, wait);
      return await current.use((open) => takeWork(laneContext(services, mailbox, keeper, open), done));
    } catch (error) {
      current = undefined;
      const transient = error instanceof ImapError && error.retryable && !(error instanceof ThrottledError);
      if (!transient || keeper.signal.aborted || keeper.shouldYield()) throw error;
      breaks = done.pieces > piecesBefore ? 1 : breaks + 1;
      piecesBefore = done.pieces;
      if (breaks > MAX_RECONNECTS) throw error;
      await pause(retryDelay(breaks, services.random, services.environment.reconnectMs), keeper.signal);
    }
  }
}

function laneContext(
  services: Services,
  mailbox: MailboxRecord,
  keeper: LaneKeeper,
  ends: BothEnds,
): LaneContext {
  const wait = { signal: keeper.signal, deadlineMs: ANSWER_DEADLINE_MS };
  const { source, destination } = ends.takeOver();
  return {
    services,
    key: { tenant: mailbox.tenant, mailboxId: mailbox.mailboxId },
    mailbox,
    keeper,
    source: sourceEnd(source, wait),
    destination: laneEnd(destination, wait),
    horizon: new DestinationHorizon(),
    wait,
    sizesExact: ends.access.sizesExact,
  };
}

async function takeWork(lane: LaneContext, done: { pieces: number }): Promise<LaneResult> {
  const memory = new LaneMemory();
  const hand = new WorkInHand(lane, memory);
  try {
    return await goThrough(lane, memory, hand, done);
  } finally {
    lane.source.forget(); // nothing must stand between the lane and its farewell
    await hand.layDown();
  }
}

async function goThrough(
  lane: LaneContext,
  memory: LaneMemory,
  hand: WorkInHand,
  done: { pieces: number },
): Promise<LaneResult> {
  const { services, keeper, mailbox } = lane;
  let looks = 0;
  let worked = false;
  for (;;) {
    keeper.signal.throwIfAborted();
    if (keeper.shouldYield()) return keeper.stopRequested() ? 'stopped' : 'yielded';
    const next = await hand.next();
    switch (next.kind) {
      case 'planning':
        return 'planning';
      case 'busy':
        return 'idle';
      case 'others-finishing':
        looks += 1;
        if (looks > (worked ? LOOKS_AFTER_WORK : 1)) return 'idle';
        await pause(LOOK_MS * 2 ** (looks - 1), keeper.signal);
        continue;
      case 'done': {
        const end = await finishPass(services, mailbox, { lane, alone: next.alone });
        if (end === 'finished') return end;
        if (end === 'more') continue;
        looks += 1;
        if (looks > LOOKS_AT_HELD) return 'idle';
        await pause(LOOK_MS * 2 ** (looks - 1), keeper.signal);
        continue;
      }
      case 'piece': {
        const result = await performWork(lane, next, memory, () => goAhead(lane, memory, hand));
        if (result === 'outdated') return 'planning';
        if (result === 'interrupted') {
          // Its folder may be closed to the others in hand by now.
          await hand.giveBack();
          continue;
        }
        hand.finished(next);
        done.pieces += 1;
        worked = true;
        if (next.item.kind !== 'adopt' && next.item.claim === undefined) continue;
        await hand.removeFinished();
        await wakeOthers(lane);
      }
    }
  }
}

/**
 * Gets the next piece under way while the destination's last answers to the one before come in. Whatever is still
 * asked of the source for that one gives up what was asked for here.
 */
function goAhead(lane: LaneContext, memory: LaneMemory, hand: WorkInHand): void {
  const { upcoming } = hand;
  const folder = memory.folders.get(upcoming?.item.folderId ?? '');
  if (upcoming !== undefined && folder !== undefined) {
    lane.source.askAhead(
      sourceNameOf(folder),
      isUntouched(upcoming) ? pendingUids(upcoming.page.entries) : [],
    );
  }
  hand.lookAhead();
}

/** Lanes that found their folder closed to them have left: now there is work for them. */
async function wakeOthers(lane: LaneContext): Promise<void> {
  const wake = { v: 1, ...lane.key, pass: lane.keeper.lease.pass } as const;
  const others = lanesOf(lane.mailbox, lane.services) - 1;
  if (others > 0) await lane.services.queues.sendChunks(Array.from({ length: others }, () => wake));
}
