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
  /** Path to use, of folders that can hold mail. */
  readonly #uses: ReadonlyMap<string, SpecialUse>;
  /** The same with containers, whose children belong to the use as well. */
  readonly #usesAbove: ReadonlyMap<string, SpecialUse>;

  /** @param prefix personal namespace or user root ('INBOX.'), taken off the paths; may be empty */
  constructor(source: readonly SourceFolder[], prefix: string, ownNames?: OwnFolderNames) {
    const listed = [...new Map(source.map((folder) => [folder.path, folder])).values()].map((folder) => ({
      ...locateFolder(folder, prefix),
      specialUse: folder.specialUse,
      selectable: folder.selectable,
    }));
    this.folders = listed
      .filter(({ selectable }) => selectable)
      .toSorted((a, b) => a.segments.length - b.segments.length || (a.path < b.path ? -1 : 1));
    this.inbox = inboxOf(this.folders, prefix);
    this.#uses = byPath(folderUses(this.folders, ownNames));
    this.#usesAbove = byPath(folderUses(withContainers(listed), ownNames));
  }

  /** Where a folder stands, as the admin's patterns see it. */
  placeOf(folder: SourcePlace): FolderPlace {
    const paths = [...folder.ancestors, folder.path];
    const uses = paths.flatMap((path, index) => {
      const use = this.#isInbox(path) ? '\\Inbox' : (this.#uses.get(path) ?? this.#usesAbove.get(path));
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

function byPath(uses: ReadonlyMap<SpecialUse, string>): Map<string, SpecialUse> {
  return new Map([...uses].map(([use, path]) => [path, use]));
}

/** With folders that are not listed, but have others below them. */
function withContainers(listed: readonly SourcePlace[]): SourcePlace[] {
  const places = new Map(listed.map((folder) => [folder.path, folder]));
  for (const { ancestors, segments } of listed) {
    for (const [index, path] of ancestors.entries()) {
      if (places.has(path)) continue;
      places.set(path, {
        path,
        segments: segments.slice(0, index + 1),
        ancestors: ancestors.slice(0, index),
        specialUse: undefined,
      });
    }
  }
  return [...places.values()];
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
