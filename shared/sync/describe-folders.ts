import { createHash } from 'node:crypto';
import type { FolderListing, ListedFolder } from '../imap/session/list-folders.ts';
import type { ProviderProfile } from '../imap/providers/provider-profile.ts';
import { type DestinationFolder, type FolderMapping, mapFolders } from '../migration/folder-mapping.ts';
import { parseFolderMap } from '../migration/selection/folder-map.ts';
import { parseFolderSelection } from '../migration/selection/folder-selection.ts';
import type { MailSelection } from '../migration/selection/mail-selection.ts';
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

/** A source folder that the admin's selection leaves out, and where it would come. */
type LeftOutFolder = FolderMapping & { readonly leftOut: NonNullable<FolderMapping['leftOut']> };

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
  source: FolderListing & { profile: ProviderProfile };
  destination: FolderListing & { profile: ProviderProfile; utf8: boolean };
  known: readonly FolderRecord[];
}): DescribedFolders {
  const { source, destination, known, selection } = input;
  const fixed = new Map(known.map((folder) => [folder.sourcePath, folder.destinationPath]));
  const listed = ownFolders(source.folders, input.mailbox.userRoot);
  const { userRoot = '' } = input.mailbox;
  const prefix = userRoot === '' ? source.namespace.prefix : userRoot;
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
      ownNames: destination.profile.folders?.ownNames,
      caseInsensitive: destination.profile.folders?.caseInsensitive ?? false,
      reserved: destination.profile.folders?.reserved,
      utf8: destination.utf8,
      fixed,
    },
  );
  const bySource = new Map(known.map((folder) => [folder.sourcePath, folder]));
  const seen = new Set<string>();
  const leftOut: LeftOutFolder[] = [];
  const folders: PlannedFolder[] = [];
  for (const [order, mapping] of mappings.entries()) {
    seen.add(mapping.sourcePath);
    if (mapping.leftOut !== undefined) {
      leftOut.push({ ...mapping, leftOut: mapping.leftOut });
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
  return { folders, leftOut, vanished: known.filter((folder) => !seen.has(folder.sourcePath)) };
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
