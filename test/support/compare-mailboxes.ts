import type { FolderSnapshot, MailboxSnapshot, MessageSnapshot } from './mailbox-snapshot.ts';

/** Ways in which a destination may differ from its source. */
export type DifferenceKind =
  | 'missing-folder'
  | 'unexpected-folder'
  | 'missing'
  | 'doubled'
  | 'unexpected'
  | 'altered'
  | 'date'
  | 'flags';

interface MailboxDifference {
  readonly kind: DifferenceKind;
  /** At the destination, levels joined with '/'. */
  readonly folder: string;
  readonly detail: string;
}

export interface MailboxComparison {
  readonly differences: readonly MailboxDifference[];
  /** One line a difference, or what was found equal; for people. */
  readonly report: string;
  readonly sourceMessages: number;
  readonly destinationMessages: number;
}

const REPORT_LINES = 40;

/**
 * Compares two mailboxes folder by folder as multisets of messages: bytes, INTERNALDATE (the instant) and flags.
 * Knows nothing of UIDs or order.
 *
 * @param options.folderMap destination folder for source folders that are called otherwise there (levels joined with '/')
 */
export function compareMailboxes(
  source: MailboxSnapshot,
  destination: MailboxSnapshot,
  options: { folderMap?: Readonly<Record<string, string>> } = {},
): MailboxComparison {
  const differences: MailboxDifference[] = [];
  const expected = new Map<string, FolderSnapshot[]>();
  for (const [name, folder] of source) {
    const target = options.folderMap?.[name] ?? name;
    expected.set(target, [...(expected.get(target) ?? []), folder]);
  }
  for (const [name, folders] of expected) {
    const there = destination.get(name);
    if (there === undefined)
      differences.push({ kind: 'missing-folder', folder: name, detail: 'is not there' });
    differences.push(
      ...compareFolders(
        name,
        folders.flatMap(({ messages }) => messages),
        there?.messages ?? [],
      ),
    );
  }
  for (const [name, { messages }] of destination) {
    if (expected.has(name)) continue;
    // a parent that could not be selected at the source may be an ordinary, empty folder at the destination
    if (messages.length === 0 && [...expected.keys()].some((each) => each.startsWith(`${name}/`))) continue;
    differences.push({ kind: 'unexpected-folder', folder: name, detail: `with ${messages.length} messages` });
  }
  const sourceMessages = countMessages(source);
  const destinationMessages = countMessages(destination);
  return {
    differences,
    report: reportOf(differences, sourceMessages, destinationMessages),
    sourceMessages,
    destinationMessages,
  };
}

function compareFolders(
  folder: string,
  source: readonly MessageSnapshot[],
  destination: readonly MessageSnapshot[],
): MailboxDifference[] {
  const differences: MailboxDifference[] = [];
  const bySource = Map.groupBy(source, (message) => message.sha256);
  const byDestination = Map.groupBy(destination, (message) => message.sha256);
  const missing: MessageSnapshot[] = [];
  const unknown: MessageSnapshot[] = [];
  for (const [sha256, wanted] of bySource) {
    const found = byDestination.get(sha256) ?? [];
    missing.push(...wanted.slice(found.length));
    if (found.length > wanted.length) {
      const detail = `${found.length} in place of ${wanted.length}: UIDs ${found.map(({ uid }) => uid).join(', ')}, ${describe(wanted[0])}`;
      differences.push({ kind: 'doubled', folder, detail });
    } else if (found.length === wanted.length) {
      differences.push(...compareTwins(folder, wanted, found));
    }
  }
  for (const [sha256, found] of byDestination) if (!bySource.has(sha256)) unknown.push(...found);
  differences.push(...pairAltered(folder, missing, unknown));
  return differences;
}

/** Messages of the same bytes: their dates and flags, again as multisets. */
function compareTwins(
  folder: string,
  wanted: readonly MessageSnapshot[],
  found: readonly MessageSnapshot[],
): MailboxDifference[] {
  if (dates(wanted) !== dates(found)) {
    const detail = `${dates(wanted)} became ${dates(found)}: ${describe(wanted[0])}`;
    return [{ kind: 'date', folder, detail }];
  }
  if (marks(wanted) !== marks(found)) {
    const detail = `${flagLists(wanted)} became ${flagLists(found)}: ${describe(wanted[0])}`;
    return [{ kind: 'flags', folder, detail }];
  }
  return [];
}

function dates(messages: readonly MessageSnapshot[]): string {
  const texts = messages.map(({ instant }) => new Date(instant).toISOString());
  return texts.toSorted().join(', ');
}

/** Date and flags together: of two twins the right one must be the flagged one. */
function marks(messages: readonly MessageSnapshot[]): string {
  const texts = messages.map(({ instant, flags }) => `${instant}(${flags.join(' ')})`);
  return texts.toSorted().join(', ');
}

function flagLists(messages: readonly MessageSnapshot[]): string {
  return messages.map(({ flags }) => `(${flags.join(' ')})`).join(', ');
}

/** A missing message and an unknown one of the same instant are one message whose bytes were changed. */
function pairAltered(
  folder: string,
  missing: readonly MessageSnapshot[],
  unknown: readonly MessageSnapshot[],
): MailboxDifference[] {
  const differences: MailboxDifference[] = [];
  const candidates = Map.groupBy(unknown, ({ instant }) => String(instant));
  for (const message of missing) {
    const altered = candidates.get(String(message.instant))?.shift();
    if (altered === undefined) differences.push({ kind: 'missing', folder, detail: describe(message) });
    else {
      const detail = `${describe(message)} became ${describe(altered)}`;
      differences.push({ kind: 'altered', folder, detail });
    }
  }
  for (const message of [...candidates.values()].flat()) {
    differences.push({ kind: 'unexpected', folder, detail: describe(message) });
  }
  return differences;
}

function describe(message: MessageSnapshot | undefined): string {
  if (message === undefined) return 'nothing';
  const { uid, size, sha256, internalDate, label } = message;
  return `UID ${uid}, ${size} bytes, ${internalDate.trim()}, ${sha256.slice(0, 8)}, ${label.slice(0, 60)}`;
}

function reportOf(differences: readonly MailboxDifference[], source: number, destination: number): string {
  if (differences.length === 0) return `equal: ${source} messages`;
  const counts = [...Map.groupBy(differences, ({ kind }) => kind)].map(
    ([kind, each]) => `${each.length} ${kind}`,
  );
  const lines = differences
    .slice(0, REPORT_LINES)
    .map(({ kind, folder, detail }) => `  ${kind} in ${folder}: ${detail}`);
  if (differences.length > REPORT_LINES) lines.push(`  and ${differences.length - REPORT_LINES} more`);
  return [`${source} messages against ${destination}: ${counts.join(', ')}`, ...lines].join('\n');
}

function countMessages(mailbox: MailboxSnapshot): number {
  return [...mailbox.values()].reduce((sum, { messages }) => sum + messages.length, 0);
}
