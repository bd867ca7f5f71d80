/** Somebody else changed the record since it was read. Read it again and decide anew. */
export class StaleWriteError extends Error {
  readonly code = 'StaleWrite';
  readonly entity: string;
  constructor(entity: string) {
    super(`The ${entity} was changed by somebody else in the meantime. Read it again and repeat the change.`);
    this.name = 'StaleWriteError';
    this.entity = entity;
  }
}

/** The table is throttling, failing or out of reach. The same request may succeed later. */
export class StateUnavailableError extends Error {
  readonly code = 'StateUnavailable';
  readonly retryable = true;
  readonly operation: string;
  constructor(operation: string, options?: ErrorOptions) {
    super(`The state table did not take a ${operation} request for now. Try again later.`, options);
    this.name = 'StateUnavailableError';
    this.operation = operation;
  }
}

/** The table refused a request for good: a missing table, a missing permission, or a fault of ours. */
export class StateRefusedError extends Error {
  readonly code = 'StateRefused';
  readonly retryable = false;
  readonly operation: string;
  constructor(operation: string, options?: ErrorOptions) {
    super(
      `The state table refused a ${operation} request. Check the table's name and the permissions.`,
      options,
    );
    this.name = 'StateRefusedError';
    this.operation = operation;
  }
}

/** A stored record is not what this version of the code wrote; `paths` names the fields, never their values. */
export class RecordCorruptError extends Error {
  readonly code = 'RecordCorrupt';
  readonly entity: string;
  readonly paths: readonly string[];
  constructor(entity: string, paths: readonly string[], options?: ErrorOptions) {
    super(
      `A stored ${entity} cannot be read (${paths.join(', ')}). Was it written by another version?`,
      options,
    );
    this.name = 'RecordCorruptError';
    this.entity = entity;
    this.paths = paths;
  }
}

/** The cursor is not one that this very list gave out. */
export class CursorInvalidError extends Error {
  readonly code = 'CursorInvalid';
  constructor() {
    super('The cursor does not belong to this list. Begin again without a cursor.');
    this.name = 'CursorInvalidError';
  }
}

/** A value cannot be part of a key: empty, too long, or out of its range. */
export class KeyInvalidError extends Error {
  readonly code = 'KeyInvalid';
  readonly part: string;
  constructor(part: string, why: string) {
    super(`The ${part} cannot be stored: it is ${why}. Give another one.`);
    this.name = 'KeyInvalidError';
    this.part = part;
  }
}

/** A record is larger than one item of the table may be. */
export class RecordTooBigError extends Error {
  readonly code = 'RecordTooBig';
  readonly entity: string;
  readonly bytes: number;
  constructor(entity: string, bytes: number) {
    super(`A ${entity} of ${bytes} bytes is too large for the state table. Store less in it.`);
    this.name = 'RecordTooBigError';
    this.entity = entity;
    this.bytes = bytes;
  }
}
