/** Another process (or another local cloud of this one) works in the state folder. */
export class StateFolderBusyError extends Error {
  readonly code = 'StateFolderBusy';
  readonly stateDir: string;
  constructor(stateDir: string, cause?: unknown) {
    super(
      `The state folder ${stateDir} is in use by another process. Stop that one, or choose another folder.`,
      {
        cause,
      },
    );
    this.name = 'StateFolderBusyError';
    this.stateDir = stateDir;
  }
}

/** An embedded service did not start; `service` says which. */
export class LocalServiceError extends Error {
  readonly code = 'LocalServiceFailed';
  readonly service: 'dynamodb' | 'sqs' | 'secretsmanager' | 'gateway';
  constructor(service: LocalServiceError['service'], what: string, cause?: unknown) {
    super(what, { cause });
    this.name = 'LocalServiceError';
    this.service = service;
  }
}

/**
 * The thread of the embedded services has ended by itself: a fault of theirs, or no memory left. What they have
 * confirmed is on the disk; the next start goes on from there.
 */
export class LocalCloudDiedError extends Error {
  readonly code = 'LocalCloudDied';
  /** Of the thread. */
  readonly exitCode: number;
  constructor(exitCode: number, cause?: unknown) {
    super(`The embedded services have ended (${causeOf(exitCode, cause)}).`, { cause });
    this.name = 'LocalCloudDiedError';
    this.exitCode = exitCode;
  }
}

/** The key that the secrets in the state folder are encrypted with is missing, malformed or a different one. */
export class MasterKeyError extends Error {
  readonly code = 'MasterKeyInvalid';
  constructor(what: string, cause?: unknown) {
    super(what, { cause });
    this.name = 'MasterKeyError';
  }
}

/** By shape: what another thread threw is no instance of this one's Error. */
function causeOf(exitCode: number, cause: unknown): string {
  return typeof cause === 'object' && cause !== null && 'message' in cause
    ? String(cause.message)
    : `exit ${exitCode}`;
}
