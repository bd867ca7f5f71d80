import { encodeModifiedUtf7 } from '../../migration/modified-utf7.ts';
import type { CommandPart } from './command-part.ts';

/**
 * A mailbox name as an argument: modified UTF-7 (RFC 3501 5.1.3), or UTF-8 where UTF8=ACCEPT is enabled
 * (RFC 6855 3); quoted, or a literal where a quoted string cannot hold it.
 */
export function mailboxArgument(path: string, utf8: boolean): CommandPart {
  const bytes = utf8 ? Buffer.from(path, 'utf8').toString('latin1') : encodeModifiedUtf7(path);
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\x00-\x1f\x7f]/.test(bytes)) return Buffer.from(bytes, 'latin1');
  return `"${bytes.replace(/["\\]/g, '\\$&')}"`;
}
