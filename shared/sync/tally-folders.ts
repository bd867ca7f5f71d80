import type { State } from '../state/create-state.ts';
import type { FolderRecord } from '../state/folder-record.ts';
import type { MailboxKey } from '../state/mailbox-record.ts';
import { FolderTally } from './folder-tally.ts';

export interface TalliedFolder {
  readonly folder: FolderRecord;
  /** To be called once. */
  readonly tally: () => Promise<FolderTally>;
}

/**
 * Counts the pages of folders, so that several may be counted at once. Where they are most of the mailbox's pages, all are read in
 * one range: a request for each megabyte then, and not one for each folder.
 *
 * @param all the mailbox's folders
 * @param wanted those of them that are to be counted
 */
export async function* tallyFolders(
  { pages }: Pick<State, 'pages'>,
  key: MailboxKey,
  all: readonly FolderRecord[],
  wanted: readonly FolderRecord[],
): AsyncGenerator<TalliedFolder> {
  if (wanted.length > 1 && 2 * pagesOf(wanted) >= pagesOf(all)) {
    yield* tallyRange(pages, key, wanted);
    return;
  }
  for (const folder of wanted) {
    const tally = async (): Promise<FolderTally> => {
      const counted = new FolderTally();
      for await (const page of pages.listPacked(key, folder)) counted.add(page);
      return counted;
    };
    yield { folder, tally };
  }
}

async function* tallyRange(
  pages: State['pages'],
  key: MailboxKey,
  wanted: readonly FolderRecord[],
): AsyncGenerator<TalliedFolder> {
  const left = new Map(wanted.map((folder) => [folder.folderId, folder]));
  let current: { readonly folder: FolderRecord; readonly counted: FolderTally } | undefined;
  for await (const page of pages.listAllPacked(key)) {
    if (current !== undefined && current.folder.folderId !== page.folderId) {
      yield tallied(current.folder, current.counted);
      current = undefined;
    }
    const folder = current?.folder ?? left.get(page.folderId);
    // Of a former epoch, a crash may have left pages behind.
    if (folder === undefined || folder.epoch !== page.epoch) continue;
    left.delete(page.folderId);
    current ??= { folder, counted: new FolderTally() };
    current.counted.add(page);
  }
  if (current !== undefined) yield tallied(current.folder, current.counted);
  for (const folder of left.values()) yield tallied(folder, new FolderTally());
}

function tallied(folder: FolderRecord, counted: FolderTally): TalliedFolder {
  return { folder, tally: () => Promise.resolve(counted) };
}

function pagesOf(folders: readonly FolderRecord[]): number {
  return folders.reduce((sum, folder) => sum + folder.pages, 0);
}
