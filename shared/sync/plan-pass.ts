import { lanesOf } from '../lifecycle/lanes-of.ts';
import { WATCHDOG_MS } from '../lifecycle/wake-decision.ts';
import { workEnded } from '../lifecycle/work-ended.ts';
import type { MailSelection } from '../migration/selection/mail-selection.ts';
import { transition } from '../migration/status-transition.ts';
import type { PassMessage } from '../queue/queue-messages.ts';
import type { Services } from '../services.ts';
import { noProgress } from '../state/lane-record.ts';
import type { Released } from '../state/lane-repository.ts';
import type { MailboxKey, MailboxRecord } from '../state/mailbox-record.ts';
import { beginPass } from './begin-pass.ts';
import { ANSWER_DEADLINE_MS, BothEnds } from './both-ends.ts';
import { finishPass } from './finish-pass.ts';
import { HEARD_AGAIN_SECONDS, withoutWaiting } from './host-line.ts';
import { HostSlots } from './host-slots.ts';
import type { InvocationBudget } from './invocation-budget.ts';
import { keepLane, LEASE_MS, type LaneKeeper } from './lane-keeper.ts';
import { readAccess } from './mailbox-access.ts';
import { planFolders } from './plan-folders.ts';
import { recordDoubts } from './record-doubts.ts';
import { readSelection } from './read-selection.ts';
import { recordFault } from './record-fault.ts';

/** A pass that can be worked on. */
export interface ReadyPass {
  readonly pass: number;
  /** So many lanes have something to do. */
  readonly lanes: number;
  /** As it was planned. */
  readonly mailbox: MailboxRecord;
  /** The connections that it was planned with, now the caller's; undefined when there was nothing to plan any more. */
  readonly ends: BothEnds | undefined;
}

/**
 * Takes one look over one mailbox: what folders there are, what is new in them, and what must be done. Writes the
 * pages and their work items. Planning that died is planned again; nothing is counted twice,
 * since a page's number and UIDs follow from the pages that are already there.
 *
 * @param options.goesOn whoever plans works on it, too, at once: the mailbox waits for nobody
 * @returns undefined when there is nothing to do, or nothing yet; otherwise lanes are to be woken
 */
export async function planPass(
  services: Services,
  message: PassMessage,
  budget: InvocationBudget,
  options: { goesOn?: boolean } = {},
): Promise<ReadyPass | undefined> {
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
  if (lease === undefined) {
    // Who gets in line for a connection has its lease a moment longer: it must not miss that there is one.
    const mailbox = await state.mailboxes.get(key.tenant, key.mailboxId);
    if (mailbox?.waitingFor !== undefined) {
      await services.queues.sendPasses([message], { delaySeconds: HEARD_AGAIN_SECONDS });
    }
    return undefined;
  }
  const keeper = keepLane(state.lanes, lease, {
    clock,
    budget,
    askedAt,
    renewMs: environment.renewMs,
    progress: noProgress(),
  });
  let outcome: Planned = { kind: 'nothing' };
  let released: Released;
  try {
    const begun = await beginPass(services, key);
    if (begun !== undefined) outcome = await plan(services, begun, keeper, options);
  } catch (error) {
    if (budget.signal.aborted) outcome = { kind: 'interrupted' };
    else await recordFault(services, key, keeper.signal.aborted ? keeper.signal.reason : error);
  } finally {
    released = await keeper.release();
  }
  // Whoever stops a mailbox tells all who work on it, so that a planner who was not told has nothing to end.
  if (outcome.kind !== 'ready' || released !== 'freed') await workEnded(services, key);
  if (outcome.kind === 'interrupted' && !keeper.stopRequested()) {
    await services.queues.sendPasses([{ v: 1, ...key, reason: 'resume' }]);
  }
  // Lanes do not work while somebody plans: only now that the planner's lease is free can they be woken.
  return outcome.kind === 'ready' ? outcome : undefined;
}

