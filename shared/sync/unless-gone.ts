import { CommandRefusedError } from '../imap/errors.ts';
import { mailboxExists } from '../imap/mailbox/mailbox-exists.ts';
import type { ImapConnection } from '../imap/wire/imap-connection.ts';
import type { MailboxName } from '../imap/wire/mailbox-argument.ts';
import type { Wait } from '../imap/wire/wait.ts';

/**
 * Does something with a folder that may have been deleted or renamed since it was planned.
 * @returns undefined when there is no such folder any more
 * @throws ImapError when it is there but refuses what is asked of it
 */
export async function unlessGone<Result>(
  connection: ImapConnection,
  path: MailboxName,
  wait: Wait,
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    // Response codes are optional (RFC 5530), so LIST has the last word.
    if (!(error instanceof CommandRefusedError) || (await mailboxExists(connection, path, wait))) throw error;
    return undefined;
  }
}
