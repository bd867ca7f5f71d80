import { workEnded } from '../lifecycle/work-ended.ts';
import { transition } from '../migration/status-transition.ts';
import type { PassMessage } from '../queue/queue-messages.ts';
import type { Services } from '../services.ts';
import type { MailboxKey, MailboxRecord } from '../state/mailbox-record.ts';
import { beginPass, WATCHDOG_MS } from './begin-pass.ts';
import { finishPass } from './finish-pass.ts';
import type { InvocationBudget } from './invocation-budget.ts';
import { keepLane, LEASE_MS, type LaneKeeper } from './lane-keeper.ts';
import { planFolders } from './plan-folders.ts';
import { recordFault } from './record-fault.ts';

/**
 * Takes one look over one mailbox: what folders there are, what is new in them, and what must be done. Writes the
 * pages and their work items, then wakes the lanes. Planning that died is planned again; nothing is counted twice,
 * since a page's number and UIDs follow from the pages that are already there.
 */
export async function planPass(
  services: Services,
  message: PassMessage,
  budget: InvocationBudget,
): Promise<void> {
  const key: MailboxKey = { tenant: message.tenant, mailboxId: message.mailboxId };
  const { clock, environment, state } = services;
  const lease = await state.lanes.acquire(key, {
    lanes: 'plan',
    owner: services.ids(),
    ownerEpoch: environment.epoch,
    now: clock.now(),
    leaseMs: LEASE_MS,
    pass: 0,
  });
  if (lease === undefined) return;
  const keeper = keepLane(state.lanes, lease, {
    clock,
    budget,
    progress: { messages: 0, bytes: 0, copied: 0, adopted: 0, skipped: 0, failed: 0 },
  });
  let goesOn = false;
  try {
    const mailbox = await beginPass(services, key);
    if (mailbox !== undefined) goesOn = (await plan(services, key, mailbox, keeper)) === 'interrupted';
  } catch (error) {
    await recordFault(services, key, error);
  } finally {
    await keeper.release();
  }
  await workEnded(services, key);
  if (goesOn && !keeper.stopRequested())
    await services.queues.sendPasses([{ v: 1, ...key, reason: 'resume' }]);
}

async function plan(
  services: Services,
  key: MailboxKey,
  mailbox: MailboxRecord,
  keeper: LaneKeeper,
): Promise<'planned' | 'interrupted'> {
  const pass = mailbox.pass.number;
  let { laneLimit } = mailbox;
  let pieces = laneLimit;
  if (mailbox.pass.phase === 'planning') {
    const planned = await planFolders(services, mailbox, keeper);
    if (planned === 'interrupted') return planned;
    laneLimit = planned.laneLimit;
    pieces = planned.pieces;
  }
  const now = services.clock.now();
  const ready = await services.state.mailboxes.change(key.tenant, key.mailboxId, (record) => {
    if (record.pass.number !== pass || record.pass.phase === 'idle') return undefined;
    const step = transition(record.status, { type: 'planned' });
    if (!step.ok) return undefined;
    return {
      ...record,
      status: step.status,
      statusSince: step.changed ? now : record.statusSince,
      pass: { ...record.pass, phase: 'copying' },
      laneLimit,
      dueAt: now + WATCHDOG_MS,
    };
  });
  if (ready?.pass.phase !== 'copying' || ready.pass.number !== pass) return 'planned';
  if (pieces === 0) {
    await finishPass(services, key, pass);
    return 'planned';
  }
  const lanes = Math.min(laneLimit, pieces);
  await services.queues.sendChunks(Array.from({ length: lanes }, () => ({ v: 1, ...key, pass }) as const));
  return 'planned';
}
