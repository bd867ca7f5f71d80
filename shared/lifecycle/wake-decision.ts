import type { MailboxStatus } from '../migration/mailbox-status.ts';
import type { Lane } from '../state/lane-repository.ts';
import type { MailboxRecord } from '../state/mailbox-repository.ts';
import { applyEvent, withoutDue } from './apply-event.ts';
import { isLive } from './live-lanes.ts';

/** Ms until the timer looks again at a mailbox that it woke, or that somebody works on. */
export const WATCHDOG_MS = 90_000;

export type WakeDecision =
  /** Not due (any more): nothing is written. */
  | { readonly kind: 'leave' }
  /** Write the record; nobody is to be woken. */
  | { readonly kind: 'write'; readonly record: MailboxRecord }
  /** Write the record, then send a wake-up to the planner. */
  | { readonly kind: 'plan'; readonly record: MailboxRecord }
  /** Write the record, then send as many wake-ups to workers as the mailbox may have lanes. */
  | { readonly kind: 'copy'; readonly record: MailboxRecord }
  /** Somebody asked it to stop: see whether that is done, and tell the lanes again if not. */
  | { readonly kind: 'finish-stop'; readonly record: MailboxRecord };

export interface WakeContext {
  /** Ms since the epoch. */
  readonly now: number;
  /** Whose leases count. */
  readonly epoch: string;
  /** After a restart: look at all that is pending, not only at what is due. */
  readonly all: boolean;
}

/** What the timer does with a mailbox; pure, so that it can be decided again under the write. */
export function decideWake(
  record: MailboxRecord,
  lanes: readonly Lane[],
  context: WakeContext,
): WakeDecision {
  const { now } = context;
  const { dueAt } = record;
  if (dueAt === undefined) return { kind: 'leave' };
  if (dueAt > now && !(context.all && isPending(record))) return { kind: 'leave' };

  const care = CARE[record.status];
  if (care === 'rest') return { kind: 'write', record: withoutDue(record) };
  if (care === 'stop') return { kind: 'finish-stop', record: { ...record, dueAt: now + WATCHDOG_MS } };
  if (care === 'wake') return wake(record, lanes, context);
  const until = record.throttledUntil ?? now;
  if (until > now) return { kind: 'write', record: { ...record, dueAt: until } };
  const over = applyEvent(record, { type: 'throttle-over' }, now);
  return over.ok ? wake(over.record, lanes, context) : { kind: 'leave' };
}

/** What a mailbox of each status needs once its time has come. */
const CARE: Readonly<Record<MailboxStatus, 'wake' | 'throttle' | 'stop' | 'rest'>> = {
  starting: 'wake',
  queued: 'wake',
  syncing: 'wake',
  synced: 'wake',
  throttled: 'throttle',
  'needs-attention': 'rest',
  'waiting-for-user': 'rest',
  stopping: 'stop',
  stopped: 'rest',
  failed: 'rest',
  closed: 'rest',
};

/**
 * The watchdog's time is part of the same write: if the message is lost, or we die before it, we look again. The
 * wish for a periodic pass is written too, so that a doubled message finds it granted.
 */
function wake(record: MailboxRecord, lanes: readonly Lane[], { now, epoch }: WakeContext): WakeDecision {
  const watched = { ...record, dueAt: now + WATCHDOG_MS };
  if (lanes.some((lane) => isLive(lane, now, epoch))) return { kind: 'write', record: watched };
  // What is only starting goes by the planner, which moves it on before any lane may work.
  if (record.pass.phase === 'copying' && record.status !== 'starting')
    return { kind: 'copy', record: watched };
  if (record.status !== 'synced' || record.pass.phase !== 'idle' || record.requestedPass === true) {
    return { kind: 'plan', record: watched };
  }
  return {
    kind: 'plan',
    record: { ...watched, requestedPass: true, pass: { ...record.pass, trigger: 'timer' } },
  };
}

/** Everything but a mailbox that merely waits for its next periodic look, or for the end of a throttle. */
function isPending(record: MailboxRecord): boolean {
  if (record.status === 'throttled') return false;
  return !(record.status === 'synced' && record.pass.phase === 'idle');
}
