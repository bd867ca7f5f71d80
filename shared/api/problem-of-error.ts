import {
  CredentialIncompleteError,
  MailboxConflictError,
  MailboxStatusError,
  MailboxUnknownError,
  MigrationClosedError,
  MigrationUnknownError,
} from '../lifecycle/errors.ts';
import { QueueSendError } from '../queue/errors.ts';
import {
  CursorInvalidError,
  KeyInvalidError,
  StaleWriteError,
  StateUnavailableError,
} from '../state/errors.ts';
import {
  CredentialsGoneError,
  CredentialTooBigError,
  VaultBusyError,
  VaultUnavailableError,
} from '../vault/errors.ts';
import { ProblemError } from './problem.ts';
import type { ProblemCode } from './problem-code.ts';

type ErrorClass = abstract new (...input: never[]) => Error;

/** What the errors of other areas mean to a client. What is not listed is our fault, and its text stays with us. */
const MEANINGS: ReadonlyArray<readonly [ErrorClass, ProblemCode]> = [
  [MailboxUnknownError, 'not-found'],
  [MigrationUnknownError, 'not-found'],
  [MailboxStatusError, 'mailbox-status'],
  [MailboxConflictError, 'mailbox-conflict'],
  [MigrationClosedError, 'migration-closed'],
  [CredentialIncompleteError, 'credential-incomplete'],
  [CredentialsGoneError, 'migration-closed'],
  [CredentialTooBigError, 'request-invalid'],
  [CursorInvalidError, 'cursor-invalid'],
  [KeyInvalidError, 'request-invalid'],
  [StaleWriteError, 'changed-meanwhile'],
  [StateUnavailableError, 'unavailable'],
  [VaultUnavailableError, 'unavailable'],
  [VaultBusyError, 'unavailable'],
  [QueueSendError, 'unavailable'],
];

/** Seconds after which a client may come again. */
const RETRY_AFTER = '5';

export function problemOfError(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  const code = MEANINGS.find(([type]) => error instanceof type)?.[1];
  if (code === undefined || !(error instanceof Error)) {
    return new ProblemError('internal', 'The request could not be served.', { cause: error });
  }
  // The same words as for an address that leads nowhere: whose identifier it is must not be seen from outside.
  if (code === 'not-found') return notFound();
  const headers = code === 'unavailable' ? { 'retry-after': RETRY_AFTER } : {};
  return new ProblemError(code, error.message, { headers, cause: error });
}

/** The one answer for everything that is not there, or not there for this caller. */
export function notFound(): ProblemError {
  return new ProblemError('not-found', 'Nothing is found at this address.');
}
