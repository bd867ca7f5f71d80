import { describeFailure, type FailureReason } from '../../migration/failure-reason.ts';
import { ImapError, type ImapSide } from '../errors.ts';
import type { RefusalCode } from '../refusal-code.ts';
import type { Wait } from '../wire/wait.ts';
import type { AddressPolicy, HostResolver } from './address-policy.ts';
import type { CredentialSource } from './credential-source.ts';
import type { ImapEndpoint } from './imap-endpoint.ts';
import { openSignedIn } from './open-signed-in.ts';

type ConnectionTestStep = 'token' | 'name' | 'tcp' | 'tls' | 'greeting' | 'login' | 'folders';

export interface ConnectionVerdict {
  ok: boolean;
  /** In the order in which they were taken; the last one is the one that failed, if any. */
  steps: Array<{ step: ConnectionTestStep; ok: boolean; detail: string; ms: number }>;
  failed?: {
    step: ConnectionTestStep;
    reason: FailureReason;
    /** In general, translated by `reason`; what exactly happened is the `detail` of the step. */
    summary: string;
    remedy: string;
    /** The server's own words. */
    serverText?: string;
    /** Where this provider's own words and remedy for it are known. */
    refusal?: RefusalCode;
  };
  folderCount?: number;
  capabilities?: string[];
}

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
}

const TOTAL_MS = 9_500;
const PER_STEP_MS = 4_000;

const TIME_UP_REASONS: Readonly<Record<ConnectionTestStep, FailureReason>> = {
  token: 'token-unavailable',
  name: 'connection-timeout',
  tcp: 'connection-timeout',
  tls: 'connection-timeout',
  greeting: 'connection-timeout',
  login: 'command-timeout',
  folders: 'command-timeout',
};

/** STARTTLS greets before it encrypts, and plain text has nothing to encrypt. */
const STEPS: Readonly<Record<ImapEndpoint['security'], readonly ConnectionTestStep[]>> = {
  tls: ['name', 'tcp', 'tls', 'greeting', 'login', 'folders'],
  starttls: ['name', 'tcp', 'greeting', 'tls', 'login', 'folders'],
  insecure: ['name', 'tcp', 'greeting', 'login', 'folders'],
};

/**
 * Tries an account in less than ten seconds and says which step failed and what to do. A fault of the server or of
 * the settings is a verdict, never an exception.
 */
export async function testConnection(
  endpoint: ImapEndpoint,
  source: CredentialSource,
  options: ConnectionTestOptions,
): Promise<ConnectionVerdict> {
  const { now = () => performance.now(), totalMs = TOTAL_MS } = options;
  const order = source.asksFirst
    ? (['token', ...STEPS[endpoint.security]] as const)
    : STEPS[endpoint.security];
  const verdict: ConnectionVerdict = { ok: false, steps: [] };
  const timeUp = AbortSignal.timeout(totalMs);
  const wait: Wait = {
    signal: options.signal ? AbortSignal.any([options.signal, timeUp]) : timeUp,
    deadlineMs: PER_STEP_MS,
  };
  let began = now();
  const note = (step: ConnectionTestStep, ok: boolean, detail: string): void => {
    const at = now();
    verdict.steps.push({ step, ok, detail, ms: Math.round(at - began) });
    began = at;
  };
  try {
    const session = await openSignedIn(endpoint, source, {
      side: options.side,
      wait,
      addressPolicy: options.addressPolicy,
      ...(options.resolver ? { resolver: options.resolver } : {}),
      onStep: (step, detail) => note(step, true, detail),
    });
    try {
      verdict.capabilities = [...session.capabilities].toSorted();
      const { folders } = await session.listFolders(wait);
      verdict.folderCount = folders.filter(({ selectable }) => selectable).length;
      note('folders', true, `${verdict.folderCount} folders.`);
      verdict.ok = true;
    } finally {
      session.close();
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    if (!verdict.ok) recordFailure(verdict, order, error, timeUp.aborted ? totalMs : undefined, note);
  }
  return verdict;
}

function recordFailure(
  verdict: ConnectionVerdict,
  order: readonly ConnectionTestStep[],
  error: unknown,
  timeUpMs: number | undefined,
  note: (step: ConnectionTestStep, ok: boolean, detail: string) => void,
): void {
  const step = order.find((candidate) => !verdict.steps.some((done) => done.step === candidate)) ?? 'folders';
  const { reason, detail, serverText, refusal } = diagnose(step, error, timeUpMs);
  note(step, false, detail);
  verdict.failed = {
    step,
    reason,
    ...describeFailure(reason),
    ...(serverText === undefined ? {} : { serverText }),
    ...(refusal === undefined ? {} : { refusal }),
  };
}

function diagnose(
  step: ConnectionTestStep,
  error: unknown,
  timeUpMs: number | undefined,
): {
  reason: FailureReason;
  detail: string;
  serverText?: string | undefined;
  refusal?: RefusalCode | undefined;
} {
  if (error instanceof ImapError) {
    const { reason, message, serverText, refusal } = error;
    return { reason, detail: message, serverText, refusal };
  }
  if (timeUpMs !== undefined) {
    return {
      reason: TIME_UP_REASONS[step],
      detail: `The test was ended after ${Math.round(timeUpMs / 1000)} seconds.`,
    };
  }
  // The message of an unforeseen error might hold anything, so only its class is shown.
  return { reason: 'internal', detail: error instanceof Error ? error.name : 'unknown' };
}
