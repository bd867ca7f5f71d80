import { formatBytes } from '../text/format-bytes.ts';
import { formatDuration } from '../text/format-duration.ts';
import { plural } from '../text/plural.ts';
import { printable } from '../text/printable.ts';
import { statusText } from '../text/status-text.ts';
import { type MailboxReport, type MigrationReport, notCopied } from './migration-report.ts';

const MAX_LISTED_ITEMS = 20;

interface Column {
  readonly title: string;
  readonly cell: (mailbox: MailboxReport) => string;
  /** Numbers stand at the right. */
  readonly isNumber?: boolean;
}

const OTHER_LABEL = counted('Other label', ({ messages }) => messages.underOtherLabel);
const COLUMNS: readonly Column[] = [
  { title: 'Mailbox', cell: ({ destination }) => printable(destination, 40) },
  { title: 'Status', cell: ({ status }) => statusText(status) },
  counted('Folders', ({ folders }) => folders),
  counted('Listed', ({ messages }) => messages.listed),
  counted('Copied', ({ messages }) => messages.copied),
  counted('Adopted', ({ messages }) => messages.adopted),
  OTHER_LABEL,
  counted('Skipped', ({ messages }) => notCopied(messages)),
  counted('Failed', ({ messages }) => messages.failed),
  { title: 'Size', cell: ({ bytes }) => formatBytes(bytes), isNumber: true },
  { title: 'This run', cell: ({ thisRun }) => runText(thisRun) },
];

/** The report for people: a table, what needs somebody, what was skipped, and one line of totals. */
export function reportText(report: MigrationReport): string {
  const { totals } = report;
  const rate = totals.seconds > 0 ? Math.round(totals.thisRun.copied / totals.seconds) : 0;
  return [
    ...table(report),
    ...report.mailboxes.flatMap(troubles),
    ...items(report.mailboxes),
    '',
    `${plural(totals.mailboxes, 'mailbox', 'mailboxes')}: ${Object.entries(totals.statuses)
      // Object.entries forgets that the keys are statuses.
      .map(([status, count]) => `${count} ${statusText(status as MailboxReport['status'])}`)
      .join(', ')}. ${thereText(totals)} This run: ${runText(totals.thisRun)} in ${formatDuration(
      totals.seconds,
    )}${rate > 0 ? ` (${rate} messages/s)` : ''}.`,
    '',
  ].join('\n');
}

function counted(title: string, count: (mailbox: MailboxReport) => number): Column {
  return { title, cell: (mailbox) => count(mailbox).toLocaleString('en-US'), isNumber: true };
}

/** What is at the destination, and why a source with labels lists more. */
function thereText({ messages, bytes }: MigrationReport['totals']): string {
  const there = `${plural(messages.copied + messages.adopted, 'message')} at the destination, ${formatBytes(bytes)}.`;
  if (messages.underOtherLabel === 0) return there;
  const again = messages.underOtherLabel.toLocaleString('en-US');
  return `${there} Listed again with another label: ${again}.`;
}

/** A message that only got another label is nothing new. */
function runText(thisRun: MailboxReport['thisRun']): string {
  const { copied, adopted, failed } = thisRun;
  const skipped = notCopied(thisRun);
  const parts = [
    ...(copied > 0 ? [`${copied.toLocaleString('en-US')} copied`] : []),
    ...(adopted > 0 ? [`${adopted.toLocaleString('en-US')} adopted`] : []),
    ...(skipped > 0 ? [`${skipped.toLocaleString('en-US')} skipped`] : []),
    ...(failed > 0 ? [`${failed.toLocaleString('en-US')} failed`] : []),
  ];
  return parts.length === 0 ? 'nothing new' : parts.join(', ');
}

function table({ mailboxes, totals }: MigrationReport): string[] {
  const columns = COLUMNS.filter((column) => column !== OTHER_LABEL || totals.messages.underOtherLabel > 0);
  const rows = [
    columns.map(({ title }) => title),
    ...mailboxes.map((mailbox) => columns.map(({ cell }) => cell(mailbox))),
  ];
  const widths = columns.map((_, index) => Math.max(...rows.map((row) => (row[index] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, index) => {
        const width = widths[index] ?? 0;
        return columns[index]?.isNumber === true ? cell.padStart(width) : cell.padEnd(width);
      })
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
