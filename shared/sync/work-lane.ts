import { ImapError, ThrottledError } from '../imap/errors.ts';
import { retryDelay } from '../migration/retry-policy.ts';
import { chooseWork } from '../migration/work-choice.ts';
import type { Services } from '../services.ts';
import type { MailboxKey, MailboxRecord } from '../state/mailbox-record.ts';
import { finishPass } from './finish-pass.ts';
import { type LaneContext, laneEnd } from './lane-context.ts';
import type { LaneKeeper } from './lane-keeper.ts';
import { ANSWER_DEADLINE_MS, type MailboxAccess, readAccess, withBothEnds } from './mailbox-sessions.ts';
import { pause } from './pause.ts';
import { LaneMemory, performWork } from './perform-work.ts';
import { plannerWorks, workingLanes } from './working-lanes.ts';

/** Connections that break in a row without a piece of work done between them, before the lane gives up. */
const MAX_RECONNECTS = 3;

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

/** Goes through the pending work of a mailbox, reconnecting when a connection breaks. */
export async function workLane(
  services: Services,
  mailbox: MailboxRecord,
  keeper: LaneKeeper,
): Promise<LaneResult> {
  const access = await readAccess(services, mailbox);
  const done = { pieces: 0 };
  let piecesBefore = 0;
  let breaks = 0;
  for (;;) {
    try {
      return await withConnections(services, mailbox, access, keeper, (lane) => takeWork(lane, done));
    } catch (error) {
      const transient = error instanceof ImapError && error.retryable && !(error instanceof ThrottledError);
      if (!transient || keeper.signal.aborted || keeper.shouldYield()) throw error;
      breaks = done.pieces > piecesBefore ? 1 : breaks + 1;
      piecesBefore = done.pieces;
      if (breaks > MAX_RECONNECTS) throw error;
      await pause(retryDelay(breaks, services.random), keeper.signal);
    }
  }
}

async function withConnections(
  services: Services,
  mailbox: MailboxRecord,
  access: MailboxAccess,
  keeper: LaneKeeper,
  work: (lane: LaneContext) => Promise<LaneResult>,
): Promise<LaneResult> {
  const wait = { signal: keeper.signal, deadlineMs: ANSWER_DEADLINE_MS };
  const key: MailboxKey = { tenant: mailbox.tenant, mailboxId: mailbox.mailboxId };
  return withBothEnds(services, access, wait, (source, destination, takeOver) =>
    work({
      services,
      key,
      mailbox,
      keeper,
      source: laneEnd(takeOver(source), wait),
      destination: laneEnd(takeOver(destination), wait),
      wait,
      sizesExact: access.sizesExact,
    }),
  );
}

async function takeWork(lane: LaneContext, done: { pieces: number }): Promise<LaneResult> {
  const { services, key, keeper } = lane;
  const { work } = services.state;
  const memory = new LaneMemory();
  for (;;) {
    keeper.signal.throwIfAborted();
    if (keeper.shouldYield()) return keeper.stopRequested() ? 'stopped' : 'yielded';
    const snapshot = await work.snapshot(key);
    // Whoever plans may be in the middle of writing what is to be done, and wakes the lanes when it is all there.
    if (plannerWorks(services, snapshot.lanes)) return 'planning';
    const lanes = workingLanes(services, snapshot.lanes).map(({ lane, fence }) => ({
      lane,
      fence,
      live: true,
    }));
    const choice = chooseWork(lanes, snapshot.work, keeper.lease);
    switch (choice.kind) {
      case 'busy':
      case 'others-finishing':
        return 'idle';
      case 'done':
        if ((await finishPass(services, key, keeper.lease.pass, lane)) === 'more') continue;
        return 'finished';
      case 'take': {
        if (!(await work.claim(key, choice.work, keeper.lease))) continue;
        const result = await performWork(lane, choice.work, memory);
        if (result === 'outdated') return 'planning';
        if (result === 'complete') {
          await work.remove(key, choice.work, keeper.lease);
          done.pieces += 1;
          if (choice.work.kind === 'adopt' || choice.work.claim !== undefined) await wakeOthers(lane);
        }
      }
    }
  }
}

/** Lanes that found their folder closed to them have left: now there is work for them. */
async function wakeOthers(lane: LaneContext): Promise<void> {
  const wake = { v: 1, ...lane.key, pass: lane.keeper.lease.pass } as const;
  const others = lane.mailbox.laneLimit - 1;
  if (others > 0) await lane.services.queues.sendChunks(Array.from({ length: others }, () => wake));
}
