import { DestinationNames, type DestinationRules } from './destination-names.ts';
import { isInboxName, locateFolder, type SourceFolder } from './folder-tree.ts';
import { folderUses, type OwnFolderNames } from './folder-uses.ts';
import { mapByWish } from './map-by-wish.ts';
import type { FolderWish } from './selection/folder-map.ts';
import type { FolderSelection, LeftOutBecause } from './selection/folder-selection.ts';
import { type SourcePlace, SourceTree } from './source-tree.ts';
import type { SpecialUse } from './special-use.ts';

export type { DestinationFolder, DestinationRules } from './destination-names.ts';
export type { SourceFolder } from './folder-tree.ts';
export type { SpecialUse } from './special-use.ts';

export interface FolderMapping {
  sourcePath: string;
  destinationPath: string;
  /** The destination has no such folder yet that could hold mail. */
  create: boolean;
  specialUse?: SpecialUse;
  /** Why its mail is not copied; it would come to `destinationPath`. */
  leftOut?: LeftOutBecause;
}

/** What is to be known of the source beside its folders. */
export interface SourceRules {
  /** Personal namespace or user root ('INBOX.'), taken off the paths; may be empty. */
  readonly prefix: string;
  readonly ownNames?: OwnFolderNames | undefined;
  /** The admin's own mapping. */
  readonly wishes?: readonly FolderWish[] | undefined;
  /** Which folders are copied; all, if missing. */
  readonly selection?: FolderSelection | undefined;
}

/**
 * Gives every source folder that can hold mail a destination folder of its own.
 *
 * Earlier mappings first; then the admin's own; INBOX to INBOX; a folder of a special use (see `folderUses`) to the
 * destination's folder of that use; all others below the destination of their parent, by name, with delimiters and
 * prefixes translated. A folder that exists is used. Where two would meet, the second is called 'Name (2)'. Nothing is
 * dropped but containers without mail, and their names stay in the paths of their children.
 *
 * What is left out has its place all the same, so that names do not change when more is selected later.
 *
 * The result depends on the set of folders, not on their order, and comes parents first, INBOX before all.
 */
export function mapFolders(
  source: readonly SourceFolder[],
  origin: SourceRules,
  rules: DestinationRules,
): FolderMapping[] {
  const names = new DestinationNames(rules);
  const tree = new SourceTree(source, origin.prefix, origin.ownNames);
  const { folders } = tree;
  const homes = homesAt(rules);
  const mapped = new Map<string, string>();

  for (const [sourcePath, destinationPath] of rules.fixed ?? []) {
    mapped.set(sourcePath, destinationPath);
    names.take(destinationPath);
  }
  const { inbox } = tree;
  const inboxIsFree = !names.isTaken('INBOX');
  names.take('INBOX');
  mapByWish(tree, origin.wishes ?? [], { mapped, names, homes });
  if (inbox !== undefined && !mapped.has(inbox) && inboxIsFree) mapped.set(inbox, 'INBOX');
  for (const folder of folders) {
    const use = tree.useOf(folder.path);
    if (use === undefined || mapped.has(folder.path)) continue;
    const home = homes.get(use);
    if (home === undefined || names.isTaken(home)) continue;
    names.take(home);
    mapped.set(folder.path, home);
  }
  mapByName(folders, mapped, names);

  return folders
    .map((folder): FolderMapping => {
      const destinationPath = mapped.get(folder.path) ?? folder.path;
      const specialUse = tree.useOf(folder.path);
      const leftOut = origin.selection?.reasonToLeaveOut(tree.placeOf(folder));
      return {
        sourcePath: folder.path,
        destinationPath,
        create: needsCreation(destinationPath, names),
        ...(specialUse === undefined ? {} : { specialUse }),
        ...(leftOut === undefined ? {} : { leftOut }),
      };
    })
    .toSorted((a, b) => compareDestinations(a.destinationPath, b.destinationPath, rules.delimiter));
}

/** Level by level, so that a parent has its name before its children need it. */
function mapByName(
  folders: readonly SourcePlace[],
  mapped: Map<string, string>,
  names: DestinationNames,
): void {
  // The inbox has children under this name however the source spells it, listed or not.
  const containers = new Map([['INBOX', 'INBOX']]);
  const parentOf = (folder: SourcePlace): string | undefined => {
    let parent: string | undefined;
    for (const [index, path] of folder.ancestors.entries()) {
      const known = mapped.get(path) ?? containers.get(path);
      parent = known ?? names.below(parent, folder.segments[index] ?? '');
      if (known === undefined) containers.set(path, parent);
    }
    return parent;
  };
  for (const level of levelsOf(folders)) {
    const wishes = level
      .filter((folder) => !mapped.has(folder.path))
      .map((folder) => {
        const name = folder.segments.at(-1) ?? '';
        const path = names.below(parentOf(folder), name);
        return { folder, path, exact: names.find(path)?.path === path, altered: !path.endsWith(name) };
      })
      // Whoever has the very name of an existing folder gets it, then whoever keeps its name; who loses is renamed
      // last, so that no 'Name (2)' is taken from a folder that is really called so.
      .toSorted(
        (a, b) =>
          Number(b.exact) - Number(a.exact) ||
          Number(a.altered) - Number(b.altered) ||
          compare(a.folder.path, b.folder.path),
      );
    const late = wishes.filter(({ folder, path }) => {
      if (names.isTaken(path)) return true;
      mapped.set(folder.path, names.claim(path));
      return false;
    });
    for (const { folder, path } of late) mapped.set(folder.path, names.claim(path));
  }
}

function* levelsOf(folders: readonly SourcePlace[]): Generator<SourcePlace[]> {
  const levels = Map.groupBy(folders, (folder) => folder.segments.length);
  for (const depth of [...levels.keys()].toSorted((a, b) => a - b)) yield levels.get(depth) ?? [];
}

/** The destination's folder of each special use. */
function homesAt(rules: DestinationRules): ReadonlyMap<SpecialUse, string> {
  const { delimiter, prefix } = rules;
  const usable = rules.existing
    .filter((folder) => folder.selectable !== false)
    .map((folder) => ({ ...locateFolder({ ...folder, delimiter }, prefix), specialUse: folder.specialUse }));
  return folderUses(usable, rules.ownNames);
}

function needsCreation(path: string, names: DestinationNames): boolean {
  if (isInboxName(path)) return false;
  const existing = names.find(path);
  return existing === undefined || existing.selectable === false;
}

function compareDestinations(a: string, b: string, delimiter: string): number {
  const depth = (path: string) => (delimiter === '' ? 1 : path.split(delimiter).length);
  return Number(isInboxName(b)) - Number(isInboxName(a)) || depth(a) - depth(b) || compare(a, b);
}

/** By UTF-16 units: the same everywhere, whatever the language of the machine. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
