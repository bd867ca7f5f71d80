import { FolderPatternError } from '../errors.ts';
import { isInboxName } from '../folder-tree.ts';
import type { SpecialUse } from '../special-use.ts';
import { matchParts } from './match-parts.ts';
import { LEVEL, namesAsText, type PatternPart, patternParts } from './pattern-parts.ts';
import { readWellKnownFolder } from './well-known-folder.ts';

/** Where a source folder stands, as patterns see it. */
export interface FolderPlace {
  /** From the top down, without the personal namespace. */
  readonly names: readonly string[];
  /** What it and the folders above it stand for; `depth` counts names from the top to that folder. */
  readonly uses: ReadonlyArray<{ readonly use: SpecialUse; readonly depth: number }>;
}

export interface FolderPattern {
  /** How many there are. */
  readonly wildcards: number;
  /** What the wildcards stand for, with LEVEL between names; undefined for a folder that is not meant. */
  readonly match: (place: FolderPlace) => readonly string[] | undefined;
}

/**
 * Reads a pattern for source folders. Names are parted by `/`, whatever the server's delimiter; `*` stands for any
 * characters, `%` for any characters of one name; `\` takes the next character as it is. `#Inbox#`, `#SentItems#`,
 * `#DeletedItems#`, `#JunkEmail#`, `#Drafts#` and `#Archive#` at the beginning stand for the folders of that use.
 * A pattern that ends with `/*` also means the folder above: `#Inbox#/*` is the inbox with all that is below it.
 * Letters count as they are, but for INBOX.
 *
 * @throws FolderPatternError
 */
export function parseFolderPattern(pattern: string): FolderPattern {
  const wellKnown = readWellKnownFolder(pattern);
  const parts = patternParts(wellKnown?.rest ?? spellInbox(pattern));
  if (parts.length === 0 && wellKnown === undefined) throw new FolderPatternError(pattern, 'It is empty.');
  const text = parts.map((part) => (part.kind === 'text' ? part.text : '*')).join('');
  if (namesOf(text, wellKnown !== undefined).includes('')) {
    throw new FolderPatternError(
      pattern,
      'It has an empty name: no / at the beginning or end, nor two together.',
    );
  }
  const above = withoutTail(parts);
  const match = (names: string): readonly string[] | undefined =>
    matchParts(parts, names) ?? (above === undefined ? undefined : withEmptyTail(matchParts(above, names)));
  return {
    wildcards: parts.filter(({ kind }) => kind !== 'text').length,
    match: ({ names, uses }) => {
      if (wellKnown === undefined) return match(spellInbox(namesAsText(names), LEVEL));
      const found = uses.find(({ use }) => use === wellKnown.use);
      return found === undefined
        ? undefined
        : match(
            names
              .slice(found.depth)
              .map((name) => LEVEL + namesAsText([name]))
              .join(''),
          );
    },
  };
}

function namesOf(text: string, afterWellKnown: boolean): string[] {
  if (afterWellKnown && text === '') return [];
  return (afterWellKnown ? text.slice(1) : text).split(LEVEL);
}

/** The inbox is one folder however it is spelled (RFC 3501 5.1). */
function spellInbox(path: string, delimiter = '/'): string {
  const end = path.indexOf(delimiter);
  const top = end === -1 ? path : path.slice(0, end);
  return isInboxName(top) ? `INBOX${path.slice(top.length)}` : path;
}

/** The parts before a final level and `*`; undefined where the pattern does not end so. */
function withoutTail(parts: readonly PatternPart[]): PatternPart[] | undefined {
  const last = parts.at(-1);
  const before = parts.at(-2);
  if (last?.kind !== 'any' || before?.kind !== 'text' || !before.text.endsWith(LEVEL)) return undefined;
  const text = before.text.slice(0, -LEVEL.length);
  return [...parts.slice(0, -2), ...(text === '' ? [] : [{ kind: 'text' as const, text }])];
}

function withEmptyTail(captures: readonly string[] | undefined): string[] | undefined {
  return captures === undefined ? undefined : [...captures, ''];
}
