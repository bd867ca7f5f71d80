import { isInboxName } from './folder-tree.ts';
import type { OwnFolderNames } from './folder-uses.ts';
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
}

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

  constructor(rules: DestinationRules) {
    this.#rules = rules;
    const { prefix, delimiter } = rules;
    this.#prefix = prefix === '' || prefix.endsWith(delimiter) ? prefix : prefix + delimiter;
    this.#substitute = delimiter === '_' ? '-' : '_';
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

  /** The path of a name below `parent`; undefined is the top of the personal namespace. */
  below(parent: string | undefined, segment: string): string {
    const name = this.segment(segment);
    if (parent === undefined) return this.#prefix + name;
    const flat = this.#rules.delimiter === '' || this.find(parent)?.noInferiors === true;
    if (!flat) return parent + this.#rules.delimiter + name;
    return (isInboxName(parent) ? this.#prefix : '') + parent + this.#substitute + name;
  }

  /** One name as the destination takes it. What it does not take is replaced visibly; never empty. */
  segment(name: string): string {
    const spellable = this.#rules.utf8 ? name.toWellFormed() : name;
    const clean = Array.from(spellable.replace(CONTROL, this.#substitute).trim(), (character) =>
      this.#refused.has(character) ? this.#substitute : character,
    ).join('');
    // File systems below many servers know these two as something else.
    if (clean === '' || clean === '.' || clean === '..') return this.#substitute.repeat(clean.length || 1);
    return clean;
  }

  #key(path: string): string {
    const { delimiter, caseInsensitive } = this.#rules;
    const top = delimiter === '' ? path : (path.split(delimiter, 1)[0] ?? '');
    const canonical = isInboxName(top) ? `INBOX${path.slice(top.length)}` : path;
    return caseInsensitive ? canonical.normalize('NFC').toLowerCase() : canonical;
  }
}
