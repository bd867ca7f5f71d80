import type { MailboxStatus } from '../migration/mailbox-status.ts';

/** The tenant has no such mailbox (any more). */
export class MailboxUnknownError extends Error {
  readonly code = 'MailboxUnknown';
  readonly mailboxId: string;
  constructor(mailboxId: string) {
    super(`There is no mailbox ${mailboxId}. List the migration's mailboxes for the right identifier.`);
    this.name = 'MailboxUnknownError';
    this.mailboxId = mailboxId;
  }
}

/** The tenant has no such migration. */
export class MigrationUnknownError extends Error {
  readonly code = 'MigrationUnknown';
  readonly migrationId: string;
  constructor(migrationId: string) {
    super(`There is no migration ${migrationId}. List the migrations for the right identifier.`);
    this.name = 'MigrationUnknownError';
    this.migrationId = migrationId;
  }
}

/** The connection is being closed or is closed: its credentials are gone or going, nothing starts any more. */
export class MigrationClosedError extends Error {
  readonly code = 'MigrationClosed';
  readonly migrationId: string;
  constructor(migrationId: string) {
    super(`Migration ${migrationId} is closed. Make a new connection and a new migration to go on.`);
    this.name = 'MigrationClosedError';
    this.migrationId = migrationId;
  }
}

export type MailboxAction = 'start' | 'stop' | 'sync' | 'retry' | 'replace-credential';

/** What is asked does not fit the mailbox's status. */
export class MailboxStatusError extends Error {
  readonly code = 'MailboxStatus';
  readonly mailboxId: string;
  readonly status: MailboxStatus;
  readonly action: MailboxAction;
  constructor(
    mailboxId: string,
    status: MailboxStatus,
    action: MailboxAction,
    options?: { cause?: unknown },
  ) {
    super(`Mailbox ${mailboxId} is ${status}: "${action}" is not possible now. ${ADVICE[action]}`, options);
    this.name = 'MailboxStatusError';
    this.mailboxId = mailboxId;
    this.status = status;
    this.action = action;
  }
}

const ADVICE: Record<MailboxAction, string> = {
  start: 'Give what it waits for, or make a new migration when it is closed.',
  stop: 'Nothing works on it.',
  sync: 'Start it first.',
  retry: 'Start it first.',
  'replace-credential': 'Make a new connection and a new migration.',
};

/** A mailbox of this address is in the migration already, from another source account. */
export class MailboxConflictError extends Error {
  readonly code = 'MailboxConflict';
  readonly emails: readonly string[];
  constructor(emails: readonly string[]) {
    super(
      `These users are in the migration already with another source account: ${emails.slice(0, 20).join(', ')}. Leave them out, or make a second migration for them.`,
    );
    this.name = 'MailboxConflictError';
    this.emails = emails;
  }
}

/** What was given is not what the mailbox is opened with: nothing of the right kind, or nothing for the source. */
export class CredentialIncompleteError extends Error {
  readonly code = 'CredentialIncomplete';
  readonly mailboxId: string;
  constructor(mailboxId: string) {
    super(
      `What was given does not open mailbox ${mailboxId}. Give what its source is opened with: a password, or a refresh token.`,
    );
    this.name = 'CredentialIncompleteError';
    this.mailboxId = mailboxId;
  }
}
