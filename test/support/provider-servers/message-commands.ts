import type { HeardCommand } from './command-reader.ts';
import type { MailFolder } from './mail-folder.ts';
import { type Argument, listOf, textOf } from './parse-arguments.ts';
import { pathOf, type ServerSession } from './server-session.ts';
import { setMatcher, setText } from './uid-set-text.ts';

export function append(session: ServerSession, args: readonly Argument[], command: HeardCommand): string {
  const { script } = session;
  if (script.readOnly === true) return 'NO [CANNOT] This mailbox is read-only';
  const folder = session.named(args[0]);
  if (folder === undefined) return `NO [TRYCREATE] ${script.unknownFolder(pathOf(args[0]))}`;
  const flags = listOf(args[1]).map((flag) => textOf(flag));
  const [bytes = Buffer.alloc(0)] = command.literals.slice(-1);
  const date = args.slice(1).find((argument) => typeof argument === 'string');
  const refusal = script.refuseMessage?.(bytes);
  if (refusal !== undefined) return refusal;
  const internalDate = textOf(date).trim();
  const mail = session.mail.make({ bytes, flags, ...(internalDate !== '' && { internalDate }) });
  const uid = folder.add(mail);
  script.settle?.((path) => session.mail.folder(path), folder, uid);
  return session.ok('APPEND', uidPlus(session, `APPENDUID ${folder.uidValidity} ${uid}`));
}

/** UID SEARCH with `ALL`, `UID set` and `X-GM-MSGID id`, and `RETURN (…)` (RFC 4731). */
export function search(session: ServerSession, args: readonly Argument[], command: HeardCommand): string {
  const { shown, script } = session;
  const extended = /^return$/i.test(textOf(args[0]));
  const keys = extended ? args.slice(2) : args;
  let found = shown;
  for (let index = 0; index < keys.length; index += 1) {
    const key = textOf(keys[index]).toUpperCase();
    if (key === 'ALL') continue;
    index += 1;
    const value = textOf(keys[index]);
    if (key === 'UID') {
      const wanted = setMatcher(value, shown.at(-1)?.uid ?? 0);
      found = found.filter(({ uid }) => wanted(uid));
    } else if (key === 'X-GM-MSGID' && script.labels === true) {
      found = found.filter(({ mail }) => `${mail.id}` === value);
    } else {
      return `BAD Could not parse command`;
    }
  }
  const uids = found.map(({ uid }) => uid);
  if (extended) {
    const all = script.brokenEsearch === true || uids.length === 0 ? '' : ` ALL ${setText(uids)}`;
    session.say(`* ESEARCH (TAG "${command.tag}") UID${all}`);
  } else {
    session.say(['* SEARCH', ...uids].join(' '));
  }
  return session.ok('SEARCH');
}

export function store(session: ServerSession, args: readonly Argument[]): string {
  const { selected, script, mail: account } = session;
  if (selected === undefined || selected.readOnly) return 'NO [READ-ONLY] The mailbox is open read-only';
  const item = textOf(args[1]).toUpperCase();
  const flags = (Array.isArray(args[2]) ? listOf(args[2]) : args.slice(2)).map((flag) => textOf(flag));
  for (const { uid, mail } of chosen(session, args)) {
    const before = mail.flags;
    if (item.startsWith('+')) mail.flags = [...new Set([...before, ...flags])];
    else if (item.startsWith('-')) mail.flags = before.filter((flag) => !flags.includes(flag));
    else mail.flags = flags;
    mail.modseq = account.nextModseq();
    script.settle?.((path) => account.folder(path), selected.folder, uid);
  }
  return session.ok('STORE');
}

/** UID COPY: where messages have labels, one more of them. */
export function copy(session: ServerSession, args: readonly Argument[]): string {
  const target = session.named(args[1]);
  if (target === undefined) return `NO [TRYCREATE] ${session.script.unknownFolder(pathOf(args[1]))}`;
  if (session.script.readOnly === true) return 'NO [CANNOT] This mailbox is read-only';
  const entries = chosen(session, args);
  const uids = entries.map(({ mail }) => copyInto(session, target, mail));
  if (uids.length === 0) return session.ok('COPY');
  const from = setText(entries.map(({ uid }) => uid));
  return session.ok('COPY', uidPlus(session, `COPYUID ${target.uidValidity} ${from} ${uids.join(',')}`));
}

function copyInto(
  session: ServerSession,
  target: MailFolder,
  mail: MailFolder['entries'][number]['mail'],
): number {
  if (session.script.labels !== true) return target.add(session.mail.copyOf(mail));
  const there = target.entries.find((entry) => entry.mail === mail);
  return there?.uid ?? target.add(mail);
}

/** EXPUNGE and UID EXPUNGE (RFC 4315). */
export function expunge(session: ServerSession, args: readonly Argument[]): string {
  const { selected } = session;
  if (selected === undefined || selected.readOnly) return 'NO [READ-ONLY] The mailbox is open read-only';
  const entries = args.length === 0 ? session.shown : chosen(session, args);
  const gone = entries.filter(({ mail }) => mail.flags.some((flag) => /^\\deleted$/i.test(flag)));
  selected.folder.remove(new Set(gone.map(({ uid }) => uid)));
  return session.ok('EXPUNGE');
}

function chosen(session: ServerSession, args: readonly Argument[]): MailFolder['entries'] {
  const { shown } = session;
  const wanted = setMatcher(textOf(args[0]), shown.at(-1)?.uid ?? 0);
  return shown.filter(({ uid }) => wanted(uid));
}

function uidPlus(session: ServerSession, code: string): string | undefined {
  return /\bUIDPLUS\b/.test(session.script.capabilities.after) ? code : undefined;
}
