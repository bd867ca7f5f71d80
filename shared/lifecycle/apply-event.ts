import type { InvalidTransitionError } from '../migration/errors.ts';
import type { MailboxEvent } from '../migration/mailbox-event.ts';
import type { MailboxStatus } from '../migration/mailbox-status.ts';
import { transition } from '../migration/status-transition.ts';
import type { MailboxRecord } from '../state/mailbox-repository.ts';

export type AppliedEvent =
  | { readonly ok: true; readonly changed: boolean; readonly record: MailboxRecord }
  | { readonly ok: false; readonly error: InvalidTransitionError };

/**
 * Moves a mailbox's record by an event of its status machine and keeps the fields that belong to a status in step:
 * a reason stays only while the status explains itself by it, a throttle's end only while it is throttled.
 */
export function applyEvent(record: MailboxRecord, event: MailboxEvent, now: number): AppliedEvent {
  const step = transition(record.status, event);
  if (!step.ok) return step;
  if (!step.changed) return { ok: true, changed: false, record };
  const { reason, throttledUntil, ...rest } = record;
  const explains = EXPLAINED.has(step.status);
  const throttle = event.type === 'throttled' ? event.until : throttledUntil;
  return {
    ok: true,
    changed: true,
    record: {
      ...rest,
      ...(explains && reason !== undefined ? { reason } : {}),
      ...(step.status === 'throttled' && throttle !== undefined ? { throttledUntil: throttle } : {}),
      status: step.status,
      statusSince: now,
    },
  };
}

const EXPLAINED: ReadonlySet<MailboxStatus> = new Set([
  'needs-attention',
  'failed',
  'waiting-for-user',
  'throttled',
]);

/** The record without a time at which the timer looks at it. */
export function withoutDue(record: MailboxRecord): MailboxRecord {
  const { dueAt: _dueAt, ...rest } = record;
  return rest;
}
