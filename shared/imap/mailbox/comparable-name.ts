import type { CommandPart } from '../wire/command-part.ts';
import { textOf, type Value } from '../wire/value.ts';

/** A mailbox name as a server sent it, in the form in which we send names. */
export function sentName(name: Value | undefined): CommandPart {
  // a mailbox may be called NIL
  const text = typeof name === 'string' ? name : (textOf(name) ?? '');
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** The same for every way to write the same name: INBOX in any case of letters, quoted or literal (RFC 3501 5.1). */
export function comparableName(name: CommandPart): string {
  const text = typeof name === 'string' ? name : String(sentName(name));
  return /^"inbox"$/i.test(text) ? '"INBOX"' : text;
}
