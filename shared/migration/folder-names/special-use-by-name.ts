import type { SpecialUse } from '../special-use.ts';
import { EAST_ASIAN_NAMES } from './east-asian-names.ts';
import { foldFolderName } from './fold-folder-name.ts';
import type { FolderNames } from './folder-names.ts';
import { GERMANIC_NAMES } from './germanic-names.ts';
import { OTHER_EUROPEAN_NAMES } from './other-european-names.ts';
import { ROMANCE_NAMES } from './romance-names.ts';
import { SLAVIC_NAMES } from './slavic-names.ts';
import { SOUTH_AND_WEST_ASIAN_NAMES } from './south-and-west-asian-names.ts';

/** The uses that folders have names for. */
export type NamedUse = Extract<SpecialUse, '\\Sent' | '\\Drafts' | '\\Trash' | '\\Junk' | '\\Archive'>;

/** English first: what programs create is mostly called so. Of two names of one use the earlier has it. */
export const NAMES_BY_LANGUAGE: readonly FolderNames[] = [
  ...GERMANIC_NAMES,
  ...ROMANCE_NAMES,
  ...SLAVIC_NAMES,
  ...OTHER_EUROPEAN_NAMES,
  ...EAST_ASIAN_NAMES,
  ...SOUTH_AND_WEST_ASIAN_NAMES,
];

interface NamedFolder {
  readonly use: NamedUse;
  /** The lower, the sooner the folder has its use. */
  readonly rank: number;
}

const DICTIONARY: ReadonlyMap<string, NamedFolder> = readDictionary();

/** What a folder's own name, without what is above it, says about its use; undefined if it is no such name. */
export function specialUseByName(name: string): NamedFolder | undefined {
  return DICTIONARY.get(foldFolderName(name));
}

function readDictionary(): Map<string, NamedFolder> {
  const dictionary = new Map<string, NamedFolder>();
  let rank = 0;
  for (const { sent, drafts, trash, junk, archive } of NAMES_BY_LANGUAGE) {
    const uses: Readonly<Record<NamedUse, readonly string[]>> = {
      '\\Sent': sent,
      '\\Drafts': drafts,
      '\\Trash': trash,
      '\\Junk': junk,
      '\\Archive': archive,
    };
    for (const [use, names] of Object.entries(uses) as Array<[NamedUse, readonly string[]]>) {
      for (const name of names) {
        const key = foldFolderName(name);
        if (!dictionary.has(key)) dictionary.set(key, { use, rank });
        rank += 1;
      }
    }
  }
  return dictionary;
}
