import { isInboxName } from './folder-tree.ts';
import type { OwnFolderNames } from './folder-uses.ts';
import { bytesOfName, digestOfName, shortenName } from './shorten-name.ts';
import type { SpecialUse } from './special-use.ts';

export interface DestinationFolder {
  /** Decoded Unicode with the delimiter of the destination. */
  path: string;
  specialUse?: SpecialUse | undefined;
  /** Default true. */
  selectable?: boolean | undefined;
  /** It takes no folders below it (`\Noinferiors`). */
  noInferiors?: boolean | undefined;
}

export interface DestinationRules {
  /** One character; empty where the destination has no hierarchy. */
  delimiter: string;
  /** Personal namespace: '' or 'INBOX.', say. */
  prefix: string;
  existing: readonly DestinationFolder[];
  ownNames?: OwnFolderNames | undefined;
  /** Names that differ only in case are one folder (Exchange). */
  caseInsensitive: boolean;
  /** It takes names in UTF-8, which cannot spell a lone surrogate; modified UTF-7 spells every name. */
  utf8: boolean;
  /** Earlier mappings, source path to destination path, to be kept as they are. */
  fixed?: ReadonlyMap<string, string> | undefined;
  /** Characters that this server refuses in names beside those that most refuse ('^' at Gmail). */
  forbidden?: string | undefined;
  /** Paths that must not be used ('Files' at Exchange). */
  reserved?: readonly string[] | undefined;
  /** False where a name must not end with a dot (Exchange). */
  trailingDots?: boolean | undefined;
  /** True where blanks at the ends of a name are refused or cut away (Gmail, Exchange). */
  trimmed?: boolean | undefined;
  /** Longest name, in UTF-16 code units, where the server counts these. */
  partCharacters?: number | undefined;
  /** Longest name, in bytes; without it and `partCharacters` what file systems bear. */
  partBytes?: number | undefined;
  /** Longest path, in bytes; without it what servers of this delimiter bear. */
  pathBytes?: number | undefined;
}

/** Bytes of one name: what file systems bear. */
const NAME_BYTES = 255;
/** Maildir++, whose delimiter is a dot, keeps a whole path as the name of one directory. */
const DOTTED_PATH_BYTES = 255;
const PATH_BYTES = 1_000;
/** For ' (2)' and its like behind a name. */
const NUMBER_BYTES = 10;
/** Less room for a name below its parent is no room. */
const SHORTEST_NAME_BYTES = 32;

/** C0, DEL and C1: servers refuse them, and RFC 9051 5.1 forbids them, with the two Unicode line ends. */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]/gu;

/** Which names the destination takes, which it has, and which are given away. */
export class DestinationNames {
  readonly #rules: DestinationRules;
  readonly #prefix: string;
  readonly #substitute: string;
  readonly #refused: ReadonlySet<string>;
  readonly #existing = new Map<string, DestinationFolder>();
  readonly #taken = new Set<string>();
  readonly #lastNumber = new Map<string, number>();
  readonly #pathBytes: number;

  constructor(rules: DestinationRules) {
    this.#rules = rules;
    const { prefix, delimiter } = rules;
    this.#prefix = prefix === '' || prefix.endsWith(delimiter) ? prefix : prefix + delimiter;
    this.#substitute = delimiter === '_' ? '-' : '_';
    this.#pathBytes =
      (rules.pathBytes ?? (delimiter === '.' ? DOTTED_PATH_BYTES : PATH_BYTES)) - NUMBER_BYTES;
    // '/' is refused by servers that keep folders as directories, whatever their delimiter.
    this.#refused = new Set([delimiter, '/', ...Array.from(rules.forbidden ?? '')]);
    for (const folder of rules.existing) {
      const key = this.#key(folder.path);
      // Of two that differ in case only, the first in order wins, so that the order of the list does not matter.
      const known = this.#existing.get(key);
      if (known === undefined || folder.path < known.path) this.#existing.set(key, folder);
    }
    for (const path of rules.reserved ?? []) this.#taken.add(this.#key(this.#prefix + path));
  }

  /** The existing folder at a path, however the path spells it. */
  find(path: string): DestinationFolder | undefined {
    return this.#existing.get(this.#key(path));
  }

  isTaken(path: string): boolean {
    return this.#taken.has(this.#key(path));
  }

  take(path: string): void {
    this.#taken.add(this.#key(path));
  }

  /** Takes the path, or the first free one of 'Name (2)', 'Name (3)' …, and returns it as the destination spells it. */
  claim(path: string): string {
    let free = path;
    if (this.isTaken(path)) {
      const key = this.#key(path);
      let number = this.#lastNumber.get(key) ?? 1;
      do {
        number += 1;
        free = `${path} (${number})`;
      } while (this.isTaken(free));
      this.#lastNumber.set(key, number);
    }
    this.take(free);
    return this.find(free)?.path ?? free;
  }

  /**
   * The path of a name below `parent`; undefined is the top of the personal namespace. Where the parent's path leaves
   * no room for a name, it stands at the top.
   */
  below(parent: string | undefined, segment: string): string {
    const name = this.#segment(segment);
    if (parent === undefined) return this.#within(this.#prefix, name);
    const flat = this.#rules.delimiter === '' || this.find(parent)?.noInferiors === true;
    if (flat) {
      const beside = parent.slice(0, parent.lastIndexOf(this.#rules.delimiter || '\0') + 1);
      const above = isInboxName(parent) ? this.#prefix : beside;
      return this.#within(above, parent.slice(beside.length) + this.#substitute + name);
    }
    const above = parent + this.#rules.delimiter;
    if (this.#pathBytes - bytesOfName(above) >= SHORTEST_NAME_BYTES) return this.#within(above, name);
    const short = shortenName(name, { bytes: SHORTEST_NAME_BYTES });
    return this.#within(this.#prefix, `${short}~${digestOfName(parent)}`);
  }

  #within(above: string, name: string): string {
    const { partBytes, partCharacters } = this.#rules;
    const nameBytes = partBytes ?? (partCharacters === undefined ? NAME_BYTES : Number.POSITIVE_INFINITY);
    const bytes = Math.min(nameBytes - NUMBER_BYTES, this.#pathBytes - bytesOfName(above));
    const characters = partCharacters === undefined ? undefined : partCharacters - NUMBER_BYTES;
    return above + shortenName(name, { bytes: Math.max(bytes, SHORTEST_NAME_BYTES), characters });
  }

  /** One name as the destination takes it. What it does not take is replaced visibly; never empty. */
  #segment(name: string): string {
    const spellable = (this.#rules.utf8 ? name.toWellFormed() : name).replace(CONTROL, this.#substitute);
    const bare = spellable.trim();
    const clean = Array.from(this.#rules.trimmed === true ? bare : spellable, (character) =>
      this.#refused.has(character) ? this.#substitute : character,
    ).join('');
    // Nobody sees a name of blanks, and file systems below many servers know the other two as something else.
    if (bare === '' || bare === '.' || bare === '..') return this.#substitute.repeat(bare.length || 1);
    if (this.#rules.trailingDots !== false) return clean;
    return clean.replace(/\.+$/, (dots) => this.#substitute.repeat(dots.length));
  }

  #key(path: string): string {
    const { delimiter, caseInsensitive } = this.#rules;
    const top = delimiter === '' ? path : (path.split(delimiter, 1)[0] ?? '');
    const canonical = isInboxName(top) ? `INBOX${path.slice(top.length)}` : path;
    return caseInsensitive ? canonical.normalize('NFC').toLowerCase() : canonical;
  }
}
