import { createHash } from 'node:crypto';
import type { FolderListing, ListedFolder } from '../imap/session/list-folders.ts';
import { mapFolders } from '../migration/folder-mapping.ts';
import type { SpecialUse } from '../migration/special-use.ts';
import type { FolderRecord } from '../state/folder-record.ts';
import type { MailboxRecord } from '../state/mailbox-record.ts';
import { SourceRootMissingError } from './errors.ts';

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

/** Matches the folders of both ends; earlier decisions stay, so that a folder never changes its place. */
export function describeFolders(input: {
  mailbox: MailboxRecord;
  source: FolderListing;
  destination: FolderListing & { utf8: boolean };
  known: readonly FolderRecord[];
}): { folders: PlannedFolder[]; vanished: FolderRecord[] } {
  const { source, destination, known } = input;
  const fixed = new Map(known.map((folder) => [folder.sourcePath, folder.destinationPath]));
  const { userRoot } = input.mailbox;
  const listed = userRoot ? foldersBelow(source.folders, userRoot) : ownFolders(source.folders);
  const prefix = userRoot ? rootOf(userRoot, listed[0]?.delimiter ?? '') : source.namespace.prefix;
  const mappings = mapFolders(listed, prefix, {
    delimiter: destination.namespace.delimiter,
    prefix: destination.namespace.prefix,
    existing: destination.folders,
    caseInsensitive: false,
    utf8: destination.utf8,
    fixed,
  });
  const bySource = new Map(known.map((folder) => [folder.sourcePath, folder]));
  const seen = new Set<string>();
  const folders = mappings.map((mapping, order): PlannedFolder => {
    seen.add(mapping.sourcePath);
    const record = bySource.get(mapping.sourcePath);
    const origin = listed.find((folder) => folder.path === mapping.sourcePath);
    return {
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
    };
  });
  return { folders, vanished: known.filter((folder) => !seen.has(folder.sourcePath)) };
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
