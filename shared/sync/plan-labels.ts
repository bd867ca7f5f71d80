import type { MailboxCounters } from '../imap/mailbox/open-mailbox.ts';
import { labelRank } from '../migration/label-policy.ts';
import type { Services } from '../services.ts';
import type { FolderRecord } from '../state/folder-record.ts';
import type { MailboxKey, MailboxRecord } from '../state/mailbox-record.ts';
import type { PlannedFolder } from './describe-folders.ts';
import { LabelClaims } from './label-claims.ts';
import type { SourceLabels } from './read-labels.ts';

/**
 * Which messages are copied with which label; undefined where nothing has changed in any of them, and nothing is tried
 * again that somebody asked for, nor is a copy for another label due.
 */
export async function claimsOfLabels(
  services: Services,
  mailbox: MailboxRecord,
  planned: {
    readonly labels: SourceLabels;
    readonly folders: readonly PlannedFolder[];
    readonly known: readonly FolderRecord[];
    readonly counters: ReadonlyMap<string, MailboxCounters>;
    readonly retrying: boolean;
  },
): Promise<LabelClaims | undefined> {
  const { labels, folders, known, counters, retrying } = planned;
  const hasChanged = folders.some((folder) => differs(folder, counters.get(folder.sourcePath)));
  const isDue =
    labels.policy.copies === 'each-label' && folders.some((folder) => mayGetCopies(folder, labels.all));
  if (!hasChanged && !retrying && !isDue) return undefined;
  const epochs = new Map(known.map(({ folderId, epoch }) => [folderId, epoch]));
  for (const folder of folders) {
    epochs.set(folder.folderId, epochOf(folder.known, counters.get(folder.sourcePath)));
  }
  return LabelClaims.load(services, mailbox, epochs, { policy: labels.policy, allPath: labels.all?.path });
}

/** Folders in the order in which they may claim messages. */
export function inOrderOfLabels(folders: readonly PlannedFolder[]): PlannedFolder[] {
  const rankOf = ({ sourcePath: path, specialUse }: PlannedFolder): number =>
    labelRank({ path, ...(specialUse && { specialUse }) });
  return folders.toSorted((a, b) => rankOf(a) - rankOf(b) || a.order - b.order);
}

function differs({ known }: PlannedFolder, now: MailboxCounters | undefined): boolean {
  const before = known?.source;
  if (before === undefined || now === undefined) return true;
  const same = before.uidNext === now.uidNext && before.messages === now.messages;
  return !same || before.uidValidity !== now.uidValidity || now.messages > (known?.counts.listed ?? 0);
}

/** Whether it has entries of messages with other labels that were not looked at, or such as may soon be copied. */
function mayGetCopies({ known, sourcePath }: PlannedFolder, all: SourceLabels['all']): boolean {
  if (known === undefined) return false;
  const isNew = known.labelCopies !== 'made' && known.counts.skipped > 0 && sourcePath !== all?.path;
  return isNew || (known.retryPages ?? []).length > 0;
}

/** In which this planning goes on with a folder. */
function epochOf(known: FolderRecord | undefined, now: MailboxCounters | undefined): number {
  if (known === undefined) return 1;
  const renumbered =
    now !== undefined && known.source !== undefined && known.source.uidValidity !== now.uidValidity;
  return renumbered ? known.epoch + 1 : known.epoch;
}

/** Tells the admin at the first look what is not a folder. */
export async function tellLabels(services: Services, key: MailboxKey, labels: SourceLabels): Promise<void> {
  const at = services.clock.now();
  const names = labels.leftOut.map(({ path }) => `"${path}"`).join(', ');
  await services.state.events.add(key, {
    at,
    type: 'labels',
    text: `Labels are copied as folders.${names === '' ? '' : ` Not copied as folders: ${names}; stars arrive as flags.`} Categories such as Promotions are no labels: their mail comes with its labels, mostly to the inbox. A label that its user hides from IMAP cannot be seen: its mail comes to the archive.`,
  });
  if (labels.all !== undefined) return;
  await services.state.events.add(key, {
    at,
    type: 'hidden-mail',
    text: 'All Mail is hidden from IMAP, so that mail without a label cannot be copied. In the Gmail settings, under "Labels", let All Mail be shown in IMAP; the next pass copies the rest.',
  });
}
