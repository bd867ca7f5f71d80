import { CommandRefusedError } from '../errors.ts';
import type { ImapConnection } from '../wire/imap-connection.ts';
import type { Wait } from '../wire/wait.ts';
import { mailboxExists } from './mailbox-exists.ts';

/**
 * Creates a mailbox; that it exists already is as good. Some servers say so without ALREADYEXISTS (RFC 5530), so
 * a refusal is checked against LIST.
 *
 * @throws CommandRefusedError when there is no such mailbox afterwards
 */
export async function createMailbox(c: ImapConnection, path: string, wait: Wait): Promise<void> {
  try {
    await c.run(['CREATE ', c.mailbox(path)], wait);
  } catch (error) {
    if (!(error instanceof CommandRefusedError)) throw error;
    if (error.responseCode === 'ALREADYEXISTS') return;
    if (!(await mailboxExists(c, path, wait))) throw error;
  }
}
