import type { DestinationNames } from './destination-names.ts';
import { isInboxName } from './folder-tree.ts';
import type { FolderWish, WishedPlace } from './selection/folder-map.ts';
import type { SourceTree } from './source-tree.ts';
import type { SpecialUse } from './special-use.ts';

/** What a folder of a use is called where the destination has none. */
const USUAL_NAMES: Readonly<Partial<Record<SpecialUse, string>>> = {
  '\\Sent': 'Sent',
  '\\Drafts': 'Drafts',
  '\\Trash': 'Trash',
  '\\Junk': 'Junk',
  '\\Archive': 'Archive',
};

/** Folders that the admin has named go where the admin wants them; of several wishes the first counts. */
export function mapByWish(
  tree: SourceTree,
  wishes: readonly FolderWish[],
  destination: {
    readonly mapped: Map<string, string>;
    readonly names: DestinationNames;
    readonly homes: ReadonlyMap<SpecialUse, string>;
  },
): void {
  const { mapped, names } = destination;
  for (const wish of wishes) {
    for (const folder of tree.folders) {
      if (mapped.has(folder.path)) continue;
      const place = wish.placeOf(tree.placeOf(folder));
      const path = place === undefined ? undefined : pathTo(place, destination);
      // The inbox comes to the inbox without a wish.
      if (path === undefined || (path === 'INBOX' && folder.path === tree.inbox)) continue;
      mapped.set(folder.path, names.claim(path));
    }
  }
}

function pathTo(
  { use, names: below }: WishedPlace,
  { names, homes }: { names: DestinationNames; homes: ReadonlyMap<SpecialUse, string> },
): string | undefined {
  let path = use === undefined ? undefined : (homes.get(use) ?? topOf(use, names));
  for (const name of below) {
    const isInbox = path === undefined && isInboxName(name);
    path = isInbox ? 'INBOX' : names.below(path, name);
  }
  return path;
}

function topOf(use: SpecialUse, names: DestinationNames): string {
  return use === '\\Inbox' ? 'INBOX' : names.below(undefined, USUAL_NAMES[use] ?? '');
}
