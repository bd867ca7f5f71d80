import { ImapError, ThrottledError } from '../imap/errors.ts';
import { LeaseLapsedError } from '../imap/transfer/errors.ts';
import type { RefusalCode } from '../imap/refusal-code.ts';
import type { FailureReason } from '../migration/failure-reason.ts';
import { StaleWriteError, StateUnavailableError } from '../state/errors.ts';
import {
  CredentialMissingError,
  DailyVolumeError,
  DestinationClaimedTwiceError,
  DestinationFullError,
  DestinationReplacedError,
  EndpointMissingError,
  HostBusyError,
  LeaseLostError,
  LedgerMismatchError,
  SourceRootMissingError,
} from './errors.ts';

/** What a fault means for the mailbox. */
export type Fault =
  /** Somebody else goes on, or the table is away: the timer wakes the mailbox. */
  | { readonly kind: 'leave' }
  | { readonly kind: 'throttled'; readonly error: ThrottledError }
  /** The account has moved what it may in a day. */
  | { readonly kind: 'volume-used'; readonly error: DailyVolumeError }
  /** It waits in line for a connection. */
  | { readonly kind: 'host-busy'; readonly error: HostBusyError }
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
  if (error instanceof DailyVolumeError) return { kind: 'volume-used', error };
  if (error instanceof HostBusyError) return { kind: 'host-busy', error };
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
  if (error instanceof SourceRootMissingError) {
    return { kind: 'attention', reason: 'user-root-missing', detail: error.message, side: 'source' };
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

/** For the history of the mailbox. */
export function describeFault(fault: Exclude<Fault, { kind: 'leave' }>): string {
  switch (fault.kind) {
    case 'throttled':
      return fault.error.serverText ?? fault.error.message;
    case 'volume-used':
    case 'host-busy':
      return fault.error.message;
    default:
      return fault.detail;
  }
}
