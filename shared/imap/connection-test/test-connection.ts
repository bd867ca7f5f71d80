import { randomUUID } from 'node:crypto';
import type { ImapSide } from '../errors.ts';
import type { AddressPolicy, HostResolver } from '../session/address-policy.ts';
import type { CredentialSource } from '../session/credential-source.ts';
import type { ImapEndpoint } from '../session/imap-endpoint.ts';
import type { ImapSession } from '../session/open-session.ts';
import { openSignedIn } from '../session/open-signed-in.ts';
import type { Wait } from '../wire/wait.ts';
import { traitsOf } from './capability-traits.ts';
import type { ConnectionVerdict, StepOutcome } from './connection-verdict.ts';
import { describeQuota, MailboxFullError } from './mailbox-full.ts';
import { type CreateRight, probeCreateRight } from './probe-create-right.ts';
import { type MailboxQuota, readQuota } from './read-quota.ts';
import { recordFailure } from './record-failure.ts';
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

export const TOTAL_MS = 9_500;
/** For each of: name, TCP, TLS, greeting. */
export const CONNECT_MS = 4_000;
/** Against guessing, Courier lets five seconds pass before it refuses a password, Cyrus three. */
const ANSWER_MS = 7_000;

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
    // Both in one flight; told one after the other. A trial that has begun comes to its end, and is cleared away.
    const [quota, right] = await Promise.allSettled([
      readQuota(connection, wait),
      side === 'destination' ? probeCreateRight(connection, namespace, uniqueId(), wait) : undefined,
    ]);
    if (right.status === 'fulfilled' && right.value !== undefined && 'left' in right.value) {
      verdict.leftFolder = right.value.left;
    }
    if (quota.status === 'rejected') throw quota.reason;
    if (quota.value !== undefined) verdict.quota = quota.value;
    if (side === 'destination' && isFull(quota.value)) throw new MailboxFullError(quota.value);
    log.ok('quota', describeQuota(quota.value));
    if (right.status === 'rejected') throw right.reason;
    if (right.value !== undefined) log.ok('create', describeRight(right.value));
  } finally {
    // Nothing depends on the answer.
    void connection.logout({ signal: wait.signal, deadlineMs: 1_000 });
  }
}

function isFull(quota: MailboxQuota | undefined): quota is MailboxQuota {
  return quota !== undefined && quota.usedBytes >= quota.limitBytes;
}

function describeNamespace({ prefix, delimiter }: { prefix: string; delimiter: string }): string {
  const begins = prefix === '' ? 'Folders begin at the top' : `Folders begin below ${JSON.stringify(prefix)}`;
  return delimiter === '' ? `${begins}.` : `${begins}, divided by ${JSON.stringify(delimiter)}.`;
}

function describeRight(right: CreateRight): string {
  if (right.by === 'rights') return 'The server says that folders may be created.';
  if (!('left' in right)) return 'A folder was created and removed again.';
  return `A folder was created and could not be removed: ${JSON.stringify(right.left)} (${right.because}). Remove it by hand.`;
}
