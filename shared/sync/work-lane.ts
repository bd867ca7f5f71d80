import { ImapError, ThrottledError } from '../imap/errors.ts';
import { selectMailbox } from '../imap/mailbox/select-mailbox.ts';
import { appendLimitOf } from '../imap/transfer/append-arguments.ts';
import { windowFor } from '../imap/transfer/appender.ts';
import { retryDelay } from '../migration/retry-policy.ts';
import type { Services } from '../services.ts';
import type { MailboxKey, MailboxRecord } from '../state/mailbox-record.ts';
import { ANSWER_DEADLINE_MS, BothEnds } from './both-ends.ts';
import { goThroughWork, type LaneResult } from './go-through-work.ts';
import { withoutWaiting } from './host-line.ts';
import { HostSlots } from './host-slots.ts';
import type { LaneContext } from './lane-context.ts';
import { giveBackVolume, pacerFor, volumesFor } from './lane-limits.ts';
import { laneEnd } from './lane-end.ts';
import { sourceEnd } from './source-end.ts';
import type { LaneKeeper } from './lane-keeper.ts';
import type { MailboxAccess } from './mailbox-access.ts';
import { StoredForms } from './message-forms.ts';
import { pause } from './pause.ts';
import { LaneMemory } from './lane-memory.ts';
import { WorkInHand } from './work-in-hand.ts';

/** Connections that break in a row without a piece of work done between them, before the lane gives up. */
const MAX_RECONNECTS = 3;

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
  const done = { pieces: 0 };
  const key: MailboxKey = { tenant: mailbox.tenant, mailboxId: mailbox.mailboxId };
  let current = ends;
  let piecesBefore = 0;
  let breaks = 0;
  for (;;) {
    const memory = new LaneMemory();
    const hand = new WorkInHand({ services, key, mailbox, keeper }, memory);
    try {
      if (current === undefined) {
        hand.begin();
        current = await openEnds(services, mailbox, keeper, access);
      }
      return await current.use((open) =>
        takeWork(laneContext(services, mailbox, keeper, open), { memory, hand, done }),
      );
    } catch (error) {
      await hand.layDown();
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

/** The first lane of a mailbox stands in line for it; the others make room for the mailboxes that wait. */
async function openEnds(
  services: Services,
  mailbox: MailboxRecord,
  { lease, signal }: LaneKeeper,
  access: MailboxAccess,
): Promise<BothEnds> {
  const slots = await HostSlots.take(services, mailbox, access, { isFirst: lease.lane === 0 });
  const ends = await BothEnds.open(services, access, { signal, deadlineMs: ANSWER_DEADLINE_MS }, slots);
  if (mailbox.waitingFor !== undefined) {
    const { mailboxes } = services.state;
    await mailboxes.change(mailbox.tenant, mailbox.mailboxId, (record) =>
      record.waitingFor === undefined ? undefined : withoutWaiting(record),
    );
  }
  return ends;
}

function laneContext(
  services: Services,
  mailbox: MailboxRecord,
  keeper: LaneKeeper,
  ends: BothEnds,
): LaneContext {
  const wait = { signal: keeper.signal, deadlineMs: ANSWER_DEADLINE_MS };
  const { source, destination } = ends.takeOver(wait);
  return {
    services,
    key: { tenant: mailbox.tenant, mailboxId: mailbox.mailboxId },
    mailbox,
    keeper,
    source: sourceEnd(source, wait),
    destination: laneEnd(destination, wait, selectMailbox),
    appendLimit: appendLimitOf(destination.capabilities),
    window: windowFor(destination),
    pacer: pacerFor(services, mailbox, ends.access),
    volumes: volumesFor(services, mailbox, ends.access),
    wait,
    sizesExact: ends.access.sizesExact,
    storedForms: new StoredForms(),
  };
}

async function takeWork(
  lane: LaneContext,
  {
    done,
    hand,
    memory,
  }: { readonly done: { pieces: number }; readonly hand: WorkInHand; readonly memory: LaneMemory },
): Promise<LaneResult> {
  try {
    return await goThroughWork(lane, memory, hand, done);
  } finally {
    lane.source.forget(); // nothing must stand between the lane and its farewell
    await Promise.all([hand.layDown(), giveBackVolume(lane)]);
  }
}
