import { createHash } from 'node:crypto';
import type { FolderListing, ListedFolder } from '../imap/session/list-folders.ts';
import type { ProviderProfile } from '../imap/providers/provider-profile.ts';
import { type DestinationFolder, mapFolders } from '../migration/folder-mapping.ts';
import type { SpecialUse } from '../migration/special-use.ts';
import type { FolderRecord } from '../state/folder-record.ts';
import type { MailboxRecord } from '../state/mailbox-record.ts';

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
  mailbox: Pick<MailboxRecord, 'userRoot'>;
  source: FolderListing & { profile: ProviderProfile };
  destination: FolderListing & { profile: ProviderProfile; utf8: boolean };
  known: readonly FolderRecord[];
}): { folders: PlannedFolder[]; vanished: FolderRecord[] } {
  const { source, destination, known } = input;
  const fixed = new Map(known.map((folder) => [folder.sourcePath, folder.destinationPath]));
  const listed = ownFolders(source.folders, input.mailbox.userRoot);
  const { userRoot = '' } = input.mailbox;
  const prefix = userRoot === '' ? source.namespace.prefix : userRoot;
  const mappings = mapFolders(
    listed,
    { prefix, ownNames: source.profile.folders?.ownNames },
    {
      delimiter: destination.namespace.delimiter,
      prefix: destination.namespace.prefix,
      existing: destination.folders.map(withOwnUse),
      ownNames: destination.profile.folders?.ownNames,
      caseInsensitive: destination.profile.folders?.caseInsensitive ?? false,
      reserved: destination.profile.folders?.reserved,
      utf8: destination.utf8,
      fixed,
    },
  );
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

/**
 * The user's own folders: what others share is theirs, and would be copied for everybody who sees it. With Courier
 * and Oracle the user's mailboxes stand below a root that the administrator sees.
 */
function ownFolders(folders: readonly ListedFolder[], root: string | undefined): readonly ListedFolder[] {
  if (root === undefined || root === '') return folders.filter((folder) => folder.namespace === 'personal');
  return folders.filter((folder) => folder.path === root || folder.path.startsWith(root + folder.delimiter));
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
