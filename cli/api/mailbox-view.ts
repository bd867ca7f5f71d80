import { itemSchema } from '../../shared/api/schemas/item-schema.ts';
import { mailboxSchema } from '../../shared/api/schemas/mailbox-schema.ts';
import type { MailboxStatus } from '../../shared/migration/mailbox-status.ts';

export interface MessageCounts {
  readonly listed: number;
  readonly copied: number;
  readonly adopted: number;
  /** Those under another label included. */
  readonly skipped: number;
  /** Of the skipped ones: nothing is left out, the same message counts with another of its labels. */
  readonly underOtherLabel: number;
  readonly failed: number;
}

/** Why a mailbox does not go on. */
export interface MailboxReason {
  readonly code: string;
  readonly summary: string;
  readonly remedy: string;
  /** What exactly, often in the words of the server; may be empty. */
  readonly detail: string;
  readonly side?: 'source' | 'destination';
}

/** A mailbox as the command line works with it. Times in ms since the epoch. */
export interface MailboxView {
  readonly mailboxId: string;
  readonly sourceUser: string;
  readonly destinationUser: string;
  readonly status: MailboxStatus;
  readonly reason?: MailboxReason;
  readonly throttledUntil?: number;
  readonly pass: {
    /** 0 = none yet. */
    readonly number: number;
    readonly phase: 'idle' | 'planning' | 'copying';
    readonly startedAt?: number;
    readonly finishedAt?: number;
    /** Another pass was asked for and has not begun. */
    readonly again?: boolean;
  };
  /** Since when a refresh token of its user is stored, by side. */
  readonly consents?: { readonly source?: number; readonly destination?: number };
  readonly folders: number;
  readonly messages: MessageCounts;
  /** Of the messages at the destination. */
  readonly bytes: number;
}

/** A message that was skipped, failed or altered by the destination, with its reason. */
export interface SkippedItem {
  readonly folder: string;
  /** At the source. */
  readonly uid: number;
  readonly state: 'copied' | 'skipped' | 'failed';
  readonly reason: string;
  readonly description: string;
  readonly remedy: string;
  readonly size?: number;
  readonly date?: string;
  readonly from?: string;
  readonly subject?: string;
  readonly messageId?: string;
  readonly serverText?: string;
}

/** Reads a mailbox from an answer of the API. */
export const mailboxViewSchema = mailboxSchema.transform((mailbox): MailboxView => {
  const { reason, throttledUntil, pass, progress, consents } = mailbox;
  return {
    mailboxId: mailbox.mailboxId,
    sourceUser: mailbox.sourceUser,
    destinationUser: mailbox.destinationUser,
    status: mailbox.status,
    ...(reason === undefined ? {} : { reason: definedOnly(reason) }),
    ...(throttledUntil === undefined ? {} : { throttledUntil: Date.parse(throttledUntil) }),
    pass: {
      number: pass.number,
      phase: pass.phase,
      again: pass.again,
      ...(pass.startedAt === undefined ? {} : { startedAt: Date.parse(pass.startedAt) }),
      ...(pass.finishedAt === undefined ? {} : { finishedAt: Date.parse(pass.finishedAt) }),
    },
    ...(consents === undefined
      ? {}
      : {
          consents: {
            ...(consents.source === undefined ? {} : { source: Date.parse(consents.source) }),
            ...(consents.destination === undefined ? {} : { destination: Date.parse(consents.destination) }),
          },
        }),
    folders: progress.folders,
    messages: {
      listed: progress.messages.listed,
      copied: progress.messages.copied,
      adopted: progress.messages.adopted,
      skipped: progress.messages.skipped,
      underOtherLabel: progress.messages.underOtherLabel,
      failed: progress.messages.failed,
    },
    bytes: progress.bytes.done,
  };
});

/** Reads a skipped, failed or altered message from an answer of the API. */
export const skippedItemSchema = itemSchema.transform(
  ({ reason, attempts: _attempts, at: _at, folder, uid, state, ...about }): SkippedItem => ({
    folder,
    uid,
    state,
    reason: reason.code,
    description: reason.summary,
    remedy: reason.remedy,
    ...definedOnly(about),
  }),
);

type Defined<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };

/** A schema's optional fields may be present and undefined; ours are left out then. */
function definedOnly<T extends object>(given: T): Defined<T> {
  // Only entries that are undefined are dropped, and those are optional in T.
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Defined<T>;
}
