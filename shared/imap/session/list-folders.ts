import type { ImapFlow, ListResponse, NamespaceObject } from 'imapflow';
import { encodeModifiedUtf7 } from '../../migration/modified-utf7.ts';
import { parseSpecialUse, type SpecialUse } from '../../migration/special-use.ts';
import { ProtocolError } from '../errors.ts';
import type { MailboxCounters } from '../mailbox/open-mailbox.ts';
import { readListedName } from './read-listed-name.ts';
import type { ServerLines } from './server-lines.ts';

/** One line of a server's LIST, as the planner wants it. */
export interface ListedFolder {
  /** In Unicode with the server's delimiter; no two folders have the same. */
  path: string;
  /** The name as the server sent it, one character per byte; only where `path` does not encode to it. */
  listedName?: string;
  /** One character; empty where the server has no hierarchy. */
  delimiter: string;
  /** By the server's attribute (RFC 6154, XLIST); what its name says is for the planner to judge. */
  specialUse?: SpecialUse;
  /** False for a mere container and for a name that is only remembered (`\Noselect`, `\NonExistent`). */
  selectable: boolean;
  /** True if nothing can be created below it. */
  noInferiors: boolean;
  /** Whose folder it is (RFC 2342): the user's own, another user's, or everybody's. */
  namespace: 'personal' | 'other-users' | 'shared';
  /** Where the server gave them along with the listing (LIST-STATUS, RFC 5819). */
  status?: MailboxCounters;
}

/** Everything that a server lists, and where a user's own folders are. */
export interface FolderListing {
  readonly folders: readonly ListedFolder[];
  /** Of the user's own folders (RFC 2342); `delimiter` is empty where the server has no hierarchy. */
  readonly namespace: { readonly prefix: string; readonly delimiter: string };
}

type ListedLines = Pick<ServerLines, 'listed' | 'takeListedName'>;

interface NamespacePrefixes {
  personal: readonly string[];
  otherUsers: readonly string[];
  shared: readonly string[];
}

/**
 * Lists every folder; a name that comes twice is kept once. imapflow passes over lines that it cannot read, which
 * would silently lose a folder, so the lines are counted.
 * @param client knows the namespaces, as far as the server tells them.
 * @param lines what was seen of the lines of LIST that came.
 * @param withCounters only where the server offers LIST-STATUS: without it imapflow would ask for them folder by
 * folder, one round trip each.
 */
export async function listFolders(
  client: ImapFlow,
  lines: ListedLines,
  withCounters: boolean,
): Promise<FolderListing> {
  const linesBefore = lines.listed;
  const entries = await client.list(
    withCounters
      ? { statusQuery: { messages: true, uidNext: true, uidValidity: true, highestModseq: true } }
      : {},
  );
  const unread = lines.listed - linesBefore - entries.length;
  if (unread > 0) {
    throw new ProtocolError(
      `The server lists ${unread} folders in a form that cannot be read. Rename folders with unusual names.`,
    );
  }
  const prefixes: NamespacePrefixes = {
    personal: prefixesOf(client.namespaces?.personal),
    otherUsers: prefixesOf(client.namespaces?.other),
    shared: prefixesOf(client.namespaces?.shared),
  };
  const folders = new Map<string, ListedFolder>();
  const odd = new Map<string, ListedFolder>();
  for (const entry of entries) {
    const folder = readEntry(entry, prefixes, lines);
    if (folder.path === '') continue;
    if (folder.listedName !== undefined) odd.set(folder.listedName, folder);
    else if (!folders.has(folder.path)) folders.set(folder.path, folder);
  }
  for (const folder of odd.values()) {
    const path = freePath(folder.path, folders);
    folders.set(path, { ...folder, path });
  }
  const listed = [...folders.values()];
  return { folders: listed, namespace: ownNamespace(client.namespace, listed) };
}

