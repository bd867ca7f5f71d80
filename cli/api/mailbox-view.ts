import type { MailboxStatus } from '../../shared/migration/mailbox-status.ts';

export interface MessageCounts {
  readonly listed: number;
  readonly copied: number;
  readonly adopted: number;
  readonly skipped: number;
  readonly failed: number;
}

/** A mailbox as the command line works with it, taken from the API's answers. Times in ms since the epoch. */
export interface MailboxView {
  readonly mailboxId: string;
  readonly sourceUser: string;
  readonly destinationUser: string;
  readonly status: MailboxStatus;
  readonly reason?: { readonly code: string; readonly summary: string; readonly remedy: string; readonly detail: string };
  readonly throttledUntil?: number;
  readonly pass: {
    readonly number: number;
    readonly phase: 'idle' | 'planning' | 'copying';
    readonly startedAt: number;
    readonly finishedAt?: number;
  };
  readonly folders: number;
  readonly messages: MessageCounts;
  readonly bytes: number;
}

/** A message that was skipped or failed, with its reason. */
export interface SkippedItem {
  readonly folder: string;
  readonly uid: number;
  readonly state: 'skipped' | 'failed';
  readonly reason: string;
  readonly description: string;
  readonly subject?: string;
  readonly from?: string;
  readonly date?: string;
  readonly messageId?: string;
  readonly size?: number;
  readonly serverText?: string;
}
