import { encodeModifiedUtf7 } from '../../migration/modified-utf7.ts';
import type { CommandPart } from './command-part.ts';

/**
 * What a mailbox is called: its path in Unicode, or, for a name that no path encodes to (raw 8-bit, a lone `&`), the
 * very bytes in which the server listed it, one character per byte.
 */
export type MailboxName = string | { readonly asListed: string };

/**
 * A mailbox name as an argument: modified UTF-7 (RFC 3501 5.1.3), or UTF-8 where UTF8=ACCEPT is enabled
 * (RFC 6855 3), or as it was listed; quoted, or a literal where a quoted string cannot hold it.
 */
export function mailboxArgument(name: MailboxName, utf8: boolean): CommandPart {
  if (typeof name !== 'string') return quote(name.asListed, /[^\x20-\x7e]/);
  const bytes = utf8 ? Buffer.from(name, 'utf8').toString('latin1') : encodeModifiedUtf7(name);
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return quote(bytes, /[\x00-\x1f\x7f]/);
}

export function isSameMailbox(a: MailboxName, b: MailboxName): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b;
  return a.asListed === b.asListed;
}

function quote(bytes: string, unquotable: RegExp): CommandPart {
  if (unquotable.test(bytes)) return Buffer.from(bytes, 'latin1');
  return `"${bytes.replace(/["\\]/g, '\\$&')}"`;
}
