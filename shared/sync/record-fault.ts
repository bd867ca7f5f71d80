import { ImapError, ThrottledError } from '../imap/errors.ts';
import { LeaseLapsedError } from '../imap/transfer/errors.ts';
import type { RefusalCode } from '../imap/refusal-code.ts';
import type { FailureReason } from '../migration/failure-reason.ts';
import type { MailboxEvent } from '../migration/mailbox-event.ts';
import { retryDelay } from '../migration/retry-policy.ts';
import { transition } from '../migration/status-transition.ts';
import { throttleUntil } from '../migration/throttle-policy.ts';
import type { Services } from '../services.ts';
import { StaleWriteError, StateUnavailableError } from '../state/errors.ts';
import type { MailboxKey, MailboxRecord } from '../state/mailbox-record.ts';
import {
  CredentialMissingError,
  DestinationClaimedTwiceError,
  DestinationFullError,
  DestinationReplacedError,
  EndpointMissingError,
  LeaseLostError,
  LedgerMismatchError,
} from './errors.ts';

/** After so many wakes in a row that failed alike, a person is asked. */
const MAX_FAILURES = 6;

/** What a fault means for the mailbox. */
export type Fault =
  /** Somebody else goes on, or the table is away: the timer wakes the mailbox. */
  | { readonly kind: 'leave' }
  | { readonly kind: 'throttled'; readonly error: ThrottledError }
  | ({ readonly kind: 'retry' } & Trouble)
  | ({ readonly kind: 'attention' } & Trouble)
  | { readonly kind: 'credential-missing'; readonly detail: string; readonly side: Side };

type Side = 'source' | 'destination';

interface Trouble {
  readonly reason: FailureReason;
  readonly detail: string;
  readonly side?: Side;
  readonly refusal?: RefusalCode;
}

export function classifyFault(error: unknown): Fault {
  if (error instanceof ThrottledError) return { kind: 'throttled', error };
  if (error instanceof ImapError) {
    const fault = {
      reason: error.reason,
      detail: error.serverText ?? error.message,
      ...(error.side && { side: error.side }),
      ...(error.refusal && { refusal: error.refusal }),
    };
    return { kind: error.retryable ? 'retry' : 'attention', ...fault };
  }
  if (error instanceof LeaseLostError || error instanceof LeaseLapsedError) return { kind: 'leave' };
  if (error instanceof StaleWriteError || error instanceof StateUnavailableError) return { kind: 'leave' };
  if (error instanceof DestinationReplacedError) {
    return { kind: 'attention', reason: 'folder-refused', detail: error.message, side: 'destination' };
  }
  if (error instanceof DestinationFullError) {
    return { kind: 'attention', reason: 'over-quota', detail: error.serverText, side: 'destination' };
  }
  if (error instanceof CredentialMissingError) {
    return { kind: 'credential-missing', detail: error.message, side: error.side };
  }
  if (error instanceof EndpointMissingError) {
    return { kind: 'attention', reason: 'internal', detail: error.message, side: error.side };
  }
  if (error instanceof LedgerMismatchError) {
    return { kind: 'attention', reason: 'ledger-mismatch', detail: error.message };
  }
  if (error instanceof DestinationClaimedTwiceError) {
    return { kind: 'attention', reason: 'ledger-double-claim', detail: error.message };
  }
  return {
    kind: 'retry',
    reason: 'internal',
    detail: error instanceof Error ? error.message : 'unknown error',
  };
}

/**
 * Writes what a fault means into the mailbox: a status people see and the time at which it is looked at again.
 *
 * @param run.progressed whether the worker had moved anything before: failures and throttles then count anew
 * @param run.failuresBefore as they were when the worker began: who began beside it and met the same counts once
 */
export async function recordFault(
  services: Services,
  key: MailboxKey,
  error: unknown,
  run: { progressed: boolean; failuresBefore?: number } = { progressed: false },
): Promise<Fault> {
  const fault = classifyFault(error);
  services.logger.warn('mailbox fault', {
    tenant: key.tenant,
    mailboxId: key.mailboxId,
    fault: fault.kind,
    error: error instanceof Error ? error.name : 'unknown',
    reason: 'reason' in fault ? fault.reason : undefined,
    detail: error instanceof Error ? error.message : undefined,
    stack: error instanceof Error ? error.stack : undefined,
  });
  if (fault.kind === 'leave') return fault;
  const { clock, random, state } = services;
  const changed = await state.mailboxes.change(key.tenant, key.mailboxId, (record) =>
    applyFault(record, fault, { now: clock.now(), random, ...run }),
  );
  if (changed !== undefined) {
    await state.events.add(key, { at: clock.now(), type: fault.kind, text: describe(fault) });
  }
  return fault;
}

function describe(fault: Exclude<Fault, { kind: 'leave' }>): string {
  switch (fault.kind) {
    case 'throttled':
      return fault.error.serverText ?? fault.error.message;
    default:
      return fault.detail;
  }
}

function applyFault(
  record: MailboxRecord,
  fault: Exclude<Fault, { kind: 'leave' }>,
  at: { now: number; random: () => number; progressed: boolean; failuresBefore?: number },
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
        { throttledUntil: until, consecutiveThrottles: consecutive, dueAt: until },
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

/** A mailbox that waits for a person is not looked at by the timer. */
function withoutDue(record: MailboxRecord | undefined): MailboxRecord | undefined {
  if (record === undefined) return undefined;
  const { dueAt: _dueAt, ...rest } = record;
  return rest;
}
