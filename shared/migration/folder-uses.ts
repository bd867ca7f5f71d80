import { type NamedUse, specialUseByName } from './folder-names/special-use-by-name.ts';
import { foldFolderName } from './folder-names/fold-folder-name.ts';
import { type FolderNode, isInboxName } from './folder-tree.ts';
import { SPECIAL_USES, type SpecialUse } from './special-use.ts';

/** What a provider itself calls its folders, the usual name first. */
export type OwnFolderNames = Readonly<Partial<Record<NamedUse, readonly string[]>>>;

interface UsableFolder extends Pick<FolderNode, 'path' | 'segments'> {
  /** By the server's attribute. */
  readonly specialUse?: SpecialUse | undefined;
}

/**
 * The one folder that stands for each special use on one side.
 *
 * The server's attribute decides (RFC 6154). Where it gives none for a use, a name does, in the place where services
 * and programs make such folders: at the top of the personal namespace, in the inbox, or in [Gmail]. Of several the
 * first has it, by: the provider's own names; the dictionary's order; the place, higher first; the path. The others
 * are folders like any other, and so is one with a telling name below another folder: the user made it.
 *
 * @param folders that can hold mail, in any order
 */
export function folderUses(
  folders: readonly UsableFolder[],
  ownNames: OwnFolderNames = {},
): ReadonlyMap<SpecialUse, string> {
  const sorted = folders.toSorted(
    (a, b) => a.segments.length - b.segments.length || (a.path < b.path ? -1 : 1),
  );
  const uses = new Map<SpecialUse, string>();
  for (const { path, specialUse } of sorted) {
    if (specialUse !== undefined && !uses.has(specialUse)) uses.set(specialUse, path);
  }
  const named = new Map<SpecialUse, { path: string; rank: number }>();
  for (const { path, segments, specialUse } of sorted) {
    if (specialUse !== undefined || !isUsualPlace(segments)) continue;
    const found = useOf(segments.at(-1) ?? '', ownNames);
    if (found === undefined || uses.has(found.use)) continue;
    const best = named.get(found.use);
    if (best === undefined || found.rank < best.rank) named.set(found.use, { path, rank: found.rank });
  }
  for (const use of SPECIAL_USES) {
    const folder = named.get(use);
    if (folder !== undefined) uses.set(use, folder.path);
  }
  return uses;
}

function isUsualPlace(segments: readonly string[]): boolean {
  const [top = ''] = segments;
  if (segments.length === 1) return !isInboxName(top);
  return segments.length === 2 && (isInboxName(top) || /^\[(gmail|google mail)\]$/i.test(top));
}

function useOf(name: string, ownNames: OwnFolderNames): { use: NamedUse; rank: number } | undefined {
  const folded = foldFolderName(name);
  for (const [use, names] of Object.entries(ownNames) as Array<[NamedUse, readonly string[]]>) {
    const index = names.findIndex((own) => foldFolderName(own) === folded);
    if (index !== -1) return { use, rank: index - names.length };
  }
  return specialUseByName(folded);
}
