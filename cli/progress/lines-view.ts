import { systemClock } from '../../shared/migration/clock.ts';
import { plural } from '../text/plural.ts';
import { countStatuses, describeProgress, mailboxLine } from './progress-line.ts';
import type { ProgressView } from './progress-view.ts';

const PERIOD_MS = 5000;
/** With more mailboxes than this a line for every change of status would be noise. */
const FEW = 20;

/** Plain lines for logs and pipes: each change of status, and a summary every few seconds. */
export function createLinesView(output: { write(text: string): unknown }, clock = systemClock): ProgressView {
  const statuses = new Map<string, string>();
  let lastSummary = -Infinity;
  let lastText = '';
  const line = (text: string) => output.write(`${text}\n`);
  return {
    show({ mailboxes, total }) {
      for (const mailbox of mailboxes) {
        const status = `${mailbox.status} ${mailbox.throttledUntil ?? ''}`;
        if (statuses.get(mailbox.mailboxId) === status) continue;
        statuses.set(mailbox.mailboxId, status);
        if (mailboxes.length <= FEW || mailbox.attention !== undefined) line(mailboxLine(mailbox));
      }
      if (clock.monotonic() - lastSummary < PERIOD_MS) return;
      lastSummary = clock.monotonic();
      const text = `${plural(mailboxes.length, 'mailbox', 'mailboxes')}: ${countStatuses(mailboxes)} · ${describeProgress({ ...total, throttledUntil: undefined, attention: undefined })}`;
      if (text !== lastText) line(text);
      lastText = text;
    },
    note: line,
    close() {
      // Nothing is held.
    },
  };
}
