import type { FolderListing, ListedFolder } from '../imap/session/list-folders.ts';
import { DEFAULT_LABEL_POLICY, labelFolders, type LabelPolicy } from '../migration/label-policy.ts';
import type { SpecialUse } from '../migration/special-use.ts';
import type { Services } from '../services.ts';
import type { MailboxRecord } from '../state/mailbox-record.ts';
import type { BothEnds } from './both-ends.ts';
import type { ListedEnds } from './list-both-ends.ts';

/** Where All Mail comes when the destination has nothing for it. */
const ARCHIVE = 'Archive';

/** What becomes of the folders of a source whose folders are labels (Gmail). */
export interface SourceLabels {
  readonly policy: LabelPolicy;
  /** That are no folders of their own. */
  readonly leftOut: readonly ListedFolder[];
  /** Holds every message; undefined where its user hides it. */
  readonly all: ListedFolder | undefined;
  /** Places at the destination by source path. */
  readonly places: ReadonlyMap<string, string>;
}

/** By the policy of the mailbox's migration; undefined where folders are folders. */
export async function readLabels(
  { state }: Services,
  mailbox: MailboxRecord,
  ends: BothEnds,
  listed: ListedEnds,
): Promise<SourceLabels | undefined> {
  if (!ends.source.capabilities.has('X-GM-EXT-1')) return undefined;
  const migration = await state.migrations.get(mailbox.tenant, mailbox.migrationId);
  const policy = migration?.labels ?? DEFAULT_LABEL_POLICY;
  const { all, leftOut } = labelFolders(listed.source.folders, policy);
  const places = new Map(all === undefined ? [] : [[all.path, archiveOf(listed.destination)]]);
  return { policy, leftOut, all, places };
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
