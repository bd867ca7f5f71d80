import { lanesOf } from '../lifecycle/lanes-of.ts';
import { workEnded } from '../lifecycle/work-ended.ts';
import type { ChunkMessage } from '../queue/queue-messages.ts';
import type { Services } from '../services.ts';
import { type LaneProgress, noProgress } from '../state/lane-record.ts';
import type { Released } from '../state/lane-repository.ts';
import type { MailboxKey, MailboxRecord } from '../state/mailbox-record.ts';
import { transition } from '../migration/status-transition.ts';
import type { BothEnds } from './both-ends.ts';
import { HostBusyError } from './errors.ts';
import { HEARD_AGAIN_SECONDS } from './host-line.ts';
import type { LaneResult } from './go-through-work.ts';
import type { InvocationBudget } from './invocation-budget.ts';
import { keepLane, type LaneKeeper, LEASE_MS } from './lane-keeper.ts';
import { readAccess } from './mailbox-access.ts';
import { classifyFault } from './fault.ts';
import { recordFault } from './record-fault.ts';
import { workLane } from './work-lane.ts';
import { workingLanes } from './working-lanes.ts';

/**
 * Works on one mailbox with one lane: takes a lease, opens both ends once, goes through pending work until none is
 * left, the time budget is used or the admin stops it, and hands on by a queue message.
 *
 * The message only wakes: a doubled, late or lost one changes nothing but timing.
 *
 * @param planned by whoever goes on with what it has planned. Its connections are closed in the end, also when
 * there is nothing to do
 */
export async function syncChunk(
  services: Services,
  message: ChunkMessage,
  budget: InvocationBudget,
  planned?: PlannedTurn,
): Promise<void> {
  try {
    await takeTurn(services, message, budget, planned);
  } finally {
    await planned?.ends.close();
  }
}

/** What a planner has at hand that others read and open first. */
export interface PlannedTurn {
  readonly mailbox: MailboxRecord;
  readonly ends: BothEnds;
}

async function takeTurn(
  services: Services,
  message: ChunkMessage,
  budget: InvocationBudget,
  planned: PlannedTurn | undefined,
): Promise<void> {
  const key: MailboxKey = { tenant: message.tenant, mailboxId: message.mailboxId };
  const { clock, environment, state } = services;
  const mailbox = planned?.mailbox ?? (await state.mailboxes.get(key.tenant, key.mailboxId));
  if (mailbox === undefined || !isWorkable(mailbox, message.pass)) return;
  const askedAt = clock.monotonic();
  const lease = await state.lanes.acquire(key, {
    lanes: lanesOf(mailbox, services),
    preferred: message.lane,
    owner: services.ids(),
    ownerEpoch: environment.epoch,
    now: clock.now(),
    leaseMs: LEASE_MS,
    pass: message.pass,
  });
  if (lease === undefined) {
    // As for a planner: the lane that got in line for a connection may have its lease still.
    if (mailbox.waitingFor !== undefined) {
      await services.queues.sendChunks([message], { delaySeconds: HEARD_AGAIN_SECONDS });
    }
    return;
  }

  const progress = noProgress();
  const keeper = keepLane(state.lanes, lease, {
    clock,
    budget,
    progress,
    askedAt,
    renewMs: environment.renewMs,
  });
  let result: LaneResult | 'not-wanted' | 'fault';
  let released: Released;
  let lastOut: unknown;
  try {
    // Only now that the lane is held: a stop that came before is seen in the status, a later one by the keeper.
    const reading = state.mailboxes.get(key.tenant, key.mailboxId);
    const access =
      planned === undefined ? readAccess(services, mailbox) : Promise.resolve(planned.ends.access);
    access.catch(() => undefined); // of no interest where no work is wanted; else it is asked for
    const current = await beginWork(services, await reading, message.pass);
    result =
      current === undefined
        ? 'not-wanted'
        : await workLane(services, current, keeper, await access, planned?.ends);
  } catch (error) {
    result = interruption(keeper, budget) ?? 'fault';
    const cause: unknown = keeper.signal.aborted ? keeper.signal.reason : error;
    const fault = result === 'fault' ? classifyFault(cause) : undefined;
    if (fault?.kind === 'retry' || fault?.kind === 'host-busy') {
      lastOut = error;
    } else if (fault !== undefined) {
      await recordFault(services, key, cause, {
        progressed: progress.messages > 0,
        perSecond: sentPerSecond(progress, clock.monotonic() - askedAt) * lanesOf(mailbox, services),
      });
      // What is in the way of one lane is in the way of all.
      if (fault.kind !== 'leave') await state.lanes.requestStop(key);
    }
  } finally {
    released = await keeper.release();
  }
  // A fault that may pass counts once for all lanes that met it, and not while others get on with the work.
  if (lastOut !== undefined) {
    if (!(await othersWork(services, key))) {
      // Lanes that end at the same moment each see the others gone.
      const { failures: failuresBefore } = mailbox;
      await recordFault(services, key, lastOut, { progressed: progress.messages > 0, failuresBefore });
    } else if (lastOut instanceof HostBusyError) {
      await services.queues.sendChunks([message], { delaySeconds: TRY_AGAIN_SECONDS });
    }
  }
  await handOn(services, message, result, released);
}

