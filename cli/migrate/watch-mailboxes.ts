import { setTimeout as wait } from 'node:timers/promises';
import type { MailboxView } from '../api/mailbox-view.ts';
import type { Clock } from '../../shared/migration/clock.ts';
import { createProgressTracker } from '../progress/progress-snapshot.ts';
import type { ProgressView } from '../progress/progress-view.ts';

/** Ms between two looks; with many mailboxes looks take longer, and should not take more than a tenth of the time. */
const PAUSE_MS = 400;
const PAUSE_PER_LOOK = 9;
/** Of so few mailboxes each piece of news is looked at; of more there is news all the time. */
const FEW_MAILBOXES = 24;
/** Ms for each mailbox that the pause may grow by: a look that is slow for another reason is no reason to wait. */
const PAUSE_PER_MAILBOX = 5;
const MAX_PAUSE_MS = 30_000;

export interface WatchOptions {
  /** The mailboxes of this run, as they are now. */
  readonly list: () => Promise<readonly MailboxView[]>;
  /** Resolves when something may have changed; rejects when the signal fires. */
  readonly news: (until: AbortSignal) => Promise<void>;
  /** Ms since the epoch: a pass counts only if it started at or after this. */
  readonly since: number;
  /** End when every mailbox is done; else go on until `signal`. */
  readonly untilDone: boolean;
  readonly view: ProgressView;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

export interface Watched {
  readonly mailboxes: readonly MailboxView[];
  /** Ms since the epoch at which each mailbox was seen done, by its id. */
  readonly doneAt: ReadonlyMap<string, number>;
}

/** Shows the work until it is done or the signal comes; answers what was seen last. */
export async function watchMailboxes(options: WatchOptions): Promise<Watched> {
  const { clock, signal, view } = options;
  const track = createProgressTracker();
  const doneAt = new Map<string, number>();
  for (;;) {
    const began = clock.monotonic();
    const over = new AbortController();
    // From before the look: what ends in the course of it may not be seen by it.
    const news = options.news(over.signal).catch(() => undefined);
    try {
      const mailboxes = await options.list();
      view.show(track(mailboxes, clock.monotonic()));
      let done = 0;
      for (const mailbox of mailboxes) {
        if (!isDone(mailbox, options.since)) continue;
        done += 1;
        if (!doneAt.has(mailbox.mailboxId)) doneAt.set(mailbox.mailboxId, clock.now());
      }
      if (signal.aborted || (options.untilDone && done === mailboxes.length)) return { mailboxes, doneAt };
      const longest = Math.min(MAX_PAUSE_MS, PAUSE_MS + mailboxes.length * PAUSE_PER_MAILBOX);
      const pause = Math.min(longest, Math.max(PAUSE_MS, (clock.monotonic() - began) * PAUSE_PER_LOOK));
      const paused = wait(pause, undefined, { signal: AbortSignal.any([signal, over.signal]) });
      const heard = mailboxes.length > FEW_MAILBOXES ? [] : [news];
      await Promise.race([paused.catch(() => undefined), ...heard]); // an abort is seen at the next look
    } finally {
      over.abort();
    }
  }
}

/**
 * A mailbox is done when a pass that began in this run has ended, or when nothing more happens without a person.
 * Throttled is not done: it resumes by itself.
 */
export function isDone({ status, pass }: Pick<MailboxView, 'status' | 'pass'>, since: number): boolean {
  switch (status) {
    case 'synced':
      return (
        pass.phase === 'idle' &&
        pass.again !== true &&
        pass.startedAt !== undefined &&
        pass.startedAt >= since &&
        pass.finishedAt !== undefined &&
        pass.finishedAt >= pass.startedAt
      );
    case 'needs-attention':
    case 'waiting-for-user':
    case 'stopped':
    case 'failed':
    case 'closed':
      return true;
    case 'starting':
    case 'queued':
    case 'syncing':
    case 'throttled':
    case 'stopping':
      return false;
  }
}
