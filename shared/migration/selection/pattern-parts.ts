import { FolderPatternError } from '../errors.ts';

/** Stands between two names of a path while it is compared: no name has it (see `namesAsText`). */
export const LEVEL = '\0';

/** A piece of a pattern: characters as they are, with LEVEL between names, or a wildcard. */
export type PatternPart =
  | { readonly kind: 'text'; readonly text: string }
  /** `*`: any characters, also over levels. */
  | { readonly kind: 'any' }
  /** `%`: any characters of one name. */
  | { readonly kind: 'name' };

const MOST_WILDCARDS = 8;

/**
 * Takes a pattern apart: `/` parts names, whatever the servers' delimiters; `*` and `%` are wildcards; a backslash
 * takes any of these as it is.
 * @throws FolderPatternError
 */
export function patternParts(pattern: string): PatternPart[] {
  const parts: PatternPart[] = [];
  let text = '';
  const endText = (): void => {
    if (text !== '') parts.push({ kind: 'text', text: text.normalize('NFC') });
    text = '';
  };
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern[index] ?? '';
    if (character === '\\') {
      index += 1;
      const literal = pattern[index];
      if (literal === undefined) throw new FolderPatternError(pattern, 'It ends with a lone backslash.');
      text += literal;
    } else if (character === '/') {
      text += LEVEL;
    } else if (character === '*' || character === '%') {
      endText();
      parts.push({ kind: character === '*' ? 'any' : 'name' });
    } else {
      text += character;
    }
  }
  endText();
  if (parts.filter(({ kind }) => kind !== 'text').length > MOST_WILDCARDS) {
    throw new FolderPatternError(pattern, `It has more than ${MOST_WILDCARDS} wildcards.`);
  }
  return parts;
}

/** The names of a path as one text that pattern parts are compared with. */
export function namesAsText(names: readonly string[]): string {
  return names.map((name) => name.normalize('NFC').replaceAll(LEVEL, '\uFFFD')).join(LEVEL);
}
