import { createHash } from 'node:crypto';
import { ImapTestClient, mailboxArgument, type MailboxAccess } from './imap-test-client.ts';
import type { ImapResponse, LiteralSink } from './imap-response-reader.ts';
import { instantOf } from './internal-date.ts';
import { withResource } from './with-resource.ts';

/** What the checker keeps of one message. */
export interface MessageSnapshot {
  readonly uid: number;
  /** Of all bytes, as the server gives them. */
  readonly sha256: string;
  /** Bytes, counted, not as the server claims. */
  readonly size: number;
  /** ms since 1970. */
  readonly instant: number;
  /** The server's own words, e.g. ' 7-Jan-2001 02:44:25 +0500'. */
  readonly internalDate: string;
  /** Sorted, without \Recent. */
  readonly flags: readonly string[];
  /** Subject or Message-ID, to recognise the message in a report. */
  readonly label: string;
}

export interface FolderSnapshot {
  /** Decoded, as the server writes it. */
  readonly path: string;
  /** Levels, without the namespace's prefix. */
  readonly segments: readonly string[];
  readonly attributes: readonly string[];
  readonly uidValidity: number;
  readonly uidNext: number;
  /** In the order of their UIDs. */
  readonly messages: readonly MessageSnapshot[];
}

/** All selectable folders of a mailbox, by their levels joined with '/'. */
export type MailboxSnapshot = ReadonlyMap<string, FolderSnapshot>;

const HEAD_BYTES = 4096;

/**
 * Reads a whole mailbox, every byte of it, without changing anything (EXAMINE, BODY.PEEK[]). Messages are hashed
 * as they come and never held whole.
 */
export async function snapshotMailbox(access: MailboxAccess): Promise<MailboxSnapshot> {
  return await withResource(ImapTestClient.connect(access), snapshotFolders);
}

async function snapshotFolders(client: ImapTestClient): Promise<MailboxSnapshot> {
  const folders = new Map<string, FolderSnapshot>();
  for (const { path, attributes } of await client.list()) {
    if (attributes.some((each) => /^\\(Noselect|NonExistent)$/i.test(each))) continue;
    const segments = client.segmentsOf(path);
    folders.set(segments.join('/'), { ...(await snapshotFolder(client, path)), segments, attributes });
  }
  return folders;
}

/**
 * One line a message with its UID, and one a folder with its UIDVALIDITY: equal only if nothing at all was touched
 * (but flags, with `ignoreFlags`).
 */
export function snapshotLines(mailbox: MailboxSnapshot, options: { ignoreFlags?: boolean } = {}): string[] {
  return [...mailbox]
    .flatMap(([name, { uidValidity, messages }]) => [
      `${name} UIDVALIDITY ${uidValidity}`,
      ...messages.map(
        ({ uid, sha256, internalDate, flags, label }) =>
          `${name} ${String(uid).padStart(6)} ${internalDate} ${sha256.slice(0, 16)} (${options.ignoreFlags === true ? '' : flags.join(' ')}) ${label}`,
      ),
    ])
    .toSorted();
}

/** The lines of one snapshot that another does not have. */
export function linesMissing(lines: readonly string[], from: readonly string[]): string[] {
  const there = new Set(from);
  return lines.filter((line) => !there.has(line));
}

async function snapshotFolder(
  client: ImapTestClient,
  path: string,
): Promise<Omit<FolderSnapshot, 'segments' | 'attributes'>> {
  const counters = { exists: 0, uidValidity: 0, uidNext: 0 };
  await client.execute([`EXAMINE ${mailboxArgument(path)}`], {
    onUntagged: ({ text }) => {
      counters.exists = Number(/^\* (\d+) EXISTS$/i.exec(text)?.[1] ?? counters.exists);
      counters.uidValidity = Number(/\[UIDVALIDITY (\d+)\]/i.exec(text)?.[1] ?? counters.uidValidity);
      counters.uidNext = Number(/\[UIDNEXT (\d+)\]/i.exec(text)?.[1] ?? counters.uidNext);
    },
  });
  const messages: MessageSnapshot[] = [];
  if (counters.exists > 0) {
    let body = digest();
    await client.execute(['UID FETCH 1:* (UID FLAGS INTERNALDATE BODY.PEEK[])'], {
      sinkFor: () => {
        body = digest();
        return body;
      },
      onUntagged: (response) => {
        if (!/^\* \d+ FETCH .*BODY\[\]/i.test(response.text)) return;
        if (response.literals.length === 0) body = bodyInLine(response.text);
        messages.push(messageSnapshot(response, body));
      },
    });
  }
  return {
    path,
    uidValidity: counters.uidValidity,
    uidNext: counters.uidNext,
    messages: messages.toSorted((a, b) => a.uid - b.uid),
  };
}

interface Digest extends LiteralSink {
  sha256(): string;
  size(): number;
  head(): string;
}

function digest(): Digest {
  const hash = createHash('sha256');
  const head: Buffer[] = [];
  let size = 0;
  return {
    write(chunk) {
      if (size < HEAD_BYTES) head.push(Buffer.from(chunk.subarray(0, HEAD_BYTES - size)));
      size += chunk.length;
      hash.update(chunk);
    },
    end: () => Buffer.alloc(0),
    sha256: () => hash.digest('hex'),
    size: () => size,
    head: () => Buffer.concat(head).toString('latin1'),
  };
}

/** A server may send a short message as a quoted string, and none at all as NIL. */
function bodyInLine(text: string): Digest {
  const body = digest();
  const found = /BODY\[\] "((?:\\.|[^"\\])*)"/i.exec(text)?.[1] ?? '';
  body.write(Buffer.from(found.replace(/\\(.)/g, '$1'), 'latin1'));
  return body;
}

/** A part of a text is kept by V8 together with the whole of it; of a million messages that would be gigabytes. */
function apart(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le');
}

function messageSnapshot({ text }: ImapResponse, body: Digest): MessageSnapshot {
  const field = (pattern: RegExp): string => {
    const value = pattern.exec(text)?.[1];
    if (value === undefined) throw new TypeError(`The server left something out: ${text.slice(0, 300)}`);
    return value;
  };
  const internalDate = field(/INTERNALDATE "([^"]*)"/i);
  const head = body.head().split(/\r?\n\r?\n/, 1)[0] ?? '';
  const header = (name: string): string | undefined =>
    new RegExp(`^${name}: *(.+)$`, 'im').exec(head)?.[1]?.trim();
  return {
    uid: Number(field(/\bUID (\d+)/i)),
    sha256: body.sha256(),
    size: body.size(),
    instant: instantOf(internalDate),
    internalDate: apart(internalDate),
    flags: field(/FLAGS \(([^)]*)\)/i)
      .split(' ')
      .filter((flag) => flag !== '' && flag.toLowerCase() !== '\\recent')
      .map(apart)
      .toSorted(),
    label: apart(header('Subject') ?? header('Message-ID') ?? 'no subject'),
  };
}
