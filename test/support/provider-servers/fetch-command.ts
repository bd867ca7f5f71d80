import type { FolderEntry } from './mail-folder.ts';
import { type Argument, listOf, textOf } from './parse-arguments.ts';
import { quotedName, type ServerSession } from './server-session.ts';
import { setMatcher } from './uid-set-text.ts';

/** UID FETCH. A body comes last in its response. */
export function fetch(session: ServerSession, args: readonly Argument[]): string | undefined {
  const { selected, moods } = session;
  if (selected === undefined) return 'BAD No mailbox is open';
  const { shown } = session;
  const wanted = setMatcher(textOf(args[0]), shown.at(-1)?.uid ?? 0);
  const items = Array.isArray(args[1]) ? listOf(args[1]) : args.slice(1, 2);
  const modifiers = listOf(args[2]);
  const since = /^changedsince$/i.test(textOf(modifiers[0])) ? Number(textOf(modifiers[1])) : -1;
  let sent = 0;
  for (const [index, entry] of shown.entries()) {
    if (!wanted(entry.uid) || entry.mail.modseq <= since) continue;
    if (moods.breakFetchAfter !== undefined && sent >= moods.breakFetchAfter.messages) {
      session.hangUp(moods.breakFetchAfter.bye);
      return undefined;
    }
    sayEntry(session, index + 1, entry, [...items, ...(since < 0 ? [] : ['MODSEQ'])]);
    sent += 1;
  }
  return session.ok('FETCH');
}

function sayEntry(
  session: ServerSession,
  sequence: number,
  entry: FolderEntry,
  items: readonly Argument[],
): void {
  const values: string[] = [];
  let body: { readonly name: string; readonly bytes: Buffer } | undefined;
  for (const item of items) {
    const name = textOf(item);
    const value = valueOf(session, entry, name.toUpperCase());
    if (typeof value === 'string') values.push(value);
    else if (value !== undefined) body = { name: name.replace(/\.PEEK/i, '').toUpperCase(), bytes: value };
  }
  if (!values.some((value) => value.startsWith('UID '))) values.unshift(`UID ${entry.uid}`);
  const head = `* ${sequence} FETCH (${values.join(' ')}`;
  if (body === undefined) session.say(`${head})`);
  else session.saySome(`${head} ${body.name} `, body.bytes, ')');
}

function valueOf(
  session: ServerSession,
  { uid, mail }: FolderEntry,
  name: string,
): string | Buffer | undefined {
  switch (name) {
    case 'UID':
      return `UID ${uid}`;
    case 'FLAGS':
      return `FLAGS (${mail.flags.join(' ')})`;
    case 'INTERNALDATE':
      return `INTERNALDATE "${mail.internalDate}"`;
    case 'RFC822.SIZE':
      return `RFC822.SIZE ${session.script.sizeOf?.(mail.bytes) ?? mail.bytes.length}`;
    case 'MODSEQ':
      return `MODSEQ (${mail.modseq})`;
    case 'X-GM-MSGID':
      return session.script.labels === true ? `X-GM-MSGID ${mail.id}` : undefined;
    case 'X-GM-LABELS': {
      const others = session.mail.labelsOf(mail).filter((folder) => folder !== session.selected?.folder);
      return session.script.labels === true
        ? `X-GM-LABELS (${others.map(({ path }) => quotedName(path)).join(' ')})`
        : undefined;
    }
    case 'BODY[]':
    case 'BODY.PEEK[]':
      return mail.bytes;
    case 'RFC822':
      return session.script.withoutRfc822 === true ? undefined : mail.bytes;
    default:
      return /^BODY(?:\.PEEK)?\[HEADER/.test(name) ? headerOf(mail.bytes, name) : undefined;
  }
}

/** The whole header, or the fields that were named. */
function headerOf(bytes: Buffer, item: string): Buffer {
  const text = bytes.toString('latin1');
  const end = text.search(/\r?\n\r?\n/);
  const header = `${end === -1 ? text : text.slice(0, end)}\r\n`;
  const named = /HEADER\.FIELDS \(([^)]*)\)/.exec(item)?.[1]?.split(' ');
  if (named === undefined) return Buffer.from(`${header}\r\n`, 'latin1');
  const fields = header.split(/\r?\n(?![ \t])/).filter((field) => {
    return named.includes(field.slice(0, Math.max(0, field.indexOf(':'))).toUpperCase());
  });
  return Buffer.from([...fields, '', ''].join('\r\n'), 'latin1');
}