/** Until a lane for which there was no connection tries again; others of its mailbox go on meanwhile. */
const TRY_AGAIN_SECONDS = 120;

/** Messages that say something about the speed of a lane. */
const MESSAGES_MEASURED = 20;

/** What one lane sends; 0 when it is too early to tell. */
function sentPerSecond({ messages }: LaneProgress, elapsedMs: number): number {
  return messages < MESSAGES_MEASURED || elapsedMs <= 0 ? 0 : (1000 * messages) / elapsedMs;
}

/** Whether a lane ended because it was told to: its connections break then, which is no fault of a server. */
function interruption(keeper: LaneKeeper, budget: InvocationBudget): LaneResult | undefined {
  if (budget.signal.aborted) return 'yielded';
  if (!keeper.signal.aborted) return undefined;
  return keeper.stopRequested() ? 'stopped' : undefined;
}

async function othersWork(services: Services, key: MailboxKey): Promise<boolean> {
  const { lanes } = await services.state.work.snapshot(key, 1);
  return workingLanes(services, lanes).length > 0;
}

/** Whether chunks of this pass are to be worked on. */
function isWorkable(mailbox: MailboxRecord, pass: number): boolean {
  const wanted = mailbox.status === 'queued' || mailbox.status === 'syncing' || mailbox.status === 'synced';
  return wanted && mailbox.pass.phase === 'copying' && mailbox.pass.number === pass;
}

async function beginWork(
  services: Services,
  mailbox: MailboxRecord | undefined,
  pass: number,
): Promise<MailboxRecord | undefined> {
  if (mailbox === undefined) return undefined;
  const now = services.clock.now();
  const working = (record: MailboxRecord): MailboxRecord | undefined => {
    if (!isWorkable(record, pass)) return undefined;
    const step = transition(record.status, { type: 'work-began' });
    return step.ok && step.changed ? { ...record, status: step.status, statusSince: now } : undefined;
  };
  const current =
    working(mailbox) === undefined
      ? mailbox
      : await services.state.mailboxes.change(mailbox.tenant, mailbox.mailboxId, working, mailbox);
  return current !== undefined && isWorkable(current, pass) ? current : undefined;
}

async function handOn(
  services: Services,
  message: ChunkMessage,
  result: LaneResult | 'not-wanted' | 'fault',
  released: Released,
): Promise<void> {
  const { tenant, mailboxId, pass } = message;
  const key: MailboxKey = { tenant, mailboxId };
  // A stop is over with the last lane. Whoever asks for one tells every lane, unless the lane sees it in the status.
  if (released !== 'freed' || result === 'not-wanted') await workEnded(services, key);
  switch (result) {
    case 'yielded':
    case 'stopped':
      break;
    case 'idle':
      // Two lanes that end together each see the other alive: whoever looks last, after its release, wakes one more.
      if (await othersWork(services, key)) return;
      break;
    case 'finished':
    case 'planning':
    case 'not-wanted':
    case 'fault':
      return;
  }
  const mailbox = await services.state.mailboxes.get(tenant, mailboxId);
  if (mailbox !== undefined && isWorkable(mailbox, pass)) await services.queues.sendChunks([message]);
}
