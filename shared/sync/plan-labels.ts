import type { MailboxCounters } from '../imap/mailbox/open-mailbox.ts';
import type { FolderListing, ListedFolder } from '../imap/session/list-folders.ts';
import { DEFAULT_LABEL_POLICY, labelFolders, labelRank } from '../migration/label-policy.ts';
import type { SpecialUse } from '../migration/special-use.ts';
import type { Services } from '../services.ts';
import type { FolderRecord } from '../state/folder-record.ts';
import type { MailboxKey, MailboxRecord } from '../state/mailbox-record.ts';
import type { PlannedFolder } from './describe-folders.ts';
import { LabelClaims } from './label-claims.ts';

/** Where All Mail comes when the destination has nothing for it. */
const ARCHIVE = 'Archive';

/** What a source whose folders are labels (Gmail) changes in a planning. */
interface PlannedLabels {
  /** That are copied. */
  readonly folders: readonly ListedFolder[];
  /** Source paths of those that are not: they are at the source nevertheless. */
  readonly leftOut: ReadonlySet<string>;
  readonly places: ReadonlyMap<string, string>;
  /** Undefined where nothing has changed in any of them, and nothing is tried again that somebody asked for. */
  readonly claimsFor: (
    folders: readonly PlannedFolder[],
    known: readonly FolderRecord[],
    counters: ReadonlyMap<string, MailboxCounters>,
    retrying: boolean,
  ) => Promise<LabelClaims | undefined>;
}

/** Reads the policy of the migration, and tells the admin at the first look what is not a folder. */
export async function planLabels(
  services: Services,
  mailbox: MailboxRecord,
  listed: readonly ListedFolder[],
  destination: FolderListing,
): Promise<PlannedLabels> {
  const key: MailboxKey = { tenant: mailbox.tenant, mailboxId: mailbox.mailboxId };
  const migration = await services.state.migrations.get(mailbox.tenant, mailbox.migrationId);
  const policy = migration?.labels ?? DEFAULT_LABEL_POLICY;
  const { all, folders, leftOut } = labelFolders(listed, policy);
  if (mailbox.pass.number === 1) await tellLabels(services, key, { all, leftOut });
  return {
    folders,
    leftOut: new Set(leftOut.map(({ path }) => path)),
    places: new Map(all === undefined ? [] : [[all.path, archiveOf(destination)]]),
    async claimsFor(planned, known, counters, retrying) {
      const hasChanged = planned.some((folder) => differs(folder, counters.get(folder.sourcePath)));
      const isDue = policy.copies === 'each-label' && planned.some((folder) => mayGetCopies(folder, all));
      if (!hasChanged && !retrying && !isDue) return undefined;
      const epochs = new Map(known.map(({ folderId, epoch }) => [folderId, epoch]));
      for (const folder of planned) {
        epochs.set(folder.folderId, epochOf(folder.known, counters.get(folder.sourcePath)));
      }
      return LabelClaims.load(services, key, epochs, { policy, allPath: all?.path });
    },
  };
}

/** At a destination with labels, what is archived is in All Mail as well. */
function archiveOf({ folders, namespace }: FolderListing): string {
  const placeOf = (use: SpecialUse) =>
    folders.find((folder) => folder.specialUse === use && folder.selectable);
  const place = placeOf('\\Archive') ?? placeOf('\\All');
  const { delimiter, prefix } = namespace;
  const head = prefix === '' || prefix.endsWith(delimiter) ? prefix : prefix + delimiter;
  return place?.path ?? head + ARCHIVE;
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
function mayGetCopies({ known, sourcePath }: PlannedFolder, all: ListedFolder | undefined): boolean {
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

async function tellLabels(
  services: Services,
  key: MailboxKey,
  labels: { readonly all: ListedFolder | undefined; readonly leftOut: readonly ListedFolder[] },
): Promise<void> {
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
