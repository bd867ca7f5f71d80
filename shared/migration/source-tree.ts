import { type FolderNode, isInboxName, locateFolder, type SourceFolder } from './folder-tree.ts';
import { folderUses, type OwnFolderNames } from './folder-uses.ts';
import type { FolderPlace } from './selection/folder-pattern.ts';
import type { SpecialUse } from './special-use.ts';

export interface SourcePlace extends FolderNode {
  readonly specialUse: SpecialUse | undefined;
}

/** The folders of the source that can hold mail, and what each of them is. */
export class SourceTree {
  /** Each once, parents before their children. */
  readonly folders: readonly SourcePlace[];
  /** Path of the inbox. */
  readonly inbox: string | undefined;
  readonly #uses: ReadonlyMap<string, SpecialUse>;

  /** @param prefix personal namespace or user root ('INBOX.'), taken off the paths; may be empty */
  constructor(source: readonly SourceFolder[], prefix: string, ownNames?: OwnFolderNames) {
    const selectable = source.filter((folder) => folder.selectable);
    this.folders = [...new Map(selectable.map((folder) => [folder.path, folder])).values()]
      .map((folder) => ({ ...locateFolder(folder, prefix), specialUse: folder.specialUse }))
      .toSorted((a, b) => a.segments.length - b.segments.length || (a.path < b.path ? -1 : 1));
    this.inbox = inboxOf(this.folders, prefix);
    this.#uses = new Map([...folderUses(this.folders, ownNames)].map(([use, path]) => [path, use]));
  }

  /** Where a folder stands, as the admin's patterns see it. */
  placeOf(folder: SourcePlace): FolderPlace {
    const paths = [...folder.ancestors, folder.path];
    const uses = paths.flatMap((path, index) => {
      const use = this.#isInbox(path) ? '\\Inbox' : this.#uses.get(path);
      return use === undefined ? [] : [{ use, depth: index + 1 }];
    });
    return { names: folder.segments, uses };
  }

  #isInbox(path: string): boolean {
    return path === this.inbox || (isInboxName(path) && this.inbox !== undefined && isInboxName(this.inbox));
  }

  /** The special use that a folder stands for. */
  useOf(path: string): SpecialUse | undefined {
    return this.#uses.get(path);
  }
}

/** INBOX itself; where the source lists none, the root of the personal namespace, or an INBOX inside it. */
function inboxOf(folders: readonly SourcePlace[], prefix: string): string | undefined {
  const listed = folders.filter((folder) => isInboxName(folder.path));
  const isRoot = ({ path }: SourcePlace) =>
    path !== '' && prefix.startsWith(path) && prefix.length - path.length <= 1;
  const isInside = ({ segments }: SourcePlace) => segments.length === 1 && isInboxName(segments[0] ?? '');
  const inbox =
    listed.find((folder) => folder.path === 'INBOX') ??
    listed[0] ??
    folders.find((folder) => folder.specialUse === '\\Inbox') ??
    folders.find(isRoot) ??
    folders.find(isInside);
  return inbox?.path;
}
