import type { ImapConnection } from '../wire/imap-connection.ts';
import type { Wait } from '../wire/wait.ts';
import type { OpenMailbox } from './open-mailbox.ts';
import { runSelect } from './run-select.ts';

/** Opens a mailbox for writing flags (SELECT, RFC 3501 6.3.1); tells which flags can be kept there. */
export function selectMailbox(c: ImapConnection, path: string, wait: Wait): Promise<OpenMailbox> {
  return runSelect(c, 'SELECT', path, wait);
}
