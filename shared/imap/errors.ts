import type { FailureReason } from '../migration/failure-reason.ts';
import { findKnownRefusal, type ProviderRefusals } from './known-refusal.ts';
import type { RefusalCode } from './refusal-code.ts';
import { cleanServerText, readServerText, type ServerMeaning } from './server-text.ts';

export type ImapErrorCode =
  | 'connect-failed'
  | 'address-forbidden'
  | 'tls-failed'
  | 'greeting-invalid'
  | 'connection-closed'
  | 'command-timeout'
  | 'protocol-error'
  | 'command-refused'
  | 'mailbox-renamed'
  | 'authentication-failed'
  | 'sign-in-name-invalid'
  | 'token-failed'
  | 'throttled';

export type ImapSide = 'source' | 'destination';

export interface ImapErrorDetails {
  reason?: FailureReason;
  retryable?: boolean;
  /** What the server said, in its own words. Cut to a bounded length; never holds a secret. */
  serverText?: string | undefined;
  side?: ImapSide | undefined;
  /** Where the provider is known for it: its own words and remedy for people. */
  refusal?: RefusalCode | undefined;
  cause?: unknown;
}

/** Wait used when a server throttles without naming a time, in ms. Policies may lengthen it. */
export const DEFAULT_THROTTLE_MS = 60_000;

/** Base of everything that goes wrong between us and an IMAP server, what it takes to sign in there included. */
export class ImapError extends Error {
  override readonly name: string = 'ImapError';
  readonly code: ImapErrorCode;
  /** For people: its text and remedy come from `describeFailure`. */
  readonly reason: FailureReason;
  /** True when the same request may succeed later without anybody changing anything. */
  readonly retryable: boolean;
  readonly serverText?: string;
  /** Says it better than `reason`, for this provider. */
  readonly refusal?: RefusalCode;
  #side: ImapSide | undefined;

  constructor(
    code: ImapErrorCode,
    message: string,
    details: ImapErrorDetails & { reason: FailureReason; retryable: boolean },
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.reason = details.reason;
    this.retryable = details.retryable;
    if (details.serverText) this.serverText = cleanServerText(details.serverText);
    if (details.refusal) this.refusal = details.refusal;
    this.#side = details.side;
  }

  /** The server that failed, once somebody who knows it has said so. */
  get side(): ImapSide | undefined {
    return this.#side;
  }

  /** Says which server failed. The first answer stays: it was given nearest to the failure. */
  attributeTo(side: ImapSide): this {
    this.#side ??= side;
    return this;
  }
}

/** No TCP connection: the name has no address, or the port refuses or does not answer. */
export class ConnectError extends ImapError {
  override readonly name = 'ConnectError';

  constructor(
    message: string,
    details: ImapErrorDetails & { reason: 'host-not-found' | 'connection-refused' | 'connection-timeout' },
  ) {
    super('connect-failed', message, { retryable: true, ...details });
  }
}

/** The name leads to an address that this deployment does not connect to (loopback, private, …). */
export class AddressForbiddenError extends ImapError {
  override readonly name = 'AddressForbiddenError';

  constructor(message: string, details: ImapErrorDetails = {}) {
    super('address-forbidden', message, { reason: 'address-forbidden', retryable: false, ...details });
  }
}

export type TlsProblem =
  | 'self-signed'
  | 'untrusted-issuer'
  | 'expired'
  | 'not-yet-valid'
  | 'hostname-mismatch'
  | 'revoked'
  | 'plain-on-tls-port'
  | 'tls-on-plain-port'
  | 'starttls-missing'
  | 'starttls-refused'
  | 'starttls-injection'
  | 'tls-required'
  | 'handshake-failed';

const TLS_REASONS: Readonly<Record<TlsProblem, FailureReason>> = {
  'self-signed': 'tls-untrusted',
  'untrusted-issuer': 'tls-untrusted',
  expired: 'tls-untrusted',
  'not-yet-valid': 'tls-untrusted',
  'hostname-mismatch': 'tls-untrusted',
  revoked: 'tls-untrusted',
  'starttls-injection': 'tls-untrusted',
  'plain-on-tls-port': 'tls-unavailable',
  'tls-on-plain-port': 'tls-unavailable',
  'starttls-missing': 'tls-unavailable',
  'starttls-refused': 'tls-unavailable',
  'tls-required': 'tls-unavailable',
  'handshake-failed': 'tls-unavailable',
};

