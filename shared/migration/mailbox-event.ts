import type { FailureReason } from './failure-reason.ts';

/** Everything that can move a mailbox from one status to another. */
export type MailboxEvent =
  /** An admin starts it, or starts it again. */
  | { type: 'start' }
  /** The planner has put the chunks of a pass on the queue. */
  | { type: 'planned' }
  /** A lane took the first chunk. */
  | { type: 'work-began' }
  | { type: 'pass-finished' }
  /** A server asked to wait; `until` is ms since the epoch. */
  | { type: 'throttled'; until: number }
  | { type: 'throttle-over' }
  /** An admin can mend it. */
  | { type: 'attention'; reason: FailureReason }
  | { type: 'credential-missing' }
  | { type: 'credential-given' }
  /** An admin stops it. */
  | { type: 'stop' }
  /** Nobody works on it any more. */
  | { type: 'work-ended' }
  /** Nothing but a fresh start can mend it. */
  | { type: 'fail'; reason: FailureReason }
  | { type: 'close' };

export type MailboxEventType = MailboxEvent['type'];

export const MAILBOX_EVENT_TYPES = [
  'start',
  'planned',
  'work-began',
  'pass-finished',
  'throttled',
  'throttle-over',
  'attention',
  'credential-missing',
  'credential-given',
  'stop',
  'work-ended',
  'fail',
  'close',
] as const satisfies readonly MailboxEventType[];
