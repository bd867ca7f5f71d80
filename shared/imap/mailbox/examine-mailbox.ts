import type { ImapConnection } from '../wire/imap-connection.ts';
import type { MailboxName } from '../wire/mailbox-argument.ts';
import type { Wait } from '../wire/wait.ts';
import type { OpenMailbox } from './open-mailbox.ts';
import { runSelect } from './run-select.ts';

/** Opens a mailbox for reading only: no message is marked as seen or stops being recent (EXAMINE, RFC 3501 6.3.2). */
export function examineMailbox(c: ImapConnection, path: MailboxName, wait: Wait): Promise<OpenMailbox> {
  return runSelect(c, 'EXAMINE', path, wait);
}
