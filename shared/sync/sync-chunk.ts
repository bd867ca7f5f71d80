import { workEnded } from '../lifecycle/work-ended.ts';
import type { ChunkMessage } from '../queue/queue-messages.ts';
import type { Services } from '../services.ts';
import type { LaneProgress } from '../state/lane-repository.ts';
import type { MailboxKey, MailboxRecord } from '../state/mailbox-record.ts';
import { transition } from '../migration/status-transition.ts';
import type { InvocationBudget } from './invocation-budget.ts';
import { keepLane, LEASE_MS } from './lane-keeper.ts';
import { recordFault } from './record-fault.ts';
import { type LaneResult, workLane } from './work-lane.ts';
import { workingLanes } from './working-lanes.ts';

/**
 * Works on one mailbox with one lane: takes a lease, opens both ends once, goes through pending work until none is
 * left, the time budget is used or the admin stops it, and hands on by a queue message.
 *
 * The message only wakes: a doubled, late or lost one changes nothing but timing.
 */
export async function syncChunk(
  services: Services,
  message: ChunkMessage,
  budget: InvocationBudget,
): Promise<void> {
  const key: MailboxKey = { tenant: message.tenant, mailboxId: message.mailboxId };
  const { clock, environment, state } = services;
  const mailbox = await state.mailboxes.get(key.tenant, key.mailboxId);
  if (mailbox === undefined || !isWorkable(mailbox, message.pass)) return;
  const lease = await state.lanes.acquire(key, {
    lanes: mailbox.laneLimit,
    owner: services.ids(),
    ownerEpoch: environment.epoch,
    now: clock.now(),
    leaseMs: LEASE_MS,
    pass: message.pass,
  });
  if (lease === undefined) return;

  const progress: LaneProgress = { messages: 0, bytes: 0, copied: 0, adopted: 0, skipped: 0, failed: 0 };
  const keeper = keepLane(state.lanes, lease, {
    clock,
    budget,
    progress,
  });
  let result: LaneResult | 'not-wanted' | 'fault';
  try {
    // Only now that the lane is held: a stop that came before is seen in the status, a later one by the keeper.
    const current = await beginWork(services, key, message.pass);
    result = current === undefined ? 'not-wanted' : await workLane(services, current, keeper);
  } catch (error) {
    result = 'fault';
    const fault = await recordFault(services, key, error);
    if (fault.kind !== 'leave' && fault.kind !== 'retry') await state.lanes.requestStop(key);
    if (fault.kind === 'replan') await services.queues.sendPasses([{ v: 1, ...key, reason: 'resume' }]);
  } finally {
    await keeper.release();
  }
  await handOn(services, key, message.pass, result);
}

/** Whether chunks of this pass are to be worked on. */
function isWorkable(mailbox: MailboxRecord, pass: number): boolean {
  const wanted = mailbox.status === 'queued' || mailbox.status === 'syncing' || mailbox.status === 'synced';
  return wanted && mailbox.pass.phase === 'copying' && mailbox.pass.number === pass;
}

async function beginWork(
  services: Services,
  key: MailboxKey,
  pass: number,
): Promise<MailboxRecord | undefined> {
  const now = services.clock.now();
  const current = await services.state.mailboxes.change(key.tenant, key.mailboxId, (record) => {
    if (!isWorkable(record, pass)) return undefined;
    const step = transition(record.status, { type: 'work-began' });
    return step.ok && step.changed ? { ...record, status: step.status, statusSince: now } : undefined;
  });
  return current !== undefined && isWorkable(current, pass) ? current : undefined;
}

async function handOn(
  services: Services,
  key: MailboxKey,
  pass: number,
  result: LaneResult | 'not-wanted' | 'fault',
): Promise<void> {
  const wake = { v: 1, ...key, pass } as const;
  switch (result) {
    case 'yielded':
      await services.queues.sendChunks([wake]);
      return;
    case 'idle': {
      // Two lanes that end together each see the other alive: whoever looks last, after its release, wakes one more.
      const { lanes } = await services.state.work.snapshot(key);
      const live = workingLanes(services, lanes).length > 0;
      if (!live) await services.queues.sendChunks([wake]);
      return;
    }
    case 'stopped':
    case 'not-wanted':
    case 'fault':
      await workEnded(services, key);
      return;
    case 'finished':
      return;
  }
}
