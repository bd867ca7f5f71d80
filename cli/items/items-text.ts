import type { MigrationItem } from '../api/mailhaul-api.ts';
import { csvText } from '../text/csv-text.ts';
import { formatBytes } from '../text/format-bytes.ts';
import { plural } from '../text/plural.ts';
import { printable } from '../text/printable.ts';

/** Items for people: what each is, why it was not copied, and what to do about it, said once for each reason. */
export function itemsText(items: readonly MigrationItem[]): string {
  if (items.length === 0) return 'Nothing was skipped or failed, and nothing was altered.\n';
  const byReason = Map.groupBy(items, ({ reason }) => reason.code);
  const parts = [...byReason.values()].flatMap((group) => {
    const [{ reason } = { reason: { summary: '', remedy: '' } }] = group;
    return [`${reason.summary} ${reason.remedy}`, ...group.map(line), ''];
  });
  const altered = items.filter(({ state }) => state === 'copied').length;
  const sums = [
    `${plural(items.length - altered, 'message')} not copied`,
    ...(altered === 0
      ? []
      : [`${plural(altered, 'message')} copied that the destination keeps in another form`]),
  ];
  return [...parts, `${sums.join(', ')}.`, ''].join('\n');
}

function line(item: MigrationItem): string {
  const about = [
    printable(item.email, 60),
    printable(item.folder, 60),
    `UID ${item.uid}`,
    ...[item.date, item.from, item.subject, item.messageId].flatMap((text) =>
      text === undefined || text === '' ? [] : [printable(text, 80)],
    ),
    ...(item.size === undefined || item.size === 0 ? [] : [formatBytes(item.size)]),
    ...(item.state === 'copied' ? [] : [`${item.state} after ${plural(item.attempts, 'try', 'tries')}`]),
    ...(item.serverText === undefined ? [] : [`“${printable(item.serverText, 200)}”`]),
  ];
  return `  ${about.join(' · ')}`;
}

const HEADER = [
  'Mailbox',
  'Folder',
  'UID',
  'State',
  'Reason',
  'Description',
  'Remedy',
  'ServerText',
  'Date',
  'From',
  'Subject',
  'MessageID',
  'Bytes',
  'Attempts',
  'At',
  'Item',
  'MailboxID',
];

/** Items for a spreadsheet, one row each. */
export function itemsCsv(items: readonly MigrationItem[]): string {
  return csvText([
    HEADER,
    ...items.map((item) => [
      item.email,
      item.folder,
      item.uid,
      item.state,
      item.reason.code,
      item.reason.summary,
      item.reason.remedy,
      item.serverText,
      item.date,
      item.from,
      item.subject,
      item.messageId,
      item.size,
      item.attempts,
      item.at,
      item.itemId,
      item.mailboxId,
    ]),
  ]);
}
