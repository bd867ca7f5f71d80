import type { SpecialUse } from './special-use.ts';

export interface SourceFolder {
  /** Decoded Unicode with the delimiter of the source. */
  path: string;
  /** One character; empty where the source has no hierarchy. */
  delimiter: string;
  specialUse?: SpecialUse | undefined;
  /** False for a mere container, which holds no mail. */
  selectable: boolean;
}

/** A folder's place in the hierarchy of its server, the personal namespace taken off. */
export interface FolderNode {
  path: string;
  /** Names from the top down, at least one. */
  segments: readonly string[];
  /** Paths of the folders above it, the topmost first; the server need not list them. */
  ancestors: readonly string[];
}

/** Deeper hierarchies are a server's fault or attack; what lies below is one name. */
const DEEPEST = 100;

export function isInboxName(name: string): boolean {
  return name.toUpperCase() === 'INBOX';
}

/**
 * @param prefix personal namespace or user root, 'INBOX.' say; a path outside it stays whole
 */
export function locateFolder(folder: Pick<SourceFolder, 'path' | 'delimiter'>, prefix: string): FolderNode {
  const { path, delimiter } = folder;
  const head = prefixOf(path, prefix, delimiter);
  const rest = path.slice(head.length);
  if (delimiter === '') return { path, segments: [rest], ancestors: [] };

  const names = (rest.endsWith(delimiter) ? rest.slice(0, -delimiter.length) : rest).split(delimiter);
  const segments = names.slice(0, DEEPEST - 1);
  if (names.length >= DEEPEST) segments.push(names.slice(DEEPEST - 1).join(delimiter));

  const ancestors: string[] = [];
  let above = head;
  for (const [index, name] of segments.slice(0, -1).entries()) {
    // The inbox is one folder however it is spelled (RFC 3501 5.1).
    above += head === '' && index === 0 && isInboxName(name) ? 'INBOX' : name;
    ancestors.push(above);
    above += delimiter;
  }
  return { path, segments, ancestors };
}

/** The beginning of the path that the prefix takes off: nothing, or the prefix as this path spells it. */
function prefixOf(path: string, prefix: string, delimiter: string): string {
  if (prefix === '') return '';
  const whole = delimiter === '' || prefix.endsWith(delimiter) ? prefix : prefix + delimiter;
  if (path.length <= whole.length) return '';
  const head = path.slice(0, whole.length);
  if (head === whole) return head;
  const inbox = 'INBOX'.length;
  const sameButForInbox =
    isInboxName(whole.slice(0, inbox)) &&
    isInboxName(head.slice(0, inbox)) &&
    whole.slice(inbox) === head.slice(inbox);
  return sameButForInbox ? head : '';
}
