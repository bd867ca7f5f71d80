import { formatBytes } from '../text/format-bytes.ts';
import { formatDuration } from '../text/format-duration.ts';
import { plural } from '../text/plural.ts';
import { printable } from '../text/printable.ts';
import { statusText } from '../text/status-text.ts';
import type { MailboxReport, MigrationReport } from './migration-report.ts';

const MAX_LISTED_ITEMS = 20;
const HEADER = [
  'Mailbox',
  'Status',
  'Folders',
  'Listed',
  'Copied',
  'Adopted',
  'Skipped',
  'Failed',
  'Size',
  'This run',
];
/** Columns from the third on are numbers; the last one is words again. */
const isNumber = (column: number) => column >= 2 && column <= 8;

/** The report for people: a table, what needs somebody, what was skipped, and one line of totals. */
export function reportText(report: MigrationReport): string {
  const { totals } = report;
  const rate = totals.seconds > 0 ? Math.round(totals.thisRun.copied / totals.seconds) : 0;
  return [
    ...table([HEADER, ...report.mailboxes.map(cells)]),
    ...report.mailboxes.flatMap(troubles),
    ...items(report.mailboxes),
    '',
    `${plural(totals.mailboxes, 'mailbox', 'mailboxes')}: ${Object.entries(totals.statuses)
      // Object.entries forgets that the keys are statuses.
      .map(([status, count]) => `${count} ${statusText(status as MailboxReport['status'])}`)
      .join(
        ', ',
      )}. ${plural(totals.messages.copied + totals.messages.adopted, 'message')} at the destination, ${formatBytes(totals.bytes)}. This run: ${runText(totals.thisRun)} in ${formatDuration(totals.seconds)}${rate > 0 ? ` (${rate} messages/s)` : ''}.`,
    '',
  ].join('\n');
}

function cells({ destination, status, folders, messages, bytes, thisRun }: MailboxReport): string[] {
  const counts = [
    folders,
    messages.listed,
    messages.copied,
    messages.adopted,
    messages.skipped,
    messages.failed,
  ];
  return [
    printable(destination, 40),
    statusText(status),
    ...counts.map((count) => count.toLocaleString('en-US')),
    formatBytes(bytes),
    runText(thisRun),
  ];
}

function runText({ copied, adopted, skipped, failed }: MailboxReport['thisRun']): string {
  const parts = [
    ...(copied > 0 ? [`${copied.toLocaleString('en-US')} copied`] : []),
    ...(adopted > 0 ? [`${adopted.toLocaleString('en-US')} adopted`] : []),
    ...(skipped > 0 ? [`${skipped.toLocaleString('en-US')} skipped`] : []),
    ...(failed > 0 ? [`${failed.toLocaleString('en-US')} failed`] : []),
  ];
  return parts.length === 0 ? 'nothing new' : parts.join(', ');
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = HEADER.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        isNumber(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}

function troubles({ destination, status, reason, throttledUntil }: MailboxReport): string[] {
  const name = printable(destination, 60);
  if (throttledUntil !== undefined) return ['', `${name}: throttled, resumes at ${throttledUntil}.`];
  if (reason === undefined) return [];
  const detail = reason.detail === '' ? '' : ` (${printable(reason.detail, 200)})`;
  return ['', `${name}: ${statusText(status)}. ${reason.summary}${detail}`, `  ${reason.remedy}`];
}

function items(mailboxes: readonly MailboxReport[]): string[] {
  const all = mailboxes.flatMap(({ destination, skippedItems }) =>
    skippedItems.map((item) => ({ destination, ...item })),
  );
  if (all.length === 0) return [];
  const lines = all
    .slice(0, MAX_LISTED_ITEMS)
    .map(({ destination, folder, uid, state, description, subject }) => {
      const about = subject === undefined ? '' : ` “${printable(subject, 60)}”`;
      return `  ${printable(destination, 40)} · ${printable(folder, 60)} · UID ${uid}${about}: ${state}. ${description}`;
    });
  const rest = all.length - lines.length;
  return [
    '',
    'Not copied, or not as they were:',
    ...lines,
    ...(rest > 0 ? [`  … and ${rest} more; "mailhaul items" lists them`] : []),
  ];
}
