import { describeFailure, type FailureReason } from '../../migration/failure-reason.ts';
import { ImapError, TlsError } from '../errors.ts';
import type { RefusalCode } from '../refusal-code.ts';
import type { ConnectionStep, ConnectionVerdict } from './connection-verdict.ts';
import { MailboxFullError } from './mailbox-full.ts';
import type { StepLog } from './step-log.ts';

/** Steps in which a connected server is silent, rather than not there. */
const ANSWERING: ReadonlySet<ConnectionStep> = new Set(['login', 'namespace', 'folders', 'quota', 'create']);

/** Writes down at which step a test has ended, and why. @param timeUpMs how long all of it might take, once that is over */
export function recordFailure(
  verdict: ConnectionVerdict,
  log: StepLog,
  error: unknown,
  timeUpMs: number | undefined,
): void {
  const step = log.current ?? 'folders';
  const { reason, detail, serverText, refusal } = diagnose(step, error, timeUpMs);
  log.fail(step, detail);
  verdict.failed = {
    step,
    reason,
    ...describeFailure(reason),
    ...(serverText === undefined ? {} : { serverText }),
    ...(refusal === undefined ? {} : { refusal }),
  };
  if (error instanceof TlsError && verdict.certificate !== undefined) {
    verdict.certificate = { ...verdict.certificate, problem: error.problem };
  }
}

function diagnose(
  step: ConnectionStep,
  error: unknown,
  timeUpMs: number | undefined,
): {
  reason: FailureReason;
  detail: string;
  serverText?: string | undefined;
  refusal?: RefusalCode | undefined;
} {
  if (error instanceof MailboxFullError) return { reason: error.reason, detail: error.serverText };
  if (error instanceof ImapError) {
    const { reason, message, serverText, refusal } = error;
    return { reason, detail: message, serverText, refusal };
  }
  if (timeUpMs !== undefined) {
    return {
      reason: timeUpReason(step),
      detail: `The test was ended after ${Math.round(timeUpMs / 1000)} seconds.`,
    };
  }
  // The message of an unforeseen error might hold anything, so only its class is shown.
  return { reason: 'internal', detail: error instanceof Error ? error.name : 'unknown' };
}

function timeUpReason(step: ConnectionStep): FailureReason {
  if (step === 'token') return 'token-unavailable';
  return ANSWERING.has(step) ? 'command-timeout' : 'connection-timeout';
}
