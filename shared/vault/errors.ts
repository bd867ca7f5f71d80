import { httpStatusOf } from '../aws-clients/is-unavailable.ts';

/**
 * What is told of an answer of Secrets Manager. Its own error objects hold on to the request, and a request may hold
 * a password: so they are never passed on, not even as a cause.
 */
export interface SecretsFault {
  readonly name: string;
  readonly httpStatus?: number;
}

export function faultOf(error: unknown): SecretsFault {
  const httpStatus = httpStatusOf(error);
  return {
    name: error instanceof Error ? error.name : 'unknown',
    ...(httpStatus === undefined ? {} : { httpStatus }),
  };
}

/** Secrets Manager is throttling, failing or out of reach. The same request may succeed later. */
export class VaultUnavailableError extends Error {
  readonly code = 'VaultUnavailable';
  readonly retryable = true;
  readonly operation: string;
  constructor(operation: string, fault?: SecretsFault) {
    super(`Secrets Manager did not take a ${operation} request for now. Try again later.`, { cause: fault });
    this.name = 'VaultUnavailableError';
    this.operation = operation;
  }
}

/** Secrets Manager refused a request for good, usually for a missing permission. */
export class VaultRefusedError extends Error {
  readonly code = 'VaultRefused';
  readonly retryable = false;
  readonly operation: string;
  constructor(operation: string, fault?: SecretsFault) {
    super(`Secrets Manager refused a ${operation} request. Check the permissions and the secrets' prefix.`, {
      cause: fault,
    });
    this.name = 'VaultRefusedError';
    this.operation = operation;
  }
}

/** Others changed the same shard each time we tried. */
export class VaultBusyError extends Error {
  readonly code = 'VaultBusy';
  readonly retryable = true;
  constructor() {
    super('The credentials are being changed by several at once. Try again.');
    this.name = 'VaultBusyError';
  }
}

/** The credentials of this migration, or this shard of them, were destroyed or never were. */
export class CredentialsGoneError extends Error {
  readonly code = 'CredentialsGone';
  constructor() {
    super('These credentials do not exist or were destroyed with their connection. Give them again.');
    this.name = 'CredentialsGoneError';
  }
}

/** The password of one mailbox does not fit into a secret. */
export class CredentialTooBigError extends Error {
  readonly code = 'CredentialTooBig';
  readonly mailboxId: string | undefined;
  readonly bytes: number;
  constructor(mailboxId: string | undefined, bytes: number) {
    super(`A credential of ${bytes} bytes is too large to be stored. Give a shorter one.`);
    this.name = 'CredentialTooBigError';
    this.mailboxId = mailboxId;
    this.bytes = bytes;
  }
}

/** A stored secret is not what this version of the code wrote. Nothing of its content is told. */
export class SecretCorruptError extends Error {
  readonly code = 'SecretCorrupt';
  constructor() {
    super('A stored secret cannot be read. Replace the passwords; if it stays so, restore the secret.');
    this.name = 'SecretCorruptError';
  }
}