/** Messages that are worth a lane of their own: a lane is a sign-in at each end, which takes as long as these. */
const MESSAGES_PER_LANE = 100;
/** The same for work on folders in which there is little to do. */
const PIECES_PER_LANE = 4;

function lanesWorthwhile(pieces: number, messages: number): number {
  const wanted = Math.max(messages / MESSAGES_PER_LANE, pieces / PIECES_PER_LANE);
  return Math.max(1, Math.min(pieces, Math.ceil(wanted)));
}

type Planned =
  | { readonly kind: 'nothing' }
  /** Time is up before all was planned. */
  | { readonly kind: 'interrupted' }
  | (ReadyPass & { readonly kind: 'ready' });

async function plan(
  services: Services,
  { isNew, mailbox }: { isNew: boolean; mailbox: MailboxRecord },
  keeper: LaneKeeper,
  options: { goesOn?: boolean },
): Promise<Planned> {
  const key: MailboxKey = { tenant: mailbox.tenant, mailboxId: mailbox.mailboxId };
  const pass = mailbox.pass.number;
  let { totals, oneLane = false } = mailbox;
  let pieces = Number.POSITIVE_INFINITY;
  let retriesLeft = mailbox.pass.phase !== 'planning';
  let ends: BothEnds | undefined;
  let selection: MailSelection = {};
  if (mailbox.pass.phase === 'planning') {
    const wait = { signal: keeper.signal, deadlineMs: ANSWER_DEADLINE_MS };
    const isFirst = isNew && pass === 1;
    const [access, wanted] = await Promise.all([
      readAccess(services, mailbox),
      readSelection(services, mailbox),
      isFirst ? undefined : recordDoubts(services, key),
    ]);
    selection = wanted;
    const slots = await HostSlots.take(services, key, access, { isFirst: true });
    ends = await BothEnds.open(services, access, wait, slots);
  }
  try {
    if (ends !== undefined) {
      const planned = await planFolders(services, mailbox, keeper, ends, { afterFinished: isNew, selection });
      if (planned === 'interrupted') return { kind: 'interrupted' };
      ({ oneLane, pieces, retriesLeft, totals } = planned);
    }
    const now = services.clock.now();
    const goesOn = options.goesOn === true && ends !== undefined && pieces > 0;
    const copying = (record: MailboxRecord): MailboxRecord | undefined => {
      if (record.pass.number !== pass || record.pass.phase === 'idle') return undefined;
      const planned = transition(record.status, { type: 'planned' });
      const step = planned.ok && goesOn ? transition(planned.status, { type: 'work-began' }) : planned;
      if (!step.ok) return undefined;
      const { retryAsked, ...rest } = ends === undefined ? record : withoutWaiting(record);
      // A wish that came while this was planned may have been seen or not: then the next pass looks again.
      const isLeft = retriesLeft || retryAsked !== mailbox.retryAsked;
      return {
        ...rest,
        ...(retryAsked !== undefined && isLeft && { retryAsked, requestedPass: true }),
        status: step.status,
        statusSince: step.status === record.status ? record.statusSince : now,
        pass: { ...record.pass, phase: 'copying' },
        oneLane,
        totals,
        dueAt: now + WATCHDOG_MS,
      };
    };
    const ready = await services.state.mailboxes.change(key.tenant, key.mailboxId, copying, mailbox);
    if (ready?.pass.phase !== 'copying' || ready.pass.number !== pass) return { kind: 'nothing' };
    if (pieces === 0 && (await finishPass(services, ready, { alone: true })) === 'finished')
      return { kind: 'nothing' };
    const lanes = Math.min(lanesOf(ready, services), lanesWorthwhile(pieces, totals.pending));
    const outcome = { kind: 'ready', pass, lanes, mailbox: ready, ends } as const;
    ends = undefined;
    return outcome;
  } catch (error) {
    await ends?.abandon();
    ends = undefined;
    throw error;
  } finally {
    await ends?.close();
  }
}
