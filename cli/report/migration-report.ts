import type { MailboxReason, MailboxView, MessageCounts, SkippedItem } from '../api/mailbox-view.ts';
import type { MailboxStatus } from '../../shared/migration/mailbox-status.ts';

type RunCounts = Omit<MessageCounts, 'listed'>;

/** What `--json` prints, one document. */
export interface MigrationReport {
  readonly mailboxes: readonly MailboxReport[];
  readonly totals: {
    readonly mailboxes: number;
    /** Mailboxes by status; only those that occur. */
    readonly statuses: Partial<Record<MailboxStatus, number>>;
    readonly folders: number;
    readonly messages: MessageCounts;
    readonly bytes: number;
    readonly thisRun: RunCounts;
    /** Of the whole run. */
    readonly seconds: number;
  };
  /** Ended by Ctrl-C before every mailbox was done. */
  readonly interrupted: boolean;
}

export interface MailboxReport {
  /** Missing where the run could not begin. */
  readonly mailboxId?: string;
  readonly destination: string;
  readonly source: string;
  readonly status: MailboxStatus;
  readonly reason?: MailboxReason;
  /** ISO 8601; only while throttled. */
  readonly throttledUntil?: string;
  readonly folders: number;
  /** All passes together. */
  readonly messages: MessageCounts;
  /** Of the messages at the destination. */
  readonly bytes: number;
  /** From the beginning of this run until the mailbox was done (or the run ended). */
  readonly seconds: number;
  readonly thisRun: RunCounts;
  /** At most `MAX_ITEMS`; the counts above are complete. */
  readonly skippedItems: readonly SkippedItem[];
}

/** Skipped and failed messages that a report lists for each mailbox. */
export const MAX_ITEMS = 1000;

export interface ReportInput {
  readonly mailbox: MailboxView;
  /** As it was when the run began; undefined for a mailbox that this run made. */
  readonly before: MessageCounts | undefined;
  readonly seconds: number;
  readonly items: readonly SkippedItem[];
}

export function buildReport(
  inputs: readonly ReportInput[],
  run: { readonly seconds: number; readonly interrupted: boolean },
): MigrationReport {
  const mailboxes = inputs.map(reportMailbox);
  const statuses: Partial<Record<MailboxStatus, number>> = {};
  for (const { status } of mailboxes) statuses[status] = (statuses[status] ?? 0) + 1;
  return {
    mailboxes,
    totals: {
      mailboxes: mailboxes.length,
      statuses,
      folders: sum(mailboxes, ({ folders }) => folders),
      messages: {
        listed: sum(mailboxes, ({ messages }) => messages.listed),
        ...sumRun(mailboxes.map(({ messages }) => messages)),
      },
      bytes: sum(mailboxes, ({ bytes }) => bytes),
      thisRun: sumRun(mailboxes.map(({ thisRun }) => thisRun)),
      seconds: round(run.seconds),
    },
    interrupted: run.interrupted,
  };
}

/** Messages that were not copied: what counts with another label is there. */
export function notCopied({ skipped, underOtherLabel }: RunCounts): number {
  return skipped - underOtherLabel;
}

function reportMailbox({ mailbox, before, seconds, items }: ReportInput): MailboxReport {
  const { messages } = mailbox;
  const underOtherLabel = growth(messages.underOtherLabel, before?.underOtherLabel);
  return {
    mailboxId: mailbox.mailboxId,
    destination: mailbox.destinationUser,
    source: mailbox.sourceUser,
    status: mailbox.status,
    ...(mailbox.reason === undefined ? {} : { reason: mailbox.reason }),
    ...(mailbox.status === 'throttled' && mailbox.throttledUntil !== undefined
      ? { throttledUntil: new Date(mailbox.throttledUntil).toISOString() }
      : {}),
    folders: mailbox.folders,
    messages,
    bytes: mailbox.bytes,
    seconds: round(seconds),
    thisRun: {
      copied: growth(messages.copied, before?.copied),
      adopted: growth(messages.adopted, before?.adopted),
      // Copies for labels may have come to be while other messages were skipped: neither hides the other.
      skipped: growth(notCopied(messages), before && notCopied(before)) + underOtherLabel,
      underOtherLabel,
      failed: growth(messages.failed, before?.failed),
    },
    // What is not at the destination comes first.
    skippedItems: items
      .toSorted((a, b) => Number(a.state === 'copied') - Number(b.state === 'copied'))
      .slice(0, MAX_ITEMS),
  };
}

/** A message that failed before may have been copied since: a count can also fall. */
function growth(now: number, before = 0): number {
  return Math.max(0, now - before);
}

function sumRun(counts: readonly RunCounts[]): RunCounts {
  return {
    copied: sum(counts, ({ copied }) => copied),
    adopted: sum(counts, ({ adopted }) => adopted),
    skipped: sum(counts, ({ skipped }) => skipped),
    underOtherLabel: sum(counts, ({ underOtherLabel }) => underOtherLabel),
    failed: sum(counts, ({ failed }) => failed),
  };
}

function sum<T>(list: readonly T[], value: (item: T) => number): number {
  return list.reduce((total, item) => total + value(item), 0);
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
