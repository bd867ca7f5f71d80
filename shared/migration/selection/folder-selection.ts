import type { FolderPlace } from './folder-pattern.ts';
import { parseFolderPattern } from './folder-pattern.ts';
import { foldFolderName } from '../folder-names/fold-folder-name.ts';

/** Why the selection leaves a folder out. */
export const SELECTION_REASONS = ['excluded', 'not-included', 'junk', 'trash', 'without-mail'] as const;

export type LeftOutBecause = (typeof SELECTION_REASONS)[number];

export interface FolderSelection {
  /** Undefined for a folder that is copied. */
  readonly reasonToLeaveOut: (place: FolderPlace) => LeftOutBecause | undefined;
}

/**
 * Which folders are copied: all, or those that a pattern of `include` fits, without those that one of `exclude` fits
 * and without junk and trash, if these are switched off, with what is below them.
 *
 * @param options.withoutMail names at the top that hold no mail at this provider: copied only if `include` names them
 * @throws FolderPatternError
 */
export function parseFolderSelection(options: {
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly junk?: boolean | undefined;
  readonly trash?: boolean | undefined;
  readonly withoutMail?: readonly string[] | undefined;
}): FolderSelection {
  const include = (options.include ?? []).map(parseFolderPattern);
  const exclude = (options.exclude ?? []).map(parseFolderPattern);
  const withoutMail = new Set((options.withoutMail ?? []).map(foldFolderName));
  return {
    reasonToLeaveOut: (place) => {
      const stands = (use: string) => place.uses.some((one) => one.use === use);
      if (exclude.some((pattern) => pattern.match(place) !== undefined)) return 'excluded';
      if (options.junk === false && stands('\\Junk')) return 'junk';
      if (options.trash === false && stands('\\Trash')) return 'trash';
      if (include.length > 0) {
        return include.some((pattern) => pattern.match(place) !== undefined) ? undefined : 'not-included';
      }
      return withoutMail.has(foldFolderName(place.names[0] ?? '')) ? 'without-mail' : undefined;
    },
  };
}
