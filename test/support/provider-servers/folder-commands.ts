import { fromWireName } from '../mailbox-name.ts';
import { type Argument, listOf, textOf } from './parse-arguments.ts';
import type { MailFolder } from './mail-folder.ts';
import { pathOf, quotedName, type ServerSession } from './server-session.ts';

const DELIMITER = '/';

/** LIST, with what of RFC 5258 and RFC 5819 clients ask for; LSUB and XLIST alike. */
export function list(session: ServerSession, verb: string, args: readonly Argument[]): string {
  const extended = Array.isArray(args[0]);
  const [reference, patterns, , options] = extended ? args.slice(1) : args;
  const pattern = Array.isArray(patterns) ? textOf(patterns[0]) : textOf(patterns);
  if (pattern === '') {
    session.say(`* ${verb} (\\Noselect) "${DELIMITER}" ""`);
    return session.ok(verb);
  }
  const returns = listOf(options);
  const asked = returns.findIndex((option) => textOf(option).toUpperCase() === 'STATUS');
  const items = asked === -1 ? undefined : listOf(returns[asked + 1]);
  const only = extended && listOf(args[0]).some((option) => /^special-use$/i.test(textOf(option)));
  for (const folder of session.mail.folders) {
    if (!matches(folder.path, fromWireName(textOf(reference) + pattern))) continue;
    if (only && !folder.attributes.some((each) => /^\\(?!has|noselect)/i.test(each))) continue;
    session.say(`* ${verb} (${folder.attributes.join(' ')}) "${DELIMITER}" ${quotedName(folder.path)}`);
    if (items !== undefined && folder.selectable) sayStatus(session, folder, items);
  }
  return session.ok(verb);
}

export function status(session: ServerSession, args: readonly Argument[]): string {
  const folder = session.named(args[0]);
  if (folder === undefined) return `NO ${session.script.unknownFolder(pathOf(args[0]))}`;
  sayStatus(session, folder, listOf(args[1]));
  return session.ok('STATUS');
}

function sayStatus(session: ServerSession, folder: MailFolder, items: readonly Argument[]): void {
  const { script, mail } = session;
  const counted = folder.shown(script.statusCountsHidden === true ? undefined : script.shownMessages);
  const values = items.map((item) => {
    const name = textOf(item).toUpperCase();
    switch (name) {
      case 'MESSAGES':
        return `MESSAGES ${counted.length}`;
      case 'UIDNEXT':
        return `UIDNEXT ${folder.uidNext}`;
      case 'UIDVALIDITY':
        return `UIDVALIDITY ${folder.uidValidity}`;
      case 'HIGHESTMODSEQ':
        return `HIGHESTMODSEQ ${mail.highestModseq(folder)}`;
      default:
        return `${name} 0`;
    }
  });
  session.say(`* STATUS ${quotedName(folder.path)} (${values.join(' ')})`);
}

export function create(session: ServerSession, args: readonly Argument[]): string {
  const path = pathOf(args[0]);
  const refusal = session.script.refuseName?.(path);
  if (refusal !== undefined) return refusal;
  if (session.mail.find(path) !== undefined) return 'NO [ALREADYEXISTS] Duplicate folder name (Failure)';
  session.mail.create(path);
  return session.ok('CREATE');
}

export function remove(session: ServerSession, args: readonly Argument[]): string {
  if (session.mail.find(pathOf(args[0])) === undefined) {
    return `NO ${session.script.unknownFolder(pathOf(args[0]))}`;
  }
  session.mail.delete(pathOf(args[0]));
  return session.ok('DELETE');
}

/** SELECT and EXAMINE. */
export function open(session: ServerSession, verb: string, args: readonly Argument[]): string {
  const { script } = session;
  session.selected = undefined;
  const folder = session.named(args[0]);
  if (folder === undefined) return `NO ${script.unknownFolder(pathOf(args[0]))}`;
  const readOnly = verb === 'EXAMINE' || script.readOnly === true;
  session.selected = { folder, readOnly };
  session.say('* FLAGS (\\Answered \\Flagged \\Draft \\Deleted \\Seen)');
  session.say(`* OK [PERMANENTFLAGS (${readOnly ? '' : script.permanentFlags.join(' ')})] Flags permitted.`);
  session.say(`* OK [UIDVALIDITY ${folder.uidValidity}] UIDs valid.`);
  session.say(`* ${session.shown.length} EXISTS`);
  session.say('* 0 RECENT');
  session.say(`* OK [UIDNEXT ${folder.uidNext}] Predicted next UID.`);
  if (/\bCONDSTORE\b/.test(script.capabilities.after)) {
    session.say(`* OK [HIGHESTMODSEQ ${session.mail.highestModseq(folder)}]`);
  }
  return session.ok(verb, readOnly ? 'READ-ONLY' : 'READ-WRITE');
}

function matches(path: string, pattern: string): boolean {
  const source = pattern
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('%', `[^${DELIMITER}]*`);
  return new RegExp(`^${source}$`, 's').test(path) || path.toUpperCase() === pattern.toUpperCase();
}