/** A server that keeps its namespaces to itself still shows its delimiter with every folder. */
function ownNamespace(
  told: NamespaceObject | undefined,
  folders: readonly ListedFolder[],
): FolderListing['namespace'] {
  const shown = folders.find((folder) => folder.delimiter !== '')?.delimiter;
  // NIL where the server has no hierarchy
  const delimiter = told?.delimiter === null ? '' : (told?.delimiter ?? shown ?? '');
  return { prefix: told?.prefix ?? '', delimiter };
}

/** A name that is not what IMAP demands may read like one that is. */
function freePath(path: string, taken: ReadonlyMap<string, unknown>): string {
  let free = path;
  for (let number = 2; taken.has(free); number += 1) free = `${path} (${number})`;
  return free;
}

function prefixesOf(namespaces: readonly NamespaceObject[] | false | undefined): string[] {
  return (namespaces || []).map(({ prefix }) => prefix);
}

function readEntry(entry: ListResponse, prefixes: NamespacePrefixes, lines: ListedLines): ListedFolder {
  // NIL where the namespace is flat, which imapflow's types do not know.
  const delimiter = (entry.delimiter as string | null | undefined) ?? '';
  // imapflow's own `path` has the personal prefix glued to every name, other users' folders included.
  const name = bytesOf(entry.pathAsListed, lines);
  const decoded = readListedName(name, delimiter);
  const bare = delimiter !== '' && decoded.startsWith(delimiter) ? decoded.slice(delimiter.length) : decoded;
  const path = bare.toUpperCase() === 'INBOX' ? 'INBOX' : bare;
  const isSpelledBack = path === 'INBOX' || encodeModifiedUtf7(path) === name;
  const attributes = new Set([...entry.flags].map((flag) => flag.toLowerCase()));
  const specialUse = readSpecialUse(entry);
  const status = readCounters(entry);
  return {
    path,
    ...(isSpelledBack ? {} : { listedName: name }),
    delimiter,
    selectable: !attributes.has('\\noselect') && !attributes.has('\\nonexistent'),
    noInferiors: attributes.has('\\noinferiors'),
    namespace: namespaceOf(path, prefixes),
    ...(specialUse ? { specialUse } : {}),
    ...(status ? { status } : {}),
  };
}

/** Of imapflow's own `specialUse` only the inbox counts, whose flag it takes away: all others may be guesses by name. */
function readSpecialUse({ flags, specialUse }: ListResponse): SpecialUse | undefined {
  for (const flag of flags) {
    const use = parseSpecialUse(flag);
    if (use !== undefined) return use;
  }
  return specialUse === '\\Inbox' ? specialUse : undefined;
}

/** imapflow reads every line as UTF-8, which destroys the bytes of a name in another encoding. */
function bytesOf(asRead: string, lines: ListedLines): string {
  const raw = asRead.includes('\uFFFD') ? lines.takeListedName(asRead) : undefined;
  return raw ?? Buffer.from(asRead, 'utf8').toString('latin1');
}

function namespaceOf(path: string, prefixes: NamespacePrefixes): ListedFolder['namespace'] {
  const longest = (candidates: readonly string[]): number =>
    candidates.reduce((best, prefix) => (isBelow(path, prefix) ? Math.max(best, prefix.length) : best), -1);
  const personal = longest(prefixes.personal);
  const others = longest(prefixes.otherUsers);
  const shared = longest(prefixes.shared);
  if (others > personal && others >= shared) return 'other-users';
  if (shared > personal) return 'shared';
  return 'personal';
}

/** The root of a namespace is listed without the delimiter that its prefix ends with. */
function isBelow(path: string, prefix: string): boolean {
  return path.startsWith(prefix) || (prefix.length > 1 && path === prefix.slice(0, -1));
}

function readCounters(entry: ListResponse): MailboxCounters | undefined {
  const { messages, uidNext, uidValidity, highestModseq } = entry.status ?? {};
  if (messages === undefined || uidNext === undefined || uidValidity === undefined) return undefined;
  return {
    messages,
    uidNext,
    uidValidity: Number(uidValidity),
    // 0 stands for a mailbox that keeps no modification sequences (RFC 7162 3.1.2.2).
    ...(highestModseq ? { highestModseq } : {}),
  };
}
