import { CommandRefusedError, MailboxRenamedError } from '../errors.ts';
import type { ImapConnection } from '../wire/imap-connection.ts';
import type { Wait } from '../wire/wait.ts';
import { mailboxExists } from './mailbox-exists.ts';

/** A blank at either end of one of its names, which some servers cut away without a word. */
const BLANK_END = /(?:^|[^\p{L}\p{N}])\s|\s(?:$|[^\p{L}\p{N}])/u;

/**
 * Creates a mailbox; that it exists already is as good. Some servers say so without ALREADYEXISTS (RFC 5530), so
 * a refusal is checked against LIST, in the same flight where LIST has to tell the name anyhow.
 *
 * @throws CommandRefusedError when there is no such mailbox afterwards
 * @throws MailboxRenamedError when the server has made it by another name
 */
export async function createMailbox(c: ImapConnection, path: string, wait: Wait): Promise<void> {
  const created = c.run(['CREATE ', c.mailbox(path)], wait);
  const listed = BLANK_END.test(path) ? mailboxExists(c, path, wait) : undefined;
  listed?.catch(() => undefined); // CREATE's failure counts, if both fail
  let refusal: CommandRefusedError | undefined;
  try {
    await created;
  } catch (error) {
    if (!(error instanceof CommandRefusedError)) throw error;
    refusal = error;
  }
  const isSure = refusal === undefined || refusal.responseCode === 'ALREADYEXISTS';
  if (isSure && listed === undefined) return;
  if (await (listed ?? mailboxExists(c, path, wait))) return;
  throw isSure ? new MailboxRenamedError(path) : refusal;
}
