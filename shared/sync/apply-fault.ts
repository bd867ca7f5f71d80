import type { ThrottledError } from '../imap/errors.ts';
import type { MailboxEvent } from '../migration/mailbox-event.ts';
import { paceAt, slowedPace } from '../migration/pace.ts';
import { retryDelay } from '../migration/retry-policy.ts';
import { transition } from '../migration/status-transition.ts';
import { throttleUntil } from '../migration/throttle-policy.ts';
import type { MailboxRecord } from '../state/mailbox-record.ts';
import { describeFault, type Fault } from './fault.ts';

/** After so many wakes in a row that failed alike, a person is asked. */
const MAX_FAILURES = 6;

/** Ms until a mailbox in line for a connection is looked at, should nobody wake it; it keeps its place. */
export const LINE_WATCHDOG_MS = 300_000;

/** What the worker that met a fault had done before. */
export interface FaultyRun {
  /** It had moved something: failures and throttles then count anew. */
  readonly progressed: boolean;
  /** As they were when the worker began: who began beside it and met the same counts once. */
  readonly failuresBefore?: number;
  /** Messages that all lanes sent, as far as it can tell; 0 when it cannot. */
  readonly perSecond?: number;
}

/** The record after the fault; undefined when that changes nothing, or comes too late. */
export function applyFault(
  record: MailboxRecord,
  fault: Exclude<Fault, { kind: 'leave' }>,
  at: FaultyRun & { readonly now: number; readonly random: () => number; readonly lanes: number },
): MailboxRecord | undefined {
  const move = (event: MailboxEvent, changes: Partial<MailboxRecord>): MailboxRecord | undefined => {
    const step = transition(record.status, event);
    if (!step.ok) return undefined;
    return {
      ...record,
      ...changes,
      status: step.status,
      statusSince: step.changed ? at.now : record.statusSince,
    };
  };
  switch (fault.kind) {
    case 'throttled': {
      // The other lanes of a throttled mailbox are told the same: that is one throttle, not several.
      const known = record.status === 'throttled';
      const consecutive = known
        ? record.consecutiveThrottles
        : (at.progressed ? 0 : record.consecutiveThrottles) + 1;
      const wanted = throttleUntil({
        now: at.now,
        consecutive,
        random: at.random,
        ...(fault.error.namedByServer && { suggestedMs: fault.error.waitMs }),
      });
      const until = known ? Math.max(wanted, record.throttledUntil ?? 0) : wanted;
      return move(
        { type: 'throttled', until },
        {
          throttledUntil: until,
          consecutiveThrottles: consecutive,
          dueAt: until,
          reason: {
            code: 'throttled',
            detail: describeFault(fault),
            ...(fault.error.side && { side: fault.error.side }),
            ...(fault.error.refusal && { refusal: fault.error.refusal }),
          },
          ...(known ? undefined : gentler(record, fault.error.limit, until, at)),
        },
      );
    }
    case 'volume-used': {
      const { side, until } = fault.error;
      return move(
        { type: 'throttled', until },
        {
          throttledUntil: until,
          dueAt: until,
          reason: { code: 'daily-volume', detail: describeFault(fault), side },
        },
      );
    }
    case 'host-busy': {
      // Nobody complains: the status stays, but for a mailbox that has not been planned yet.
      if (record.status === 'stopping') return undefined;
      const { host, side } = fault.error;
      const since = record.waitingFor?.since ?? at.now;
      return move(
        { type: 'planned' },
        { waitingFor: { side, host, since }, dueAt: at.now + LINE_WATCHDOG_MS },
      );
    }
    case 'credential-missing':
      return withoutDue(
        move(
          { type: 'credential-missing' },
          { reason: { code: 'credential-missing', detail: fault.detail, side: fault.side } },
        ),
      );
    case 'attention':
      return withoutDue(
        move(
          { type: 'attention', reason: fault.reason },
          {
            reason: {
              code: fault.reason,
              detail: fault.detail,
              ...(fault.side && { side: fault.side }),
              ...(fault.refusal && { refusal: fault.refusal }),
            },
            // Started again, the folder whose books do not balance is looked through from its beginning.
            ...(fault.reason === 'ledger-mismatch' && { pass: { ...record.pass, phase: 'planning' } }),
          },
        ),
      );
    case 'retry': {
      // Stopped, throttled or waiting for a person meanwhile: that decides when it is looked at again.
      if (!transition(record.status, { type: 'attention', reason: fault.reason }).ok) return undefined;
      if (record.status === 'throttled' || record.status === 'needs-attention') return undefined;
      if (record.failures > (at.failuresBefore ?? record.failures)) return undefined;
      const failures = (at.progressed ? 0 : record.failures) + 1;
      if (failures >= MAX_FAILURES) return applyFault(record, { ...fault, kind: 'attention' }, at);
      return { ...record, failures, dueAt: at.now + retryDelay(failures, at.random) };
    }
  }
}

/** How long a mailbox whose connections were too many makes do with fewer (ms). */
const FEWER_LANES_MS = 3_600_000;

/** What a throttled mailbox does differently when it goes on. */
function gentler(
  record: MailboxRecord,
  limit: ThrottledError['limit'],
  until: number,
  at: { readonly now: number; readonly lanes: number; readonly perSecond?: number },
): Partial<MailboxRecord> {
  if (limit === 'connections') {
    const most = Math.max(1, Math.floor(at.lanes / 2));
    return { fewerLanes: { most, until: until + FEWER_LANES_MS } };
  }
  const pace = slowedPace({
    perSecond: paceAt(record.pace, at.now),
    measured: at.perSecond ?? 0,
    resumesAt: until,
  });
  return pace === undefined ? {} : { pace };
}

/** A mailbox that waits for a person is not looked at by the timer. */
function withoutDue(record: MailboxRecord | undefined): MailboxRecord | undefined {
  if (record === undefined) return undefined;
  const { dueAt: _dueAt, ...rest } = record;
  return rest;
}
