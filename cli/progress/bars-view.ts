import { MultiBar, Presets, type Options, type Params } from 'cli-progress';
import type { MailboxStatus } from '../../shared/migration/mailbox-status.ts';
import { plural } from '../text/plural.ts';
import { printable } from '../text/printable.ts';
import { statusText } from '../text/status-text.ts';
import { countStatuses, describeProgress } from './progress-line.ts';
import type { MailboxProgress, ProgressSnapshot } from './progress-snapshot.ts';
import type { ProgressView } from './progress-view.ts';

/** Characters; a narrow terminal keeps room for the words. */
const WIDE = { columns: 110, name: 28, bar: 24 };
const NARROW = { name: 20, bar: 8 };
const MAX_BARS = 16;

interface Payload {
  readonly name: string;
  readonly status: string;
  readonly words: string;
}

/** Which mailboxes deserve one of few lines: those that move, then those that need somebody, then the rest. */
const INTEREST: Record<MailboxStatus, number> = {
  syncing: 0,
  throttled: 1,
  'needs-attention': 2,
  failed: 2,
  'waiting-for-user': 2,
  stopping: 3,
  starting: 3,
  queued: 4,
  synced: 5,
  stopped: 6,
  closed: 7,
};

/** A bar for each mailbox; when there are more than fit the terminal, a summary and the active ones. */
export function createBarsView(output: NodeJS.WriteStream): ProgressView {
  const bars = new MultiBar(
    {
      stream: output,
      format: (options, params, payload) =>
        formatBar(options, params, payload, (output.columns ?? 80) >= WIDE.columns ? WIDE : NARROW),
      hideCursor: true,
      clearOnComplete: false,
      stopOnComplete: false,
      autopadding: false,
      fps: 10,
      // Ctrl-C is ours: it ends the work in order, and the bars with it.
      gracefulExit: false,
    },
    Presets.shades_classic,
  );
  const slots: ReturnType<MultiBar['create']>[] = [];
  let closed = false;
  const fill = (index: number, done: number, listed: number, payload: Payload) => {
    const slot = (slots[index] ??= bars.create(1, 0, payload));
    slot.setTotal(Math.max(1, listed));
    slot.update(listed === 0 && payload.status === statusText('synced') ? 1 : done, payload);
  };
  return {
    show(snapshot) {
      if (closed) return;
      const lines = linesFor(snapshot, Math.max(3, Math.min(MAX_BARS, (output.rows ?? 24) - 4)));
      lines.forEach(({ done, listed, ...payload }, index) => fill(index, done, listed, payload));
    },
    note(text) {
      if (closed || slots.length === 0) output.write(`${text}\n`);
      else bars.log(`${text}\n`);
    },
    close() {
      if (closed) return;
      closed = true;
      bars.stop();
    },
  };
}

function linesFor(
  { mailboxes, total }: ProgressSnapshot,
  room: number,
): (Payload & { done: number; listed: number })[] {
  const line = (mailbox: MailboxProgress) => ({
    name: mailbox.destination,
    status: statusText(mailbox.status),
    words: describeProgress(mailbox),
    done: mailbox.done,
    listed: mailbox.listed,
  });
  if (mailboxes.length <= room) return mailboxes.map(line);
  const active = mailboxes.toSorted((a, b) => INTEREST[a.status] - INTEREST[b.status]).slice(0, room - 1);
  const words = describeProgress({ ...total, throttledUntil: undefined, attention: undefined });
  return [
    {
      name: plural(mailboxes.length, 'mailbox', 'mailboxes'),
      status: '',
      words: `${words} · ${countStatuses(mailboxes)}`,
      done: total.done,
      listed: total.listed,
    },
    ...active.map(line),
  ];
}

function formatBar(
  options: Options,
  params: Params,
  payload: Payload,
  width: { readonly name: number; readonly bar: number },
): string {
  const complete = Math.round(Math.min(1, params.progress) * width.bar);
  const bar =
    (options.barCompleteString ?? '').slice(0, complete) +
    (options.barIncompleteString ?? '').slice(0, width.bar - complete);
  const name = printable(payload.name, width.name).padEnd(width.name);
  return `${name} ${payload.status.padEnd(15)} ${bar} ${payload.words}`;
}
