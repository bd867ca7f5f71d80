import { InvalidTransitionError } from './errors.ts';
import type { MailboxEvent, MailboxEventType } from './mailbox-event.ts';
import type { MailboxStatus } from './mailbox-status.ts';

/** Why an event is refused; the text goes to the admin, workers ignore it. */
const REFUSALS = {
  'too-late': 'it came too late, nothing is to be done about it',
  'wait-until-stopped': 'wait until it is stopped, then start it again',
  'not-throttled': 'no throttle is running',
  'not-stopping': 'nobody asked it to stop',
  'already-closed': 'its connection is closed for good; create a new migration for the user',
} as const;

type Refusal = keyof typeof REFUSALS;

type Row = Readonly<Record<MailboxEventType, MailboxStatus | Refusal>>;

/** Rows for the three statuses of a running first copy differ only in these cells. */
const RUNNING = {
  'pass-finished': 'synced',
  throttled: 'throttled',
  'throttle-over': 'not-throttled',
  attention: 'needs-attention',
  'credential-missing': 'waiting-for-user',
  stop: 'stopping',
  'work-ended': 'not-stopping',
  fail: 'failed',
  close: 'closed',
} as const;

/** Rows for a mailbox that nobody should be working on: what workers still report is late. */
const IDLE = {
  start: 'starting',
  planned: 'too-late',
  'work-began': 'too-late',
  'pass-finished': 'too-late',
  throttled: 'too-late',
  'throttle-over': 'not-throttled',
  attention: 'too-late',
  'credential-missing': 'waiting-for-user',
  stop: 'stopping',
  'work-ended': 'not-stopping',
  fail: 'failed',
  close: 'closed',
} as const;

/**
 * The whole status machine: status × event → next status, or why not.
 *
 * Queue messages come late and doubled, so a worker's event repeated is harmless, and one that no longer makes
 * sense is refused. While `stopping`, progress (`planned`, `work-began`, `pass-finished`) may still be recorded
 * but a wait or a complaint is refused: it would put off the stop that the admin asked for.
 */
const TRANSITIONS: Readonly<Record<MailboxStatus, Row>> = {
  starting: {
    ...RUNNING,
    start: 'starting',
    planned: 'queued',
    'work-began': 'syncing',
    'credential-given': 'starting',
  },
  queued: {
    ...RUNNING,
    start: 'queued',
    planned: 'queued',
    'work-began': 'syncing',
    'credential-given': 'queued',
  },
  syncing: {
    ...RUNNING,
    start: 'syncing',
    planned: 'syncing',
    'work-began': 'syncing',
    'credential-given': 'syncing',
  },
  synced: {
    ...RUNNING,
    start: 'synced',
    planned: 'synced',
    'work-began': 'synced',
    'credential-given': 'synced',
  },
  throttled: {
    ...IDLE,
    throttled: 'throttled',
    'throttle-over': 'queued',
    attention: 'needs-attention',
    'credential-given': 'throttled',
  },
  'needs-attention': {
    ...IDLE,
    attention: 'needs-attention',
    'credential-given': 'starting',
  },
  'waiting-for-user': {
    ...IDLE,
    'credential-given': 'starting',
  },
  stopping: {
    ...IDLE,
    start: 'wait-until-stopped',
    planned: 'stopping',
    'work-began': 'stopping',
    'pass-finished': 'stopping',
    'credential-missing': 'too-late',
    'credential-given': 'stopping',
    'work-ended': 'stopped',
    fail: 'too-late',
  },
  stopped: {
    ...IDLE,
    'credential-missing': 'too-late',
    'credential-given': 'stopped',
    stop: 'stopped',
    fail: 'too-late',
  },
  failed: {
    ...IDLE,
    'credential-missing': 'too-late',
    'credential-given': 'failed',
  },
  closed: {
    start: 'already-closed',
    planned: 'already-closed',
    'work-began': 'already-closed',
    'pass-finished': 'already-closed',
    throttled: 'already-closed',
    'throttle-over': 'already-closed',
    attention: 'already-closed',
    'credential-missing': 'already-closed',
    'credential-given': 'already-closed',
    stop: 'already-closed',
    'work-ended': 'already-closed',
    fail: 'already-closed',
    close: 'closed',
  },
};

/** `changed` is false where the event is allowed and the status stays. */
export type Transition =
  | { ok: true; status: MailboxStatus; changed: boolean }
  | { ok: false; error: InvalidTransitionError };

/** Total and without side effects; a refusal is a value, never an exception. */
export function transition(status: MailboxStatus, event: MailboxEvent): Transition {
  const cell = TRANSITIONS[status][event.type];
  if (isRefusal(cell)) {
    return { ok: false, error: new InvalidTransitionError(status, event.type, REFUSALS[cell]) };
  }
  return { ok: true, status: cell, changed: cell !== status };
}

function isRefusal(cell: MailboxStatus | Refusal): cell is Refusal {
  return Object.hasOwn(REFUSALS, cell);
}
