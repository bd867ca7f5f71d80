import { createHash } from 'node:crypto';
import type { ListedFolder } from '../imap/session/list-folders.ts';
import { type DestinationFolder, mapFolders } from '../migration/folder-mapping.ts';
import { parseFolderMap } from '../migration/selection/folder-map.ts';
import { parseFolderSelection, SELECTION_REASONS } from '../migration/selection/folder-selection.ts';
import type { MailSelection } from '../migration/selection/mail-selection.ts';
import type { SpecialUse } from '../migration/special-use.ts';
import type { FolderRecord } from '../state/folder-record.ts';
import type { MailboxRecord } from '../state/mailbox-record.ts';
import { SourceRootMissingError } from './errors.ts';
import type { ListedEnds } from './list-both-ends.ts';
import type { SourceLabels } from './read-labels.ts';

/** A source folder with its place at the destination and what the ledger knew of it so far. */
export interface PlannedFolder {
  readonly folderId: string;
  readonly sourcePath: string;
  /** See `FolderRecord`. */
  readonly sourceName?: string;
  readonly sourceDelimiter: string;
  readonly destinationPath: string;
  readonly specialUse?: SpecialUse;
  readonly create: boolean;
  readonly rank: number;
  readonly order: number;
  readonly known?: FolderRecord;
}

/** Why a source folder is not copied. */
export const LEFT_OUT_REASONS = [
  ...SELECTION_REASONS,
  /** It holds no mail, only folders. */
  'container',
  /** It is somebody else's, or outside of the user root. */
  'not-own',
  /** It is a label that is no folder (Gmail): its messages come with their other labels. */
  'label',
] as const;

export interface LeftOutFolder {
  readonly sourcePath: string;
  readonly specialUse?: SpecialUse;
  readonly because: (typeof LEFT_OUT_REASONS)[number];
}

export interface DescribedFolders {
  readonly folders: readonly PlannedFolder[];
  readonly leftOut: readonly LeftOutFolder[];
  /** Known from earlier passes and no longer at the source. */
  readonly vanished: readonly FolderRecord[];
}

/** Matches the folders of both ends; earlier decisions stay, so that a folder never changes its place. */
export function describeFolders(input: {
  mailbox: Pick<MailboxRecord, 'userRoot'>;
  selection: MailSelection;
  source: ListedEnds['source'];
  destination: ListedEnds['destination'];
  known: readonly FolderRecord[];
  /** Where the source has labels. */
  labels?: SourceLabels | undefined;
}): DescribedFolders {
  const { source, destination, known, selection } = input;
  const fixed = new Map([
    ...(input.labels?.places ?? []),
    ...known.map((folder): [string, string] => [folder.sourcePath, folder.destinationPath]),
  ]);
  const { userRoot = '' } = input.mailbox;
  const notFolders = new Set(input.labels?.leftOut);
  const theirs = userRoot === '' ? ownFolders(source.folders) : foldersBelow(source.folders, userRoot);
  const listed = theirs.filter((folder) => !notFolders.has(folder));
  const prefix = userRoot === '' ? source.namespace.prefix : rootOf(userRoot, listed[0]?.delimiter ?? '');
  const mappings = mapFolders(
    listed,
    {
      prefix,
      ownNames: source.profile.folders?.ownNames,
      wishes: parseFolderMap(selection.folderMap ?? []),
      selection: parseFolderSelection({ ...selection, withoutMail: source.profile.folders?.withoutMail }),
    },
    {
      delimiter: destination.namespace.delimiter,
      prefix: destination.namespace.prefix,
      existing: destination.folders.map(withOwnUse),
      ...destination.profile.folders,
      caseInsensitive: destination.profile.folders?.caseInsensitive ?? false,
      utf8: destination.utf8,
      fixed,
    },
  );
  const bySource = new Map(known.map((folder) => [folder.sourcePath, folder]));
  const seen = new Set<string>();
  const own = new Set(listed);
  const leftOut = source.folders.flatMap((folder): LeftOutFolder[] => {
    const { path: sourcePath, selectable } = folder;
    if (notFolders.has(folder)) {
      return [{ sourcePath, because: 'label', ...(folder.specialUse && { specialUse: folder.specialUse }) }];
    }
    if (!own.has(folder)) return [{ sourcePath, because: 'not-own' }];
    return selectable ? [] : [{ sourcePath, because: 'container' }];
  });
  const folders: PlannedFolder[] = [];
  for (const [order, mapping] of mappings.entries()) {
    seen.add(mapping.sourcePath);
    if (mapping.leftOut !== undefined) {
      const { sourcePath, specialUse, leftOut: because } = mapping;
      leftOut.push({ sourcePath, because, ...(specialUse && { specialUse }) });
      continue;
    }
    const record = bySource.get(mapping.sourcePath);
    const origin = listed.find((folder) => folder.path === mapping.sourcePath);
    folders.push({
      folderId: record?.folderId ?? folderIdOf(mapping.sourcePath),
      sourcePath: mapping.sourcePath,
      ...(origin?.listedName !== undefined && { sourceName: origin.listedName }),
      sourceDelimiter: origin?.delimiter ?? source.namespace.delimiter,
      destinationPath: mapping.destinationPath,
      create: mapping.create,
      rank: rankOf(mapping.sourcePath, mapping.specialUse),
      order,
      ...(mapping.specialUse && { specialUse: mapping.specialUse }),
      ...(record && { known: record }),
    });
  }
  for (const { path } of notFolders) seen.add(path);
  return { folders, leftOut, vanished: known.filter((folder) => !seen.has(folder.sourcePath)) };
}

/** What others share is theirs, and would be copied for everybody who sees it. */
function ownFolders(folders: readonly ListedFolder[]): readonly ListedFolder[] {
  return folders.filter((folder) => folder.namespace === 'personal');
}

/**
 * Some servers keep the mailboxes of many users in one tree (Courier, Oracle): the root is this user's INBOX, what lies
 * below it are the folders.
 * @throws SourceRootMissingError rather than taking a misspelled root for an empty mailbox
 */
function foldersBelow(folders: readonly ListedFolder[], userRoot: string): readonly ListedFolder[] {
  const below = folders.filter(({ path, delimiter }) => {
    const root = rootOf(userRoot, delimiter);
    return path === root || (delimiter !== '' && path.startsWith(root + delimiter));
  });
  if (below.length === 0) throw new SourceRootMissingError(userRoot);
  return below;
}

/** The root as the server lists it: people end it with the delimiter, or do not. */
function rootOf(userRoot: string, delimiter: string): string {
  const bare =
    delimiter !== '' && userRoot.endsWith(delimiter) ? userRoot.slice(0, -delimiter.length) : userRoot;
  return bare.toUpperCase() === 'INBOX' ? 'INBOX' : bare;
}

/** A folder of somebody else is nobody's place for sent mail here. */
function withOwnUse(folder: ListedFolder): DestinationFolder {
  return folder.namespace === 'personal' ? folder : { ...folder, specialUse: undefined };
}

function folderIdOf(sourcePath: string): string {
  return createHash('sha256').update(sourcePath).digest('hex').slice(0, 16);
}

/** The order in which people miss their mail: inbox, what they sent, their folders, then junk and bin. */
function rankOf(path: string, specialUse: SpecialUse | undefined): number {
  if (path.toUpperCase() === 'INBOX') return 0;
  switch (specialUse) {
    case '\\Sent':
      return 1;
    case '\\Drafts':
      return 2;
    case '\\Junk':
      return 90;
    case '\\Trash':
      return 91;
    default:
      return 10;
  }
}
