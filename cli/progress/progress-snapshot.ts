import type { MailboxStatus } from '../../shared/migration/mailbox-status.ts';
import type { MailboxView } from '../api/mailbox-view.ts';
import { createRateMeter, type RateMeter } from './rate-meter.ts';

/** One mailbox as the progress display shows it. */
export interface MailboxProgress {
  readonly mailboxId: string;
  readonly destination: string;
  readonly status: MailboxStatus;
  /** Messages with a final ledger entry. */
  readonly done: number;
  readonly listed: number;
  readonly bytes: number;
  readonly messagesPerSecond: number | undefined;
  readonly bytesPerSecond: number | undefined;
  readonly secondsLeft: number | undefined;
  readonly throttledUntil: number | undefined;
  readonly attention: string | undefined;
}

export interface ProgressSnapshot {
  readonly mailboxes: readonly MailboxProgress[];
  readonly total: Omit<
    MailboxProgress,
    'mailboxId' | 'destination' | 'status' | 'throttledUntil' | 'attention'
  >;
}

/** Turns what the API says, tick by tick, into progress with rates. */
export function createProgressTracker(): (mailboxes: readonly MailboxView[], at: number) => ProgressSnapshot {
  const meters = new Map<string, Meters>();
  const metersOf = (key: string): Meters => {
    const known = meters.get(key) ?? { messages: createRateMeter(), bytes: createRateMeter() };
    meters.set(key, known);
    return known;
  };
  return (mailboxes, at) => {
    const list = mailboxes.map((mailbox): MailboxProgress => {
      const counts = countsOf(mailbox);
      const working = mailbox.status === 'syncing';
      const speed = speedOf(metersOf(mailbox.mailboxId), counts, at);
      return {
        mailboxId: mailbox.mailboxId,
        destination: mailbox.destinationUser,
        status: mailbox.status,
        ...counts,
        ...(working
          ? speed
          : { messagesPerSecond: undefined, bytesPerSecond: undefined, secondsLeft: undefined }),
        throttledUntil: mailbox.status === 'throttled' ? mailbox.throttledUntil : undefined,
        attention: mailbox.reason?.summary,
      };
    });
    const sum = { done: 0, listed: 0, bytes: 0 };
    for (const { done, listed, bytes } of list) {
      sum.done += done;
      sum.listed += listed;
      sum.bytes += bytes;
    }
    return { mailboxes: list, total: { ...sum, ...speedOf(metersOf(''), sum, at) } };
  };
}

interface Meters {
  readonly messages: RateMeter;
  readonly bytes: RateMeter;
}

interface Counts {
  readonly done: number;
  readonly listed: number;
  readonly bytes: number;
}

function countsOf({ messages, bytes }: MailboxView): Counts {
  const done = messages.copied + messages.adopted + messages.skipped + messages.failed;
  return { done, listed: Math.max(messages.listed, done), bytes };
}

function speedOf(meters: Meters, counts: Counts, at: number) {
  const messagesPerSecond = meters.messages.observe(counts.done, at);
  const bytesPerSecond = meters.bytes.observe(counts.bytes, at);
  const left = counts.listed - counts.done;
  const secondsLeft =
    messagesPerSecond === undefined || messagesPerSecond <= 0 || left <= 0
      ? undefined
      : left / messagesPerSecond;
  return { messagesPerSecond, bytesPerSecond, secondsLeft };
}
