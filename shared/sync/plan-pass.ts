import { WATCHDOG_MS } from '../lifecycle/wake-decision.ts';
import { workEnded } from '../lifecycle/work-ended.ts';
import { transition } from '../migration/status-transition.ts';
import type { PassMessage } from '../queue/queue-messages.ts';
import type { Services } from '../services.ts';
import type { MailboxKey, MailboxRecord } from '../state/mailbox-record.ts';
import { beginPass } from './begin-pass.ts';
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
  const askedAt = clock.monotonic();
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
    askedAt,
    renewMs: environment.renewMs,
    progress: { messages: 0, bytes: 0, copied: 0, adopted: 0, skipped: 0, failed: 0 },
  });
  let outcome: Planned = { kind: 'nothing' };
  try {
    const mailbox = await beginPass(services, key);
    if (mailbox !== undefined) outcome = await plan(services, key, mailbox, keeper);
  } catch (error) {
    if (budget.signal.aborted) outcome = { kind: 'interrupted' };
    else await recordFault(services, key, keeper.signal.aborted ? keeper.signal.reason : error);
  } finally {
    await keeper.release();
  }
  await workEnded(services, key);
  if (outcome.kind === 'interrupted' && !keeper.stopRequested()) {
    await services.queues.sendPasses([{ v: 1, ...key, reason: 'resume' }]);
  }
  // Lanes do not work while somebody plans, so they are woken when the planner's lease is free again.
  if (outcome.kind === 'ready') {
    const wake = { v: 1, ...key, pass: outcome.pass } as const;
    await services.queues.sendChunks(Array.from({ length: outcome.lanes }, () => wake));
  }
}

type Planned =
  | { readonly kind: 'nothing' }
  /** Time is up before all was planned. */
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'ready'; readonly pass: number; readonly lanes: number };

async function plan(
  services: Services,
  key: MailboxKey,
  mailbox: MailboxRecord,
  keeper: LaneKeeper,
): Promise<Planned> {
  const pass = mailbox.pass.number;
  let { laneLimit } = mailbox;
  let pieces = laneLimit;
  let { totals } = mailbox;
  if (mailbox.pass.phase === 'planning') {
    const planned = await planFolders(services, mailbox, keeper);
    if (planned === 'interrupted') return { kind: 'interrupted' };
    laneLimit = planned.laneLimit;
    ({ pieces, totals } = planned);
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
      totals,
      dueAt: now + WATCHDOG_MS,
    };
  });
  if (ready?.pass.phase !== 'copying' || ready.pass.number !== pass) return { kind: 'nothing' };
  if (pieces === 0 && (await finishPass(services, key, pass)) === 'finished') return { kind: 'nothing' };
  return { kind: 'ready', pass, lanes: Math.max(1, Math.min(laneLimit, pieces)) };
}