/** No trustworthy encryption: a certificate that does not hold, or no TLS where it was demanded. */
export class TlsError extends ImapError {
  override readonly name = 'TlsError';
  readonly problem: TlsProblem;

  constructor(problem: TlsProblem, message: string, details: ImapErrorDetails = {}) {
    super('tls-failed', message, { reason: TLS_REASONS[problem], retryable: false, ...details });
    this.problem = problem;
  }
}

/** Something answered, but not with an IMAP greeting. */
export class GreetingError extends ImapError {
  override readonly name = 'GreetingError';

  constructor(message: string, details: ImapErrorDetails = {}) {
    super('greeting-invalid', message, { reason: 'greeting-invalid', retryable: false, ...details });
  }
}

/** The connection ended while it was needed: closed, reset, or said farewell (`BYE`). */
export class ConnectionClosedError extends ImapError {
  override readonly name = 'ConnectionClosedError';

  constructor(message: string, details: ImapErrorDetails = {}) {
    super('connection-closed', message, { reason: 'connection-closed', retryable: true, ...details });
  }
}

/** The server kept silent longer than the wait allowed. The outcome of the command is unknown. */
export class CommandTimeoutError extends ImapError {
  override readonly name = 'CommandTimeoutError';
  readonly waitedMs: number;

  constructor(message: string, details: ImapErrorDetails & { waitedMs: number }) {
    super('command-timeout', message, { reason: 'command-timeout', retryable: true, ...details });
    this.waitedMs = details.waitedMs;
  }
}

/** The server sent what IMAP does not allow, or more than our limits do. The connection is unusable. */
export class ProtocolError extends ImapError {
  override readonly name = 'ProtocolError';

  constructor(message: string, details: ImapErrorDetails = {}) {
    super('protocol-error', message, { reason: 'protocol-error', retryable: true, ...details });
  }
}

/** A tagged NO or BAD to one command; the connection itself is still good. */
export class CommandRefusedError extends ImapError {
  override readonly name = 'CommandRefusedError';
  readonly status: 'NO' | 'BAD';
  /** RFC 5530 and others, upper case, without brackets and arguments: `TRYCREATE`, `OVERQUOTA`, … */
  readonly responseCode?: string;
  /** The verb only, never its arguments. */
  readonly command: string;
  declare readonly serverText: string;

  constructor(
    details: ImapErrorDetails & {
      status: 'NO' | 'BAD';
      responseCode?: string | undefined;
      serverText: string;
      command: string;
    },
  ) {
    const said = cleanServerText(details.serverText) || '(no text)';
    super('command-refused', `The server answered ${details.command} with ${details.status}: ${said}`, {
      reason: 'server-error',
      retryable: false,
      ...details,
      serverText: said,
    });
    this.status = details.status;
    this.command = details.command;
    if (details.responseCode) this.responseCode = details.responseCode;
  }
}

/** The server says that it made a mailbox, and lists none of that name: it made it by another. */
export class MailboxRenamedError extends ImapError {
  override readonly name = 'MailboxRenamedError';
  readonly path: string;

  constructor(path: string, details: ImapErrorDetails = {}) {
    super('mailbox-renamed', `The server has made folder "${path}" by another name.`, {
      reason: 'folder-refused',
      retryable: false,
      ...details,
    });
    this.path = path;
  }
}

/** The server does not accept this user name with this secret, or not for this mailbox. */
export class AuthenticationError extends ImapError {
  override readonly name = 'AuthenticationError';

  constructor(message: string, details: ImapErrorDetails = {}) {
    super('authentication-failed', message, {
      reason: 'authentication-failed',
      retryable: false,
      ...details,
    });
  }
}

/** The server asks for patience. Obey it: end the work and come back after `waitMs`. */
export class ThrottledError extends ImapError {
  override readonly name = 'ThrottledError';
  /** How long to stay away, in ms. */
  readonly waitMs: number;
  /** True when the server named the time or its provider is known for it, false when `waitMs` is our own guess. */
  readonly namedByServer: boolean;
  /** `connections`: it is the number of logins that is too high, not what they do. */
  readonly limit: 'connections' | 'rate';

