import { ConnectionClosedError } from '../imap/errors.ts';
import { lanesOf } from '../lifecycle/lanes-of.ts';
import { askAhead } from './ask-ahead.ts';
import { finishPass } from './finish-pass.ts';
import type { LaneContext } from './lane-context.ts';
import type { LaneMemory } from './lane-memory.ts';
import { pause } from './pause.ts';
import { performWork } from './perform-work.ts';
import type { PieceTurn } from './piece-turn.ts';
import { PiecesAtWork } from './pieces-at-work.ts';
import { isUntouched, type WorkInHand } from './work-in-hand.ts';

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

/**
 * Pieces that a lane is at, at most: what a crash leaves half done, and what their pages take of memory. With folders of
 * a few messages each, more would be faster over a long way, but not by much.
 */
const MOST_AT_WORK = 4;

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

/** Does one piece of work after the other; one begins while others wait for their last answers. */
export async function goThroughWork(
  lane: LaneContext,
  memory: LaneMemory,
  hand: WorkInHand,
  done: { pieces: number },
): Promise<LaneResult> {
  const pieces = new PiecesAtWork();
  try {
    return await takePieces(lane, memory, hand, { done, pieces });
  } catch (error) {
    // No piece goes on beside what ends the lane.
    const ended = new ConnectionClosedError('Closed by us: the lane has ended.', { cause: error });
    lane.source.connection.destroy(ended);
    lane.destination.connection.destroy(ended);
    throw error;
  } finally {
    await pieces.allEnd();
  }
}

async function takePieces(
  lane: LaneContext,
  memory: LaneMemory,
  hand: WorkInHand,
  { done, pieces }: { readonly done: { pieces: number }; readonly pieces: PiecesAtWork },
): Promise<LaneResult> {
  const { services, keeper, mailbox } = lane;
  let looks = 0;
  let outdated = false;
  let worked = false;
  for (;;) {
    const turn = await pieces.turn();
    keeper.signal.throwIfAborted();
    for (const { piece, performed } of pieces.takeEnded()) {
      switch (performed) {
        case 'outdated':
          outdated = true;
          break;
        case 'interrupted':
          await hand.interrupted(piece);
          break;
        case 'unfinished':
          await hand.unfinished(piece);
          break;
        case 'complete':
          hand.finished(piece);
          done.pieces += 1;
          worked = true;
          if (piece.item.kind !== 'adopt' && piece.item.claim === undefined) break;
          await hand.removeFinished();
          await wakeOthers(lane);
      }
    }
    const leaves = outdated || keeper.shouldYield();
    if (pieces.size > 0 && (leaves || !(await mayBeginBeside(pieces, hand)))) {
      turn.pass();
      await pieces.oneEnds();
      continue;
    }
    if (outdated) return 'planning';
    if (leaves) return keeper.stopRequested() ? 'stopped' : 'yielded';
    const next = await hand.next();
    switch (next.kind) {
      case 'piece': {
        const own: PieceTurn = {
          take: () => turn.take(),
          pass: () => {
            hand.lookAhead();
            turn.pass();
          },
        };
        pieces.begin(next, turn, () => performWork(lane, next, memory, own));
        if (isUntouched(next)) askAhead(lane, memory, hand.waiting);
        continue;
      }
      case 'planning':
        return 'planning';
      case 'busy':
        return 'idle';
      case 'others-finishing':
        if (looks >= (worked ? LOOKS_AFTER_WORK : 1)) return 'idle';
        await pauseBeforeLook(lane, looks);
        looks += 1;
        break;
      case 'done': {
        const end = await finishPass(services, mailbox, { lane, alone: next.alone });
        if (end === 'finished') return end;
        if (end === 'more') break;
        if (looks >= LOOKS_AT_HELD) return 'idle';
        await pauseBeforeLook(lane, looks);
        looks += 1;
      }
    }
    turn.pass();
  }
}

function pauseBeforeLook(lane: LaneContext, looksBefore: number): Promise<void> {
  return pause(LOOK_MS * 2 ** looksBefore, lane.keeper.signal);
}

/** Whether the next piece may begin while others wait for answers: one that needs no look at what is there. */
async function mayBeginBeside(pieces: PiecesAtWork, hand: WorkInHand): Promise<boolean> {
  if (pieces.size >= MOST_AT_WORK) return false;
  const upcoming = await hand.upcoming();
  return upcoming !== undefined && isUntouched(upcoming);
}

/** Lanes that found their folder closed to them have left: now there is work for them. */
async function wakeOthers(lane: LaneContext): Promise<void> {
  const wake = { v: 1, ...lane.key, pass: lane.keeper.lease.pass } as const;
  const others = lanesOf(lane.mailbox, lane.services) - 1;
  if (others > 0) await lane.services.queues.sendChunks(Array.from({ length: others }, () => wake));
}
