import { randomUUID } from 'node:crypto';
import { describeFailure, type FailureReason } from '../../migration/failure-reason.ts';
import { CommandRefusedError, ImapError, type ImapSide, TlsError } from '../errors.ts';
import type { RefusalCode } from '../refusal-code.ts';
import type { AddressPolicy, HostResolver } from '../session/address-policy.ts';
import type { CredentialSource } from '../session/credential-source.ts';
import type { ImapEndpoint } from '../session/imap-endpoint.ts';
import type { ImapSession } from '../session/open-session.ts';
import { openSignedIn } from '../session/open-signed-in.ts';
import type { Wait } from '../wire/wait.ts';
import { traitsOf } from './capability-traits.ts';
import type { ConnectionStep, ConnectionVerdict, StepOutcome } from './connection-verdict.ts';
import { type CreateRight, probeCreateRight } from './probe-create-right.ts';
import { type MailboxQuota, readQuota } from './read-quota.ts';
import { StepLog } from './step-log.ts';

export interface ConnectionTestOptions {
  side: ImapSide;
  addressPolicy: AddressPolicy;
  /** Ends the test early; then it throws the signal's reason. */
  signal?: AbortSignal;
  /** For everything together, in ms. */
  totalMs?: number;
  resolver?: HostResolver;
  /** Monotonic, in ms. */
  now?: () => number;
  /** Told of each step as it ends. */
  onStep?: (outcome: StepOutcome) => void;
  /** Different each time: part of the name of a folder that is made and removed again. */
  uniqueId?: () => string;
}

const TOTAL_MS = 9_500;
/** For each of: name, TCP, TLS, greeting. */
const CONNECT_MS = 4_000;
/** Against guessing, Courier lets five seconds pass before it refuses a password, Cyrus three. */
const ANSWER_MS = 7_000;

/** Steps in which a connected server is silent, rather than not there. */
const ANSWERING: ReadonlySet<ConnectionStep> = new Set(['login', 'namespace', 'folders', 'quota', 'create']);

/**
 * Tries an account in less than ten seconds and says which step failed and what to do. A fault of the server or of
 * the settings is a verdict, never an exception. At a destination a folder may be made, and is removed again.
 */
export async function testConnection(
  endpoint: ImapEndpoint,
  source: CredentialSource,
  options: ConnectionTestOptions,
): Promise<ConnectionVerdict> {
  const { now = () => performance.now(), onStep = () => undefined, totalMs = TOTAL_MS } = options;
  const log = new StepLog(endpoint.security, options.side, { asksFirst: source.asksFirst, now, onStep });
  const verdict: ConnectionVerdict = { ok: false, steps: [] };
  const timeUp = AbortSignal.timeout(totalMs);
  const wait: Wait = {
    signal: options.signal ? AbortSignal.any([options.signal, timeUp]) : timeUp,
    deadlineMs: ANSWER_MS,
  };
  try {
    const session = await openSignedIn(endpoint, source, {
      side: options.side,
      wait,
      connectTimeoutMs: CONNECT_MS,
      addressPolicy: options.addressPolicy,
      ...(options.resolver ? { resolver: options.resolver } : {}),
      onStep: (step, detail) => log.ok(step, detail),
      onCertificate: (certificate) => {
        verdict.certificate = certificate;
      },
    });
    try {
      await lookAround(session, verdict, log, options, wait);
      verdict.ok = true;
    } finally {
      session.close();
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    recordFailure(verdict, log, error, timeUp.aborted ? totalMs : undefined);
  }
  verdict.steps = log.outcomes;
  return verdict;
}

async function lookAround(
  session: ImapSession,
  verdict: ConnectionVerdict,
  log: StepLog,
  { side, uniqueId = randomUUID }: ConnectionTestOptions,
  wait: Wait,
): Promise<void> {
  verdict.capabilities = [...session.capabilities].toSorted();
  verdict.traits = traitsOf(side, session.capabilities);
  log.ok('capabilities', `${verdict.capabilities.length} capabilities.`);
  const told = await session.readNamespace(wait);
  log.ok('namespace', describeNamespace(told));
  const { folders, namespace } = await session.listFolders(wait);
  verdict.namespace = namespace;
  verdict.folderCount = folders.filter(({ selectable }) => selectable).length;
  log.ok('folders', `${verdict.folderCount} folders.`);
  if (side === 'source' && !session.capabilities.has('QUOTA')) {
    log.ok('quota', describeQuota(undefined));
    return;
  }
  const connection = session.takeOver(wait);
  try {
    const quota = await readQuota(connection, wait);
    if (quota !== undefined) verdict.quota = quota;
    if (side === 'destination' && isFull(quota)) throw new MailboxFullError(quota);
    log.ok('quota', describeQuota(quota));
    if (side === 'source') return;
    const right = await probeCreateRight(connection, namespace, uniqueId(), wait);
    if ('left' in right) verdict.leftFolder = right.left;
    log.ok('create', describeRight(right));
  } finally {
    // Nothing depends on the answer.
    void connection.logout({ signal: wait.signal, deadlineMs: 1_000 });
  }
}

function isFull(quota: MailboxQuota | undefined): quota is MailboxQuota {
  return quota !== undefined && quota.usedBytes >= quota.limitBytes;
}

/** The destination can take nothing more; found out before it refuses the first message. */
class MailboxFullError extends CommandRefusedError {
  constructor(quota: MailboxQuota) {
    super({ status: 'NO', command: 'GETQUOTAROOT', serverText: describeQuota(quota), reason: 'over-quota' });
  }
}

function describeNamespace({ prefix, delimiter }: { prefix: string; delimiter: string }): string {
  const begins = prefix === '' ? 'Folders begin at the top' : `Folders begin below ${JSON.stringify(prefix)}`;
  return delimiter === '' ? `${begins}.` : `${begins}, divided by ${JSON.stringify(delimiter)}.`;
}

function describeQuota(quota: MailboxQuota | undefined): string {
  if (quota === undefined) return 'The server tells no quota.';
  return `${megabytes(quota.usedBytes)} of ${megabytes(quota.limitBytes)} MB are used.`;
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1);
}

function describeRight(right: CreateRight): string {
  if (right.by === 'rights') return 'The server says that folders may be created.';
  if (!('left' in right)) return 'A folder was created and removed again.';
  return `A folder was created and could not be removed: ${JSON.stringify(right.left)} (${right.because}). Remove it by hand.`;
}

function recordFailure(
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