  constructor(
    message: string,
    details: ImapErrorDetails & { waitMs?: number | undefined; limit?: 'connections' | 'rate' } = {},
  ) {
    super('throttled', message, { reason: 'throttled', retryable: true, ...details });
    this.waitMs = details.waitMs ?? DEFAULT_THROTTLE_MS;
    this.namedByServer = details.waitMs !== undefined;
    this.limit = details.limit ?? 'rate';
  }
}

/** What the server answered: a tagged NO or BAD, or an untagged `* BYE`. */
export interface ServerAnswer {
  status: 'NO' | 'BAD' | 'BYE';
  /** Without brackets and arguments, e.g. `OVERQUOTA`. */
  responseCode?: string | undefined;
  /** The words behind the response code. */
  text: string;
  /** The verb that was answered, never its arguments: `APPEND`, `UID FETCH`, `LOGIN`, … */
  command?: string | undefined;
  side?: ImapSide | undefined;
  /** It was a token that was to sign in, and no password. */
  token?: boolean | undefined;
  /** How the provider words its refusals, where it is known. */
  refusals?: ProviderRefusals | undefined;
}

/** Turns a server's refusal into the error that says what to do about it. */
export function classifyServerText(answer: ServerAnswer): ImapError {
  const command = answer.command?.toUpperCase() ?? '';
  const login = command === 'LOGIN' || command.startsWith('AUTHENTICATE');
  const known = findKnownRefusal(answer.refusals, answer.text);
  const meaning = known?.meaning ?? readServerText(answer.responseCode, answer.text, login);
  const said = cleanServerText(answer.text) || '(no text)';
  const details = { serverText: said, side: answer.side, refusal: known?.code };
  if (meaning.kind === 'throttled') {
    return new ThrottledError(`The server asks to slow down: ${said}`, {
      ...details,
      waitMs: meaning.waitMs,
      limit: meaning.limit,
    });
  }
  if (answer.status === 'BYE') {
    return new ConnectionClosedError(`The server ended the connection: ${said}`, details);
  }
  if (login && meaning.kind === 'encryption-required') {
    return new TlsError('tls-required', `The server takes passwords only over TLS: ${said}`, details);
  }
  if (login && meaning.kind === 'permission-denied') {
    return new AuthenticationError(
      `The sign-in worked, but this account may not open this mailbox: ${said}`,
      { ...details, reason: 'permission-denied' },
    );
  }
  if (login && (known?.meaning?.kind === 'wrong-credential' || refusesCredential(answer, meaning.kind))) {
    const refusal = known?.code ?? answer.refusals?.signIn;
    return new AuthenticationError(`The server refused the sign-in: ${said}`, {
      ...details,
      refusal,
      ...(answer.token === true && { reason: 'token-refused' }),
    });
  }
  return new CommandRefusedError({
    ...details,
    status: answer.status,
    responseCode: answer.responseCode?.toUpperCase(),
    command: command || 'a command',
    retryable: meaning.kind === 'unavailable',
    reason: refusalReason(meaning.kind, command),
  });
}

/**
 * Many servers say no more than `NO Login failed.` or nothing at all. A BAD complains about the command, unless its
 * words are about the secret.
 */
function refusesCredential(answer: ServerAnswer, kind: ServerMeaning['kind']): boolean {
  if (answer.status === 'NO') return kind === 'wrong-credential' || kind === 'unknown';
  return kind === 'wrong-credential' && (!!answer.responseCode || /credential|password/i.test(answer.text));
}

const REFUSAL_REASONS: Readonly<Record<Exclude<ServerMeaning['kind'], 'unknown'>, FailureReason>> = {
  'over-quota': 'over-quota',
  'permission-denied': 'permission-denied',
  missing: 'folder-refused',
  throttled: 'throttled',
  'wrong-credential': 'server-error',
  'encryption-required': 'server-error',
  unavailable: 'server-error',
};

function refusalReason(kind: ServerMeaning['kind'], command: string): FailureReason {
  if (kind !== 'unknown') return REFUSAL_REASONS[kind];
  return /^(?:SELECT|EXAMINE|CREATE|SUBSCRIBE|STATUS)$/.test(command) ? 'folder-refused' : 'server-error';
}
