import { FolderMapError, FolderPatternError } from '../errors.ts';
import { isInboxName } from '../folder-tree.ts';
import type { SpecialUse } from '../special-use.ts';
import { type FolderPattern, type FolderPlace, parseFolderPattern } from './folder-pattern.ts';
import { LEVEL, type PatternPart, patternParts } from './pattern-parts.ts';
import { readWellKnownFolder } from './well-known-folder.ts';

/** What the admin wrote: this folder, or these folders, shall come there. */
export interface FolderMapEntry {
  /** A pattern; see `parseFolderPattern`. */
  readonly source: string;
  /** Names parted by `/`; wildcards stand for what those of the source stand for, in the same order. */
  readonly destination: string;
}

/** Where a folder shall come: below the destination's folder of a use, if any, by these names. */
export interface WishedPlace {
  readonly use: SpecialUse | undefined;
  readonly names: readonly string[];
}

export interface FolderWish {
  /** Undefined for a folder that the wish does not speak of. */
  readonly placeOf: (place: FolderPlace) => WishedPlace | undefined;
}

/**
 * Reads the admin's own mapping.
 *
 * Two source folders never share one at the destination, so two entries must not name the same; where wildcards bring
 * two together all the same, the second is called 'Name (2)' like everywhere. Nothing but the inbox may become the inbox.
 *
 * @throws FolderMapError names the entry
 */
export function parseFolderMap(entries: readonly FolderMapEntry[]): FolderWish[] {
  const sources = new Map<string, number>();
  const destinations = new Map<string, number>();
  return entries.map((entry, index) => {
    const fail = (field: 'source' | 'destination', problem: string): never => {
      throw new FolderMapError({ index, field }, problem);
    };
    const pattern = parsed(
      () => parseFolderPattern(entry.source),
      (problem) => fail('source', problem),
    );
    const target = parsed(
      () => parseTarget(entry.destination),
      (problem) => fail('destination', problem),
    );
    const wildcards = target.parts.filter(({ kind }) => kind !== 'text').length;
    if (wildcards !== pattern.wildcards) {
      fail(
        'destination',
        `It has ${wildcards} wildcards, and the source has ${pattern.wildcards}: each stands for one of the source.`,
      );
    }
    const earlier = sources.get(entry.source.normalize('NFC'));
    if (earlier !== undefined) fail('source', `Entry ${earlier + 1} says already where this comes.`);
    sources.set(entry.source.normalize('NFC'), index);
    const key = `${target.use ?? ''}${JSON.stringify(target.parts)}`;
    const other = destinations.get(key);
    if (other !== undefined)
      fail('destination', `Entry ${other + 1} leads there already: each folder needs one of its own.`);
    destinations.set(key, index);
    if (
      isInbox(target) &&
      readWellKnownFolder(entry.source)?.use !== '\\Inbox' &&
      !isInboxName(entry.source)
    ) {
      fail('destination', 'Only the inbox can become the inbox. Name another folder.');
    }
    return wishOf(pattern, target);
  });
}

interface Target {
  readonly use: SpecialUse | undefined;
  readonly parts: readonly PatternPart[];
}

/** @throws FolderPatternError */
function parseTarget(destination: string): Target {
  const wellKnown = readWellKnownFolder(destination);
  const parts = patternParts(wellKnown === undefined ? destination : wellKnown.rest.slice(1));
  if (parts.length === 0 && (wellKnown === undefined || wellKnown.rest !== '')) {
    throw new FolderPatternError(destination, 'It names no folder.');
  }
  const names = parts
    .map((part) => (part.kind === 'text' ? part.text : '*'))
    .join('')
    .split(LEVEL);
  if (parts.length > 0 && names.some((name) => name.trim() === '')) {
    throw new FolderPatternError(
      destination,
      'It has an empty name: no / at the beginning or end, nor two together.',
    );
  }
  return { use: wellKnown?.use, parts };
}

function isInbox({ use, parts }: Target): boolean {
  const [only] = parts;
  if (only === undefined) return use === '\\Inbox';
  return use === undefined && parts.length === 1 && only.kind === 'text' && isInboxName(only.text);
}

function wishOf(pattern: FolderPattern, { use, parts }: Target): FolderWish {
  return {
    placeOf: (place) => {
      const captures = pattern.match(place);
      if (captures === undefined) return undefined;
      const left = [...captures];
      const text = parts.map((part) => (part.kind === 'text' ? part.text : (left.shift() ?? ''))).join('');
      // A wildcard that stands for nothing leaves no name.
      return { use, names: text.split(LEVEL).filter((name) => name !== '') };
    },
  };
}

function parsed<Result>(parse: () => Result, fail: (problem: string) => never): Result {
  try {
    return parse();
  } catch (error) {
    if (error instanceof FolderPatternError) return fail(error.message);
    throw error;
  }
}
