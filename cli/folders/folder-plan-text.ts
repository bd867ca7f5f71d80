import type { FolderPlan } from '../api/mailhaul-api.ts';
import { markdownTable } from '../text/markdown-table.ts';
import { plural } from '../text/plural.ts';
import { printable } from '../text/printable.ts';

/** What `--json` prints for each mailbox. */
export interface MailboxPlan extends FolderPlan {
  readonly source: string;
  readonly destination: string;
}

const COLUMNS = [
  { heading: 'Source folder', align: 'left' },
  { heading: 'Destination folder', align: 'left' },
  { heading: 'Use', align: 'left' },
  { heading: 'At the destination', align: 'left' },
] as const;

const BECAUSE: Readonly<Record<FolderPlan['leftOut'][number]['because'], string>> = {
  excluded: 'left out: excluded',
  'not-included': 'left out: not included',
  junk: 'left out: junk mail',
  trash: 'left out: deleted mail',
  'without-mail': 'left out: holds no mail',
  container: 'holds folders only',
  'not-own': 'left out: not of this user',
  label: 'left out: a label, not a folder',
};

/** The folders of mailboxes for people, one table for each mailbox. */
export function folderPlanText(plans: readonly MailboxPlan[]): string {
  return plans.map(mailboxText).join('\n');
}

function mailboxText({ source, destination, folders, leftOut }: MailboxPlan): string {
  const rows = [
    ...folders.map(({ sourcePath, destinationPath, specialUse, create, decided }) => [
      printable(sourcePath),
      printable(destinationPath),
      specialUse ?? '',
      create ? 'will be made' : decided ? 'is copied there already' : 'is there',
    ]),
    ...leftOut.map(({ sourcePath, specialUse, because }) => [
      printable(sourcePath),
      '',
      specialUse ?? '',
      BECAUSE[because],
    ]),
  ];
  const made = folders.filter(({ create }) => create).length;
  return [
    `${printable(source)} -> ${printable(destination)}: ${plural(folders.length, 'folder')}, ${made} to be made`,
    '',
    markdownTable(COLUMNS, rows),
    '',
  ].join('\n');
}
