import type { MailboxEventType } from './mailbox-event.ts';
import type { MailboxStatus } from './mailbox-status.ts';

type MigrationErrorCode =
  | 'invalid-transition'
  | 'ledger-corrupt'
  | 'uid-set-invalid'
  | 'migration-input-invalid'
  | 'folder-pattern-invalid'
  | 'folder-map-invalid';

/** Base of the errors that the domain itself raises. */
abstract class MigrationError extends Error {
  abstract readonly code: MigrationErrorCode;
}

/** An event that the status does not allow. Returned by `transition`, never thrown by it. */
export class InvalidTransitionError extends MigrationError {
  override readonly name = 'InvalidTransitionError';
  readonly code = 'invalid-transition';
  readonly status: MailboxStatus;
  readonly event: MailboxEventType;

  constructor(status: MailboxStatus, event: MailboxEventType, explanation: string) {
    super(`'${event}' is refused while the mailbox is '${status}': ${explanation}`);
    this.status = status;
    this.event = event;
  }
}

/** A stored ledger page cannot be read. `offset` is the byte at which reading stopped. */
export class LedgerCorruptError extends MigrationError {
  override readonly name = 'LedgerCorruptError';
  readonly code = 'ledger-corrupt';
  readonly offset: number;

  constructor(problem: string, offset: number, cause?: unknown) {
    super(
      `The ledger page is damaged at byte ${offset}: ${problem}. Restore the table from a backup, or list the folder anew.`,
      { cause },
    );
    this.offset = offset;
  }
}

/** A UID set sent by a server is malformed, or names more UIDs than may be expanded. */
export class UidSetError extends MigrationError {
  override readonly name = 'UidSetError';
  readonly code = 'uid-set-invalid';
  /** The beginning of the offending text. */
  readonly text: string;

  constructor(problem: string, text: string) {
    const beginning = text.slice(0, 40);
    super(`The server sent an unusable UID set ${JSON.stringify(beginning)}: ${problem}.`);
    this.text = beginning;
  }
}

/** A caller broke the contract of a function of the domain; a fault of the program. */
export class MigrationInputError extends MigrationError {
  override readonly name = 'MigrationInputError';
  readonly code = 'migration-input-invalid';
}

/** A pattern for folder names that cannot be understood. */
export class FolderPatternError extends MigrationError {
  override readonly name = 'FolderPatternError';
  readonly code = 'folder-pattern-invalid';
  readonly pattern: string;

  /** @param problem for people; does not repeat the pattern */
  constructor(pattern: string, problem: string) {
    super(problem);
    this.pattern = pattern;
  }
}

/** An entry of the admin's own mapping that cannot be followed. `index` counts from 0. */
export class FolderMapError extends MigrationError {
  override readonly name = 'FolderMapError';
  readonly code = 'folder-map-invalid';
  readonly index: number;
  readonly field: 'source' | 'destination';

  constructor(entry: { index: number; field: 'source' | 'destination' }, problem: string) {
    super(problem);
    this.index = entry.index;
    this.field = entry.field;
  }
}
