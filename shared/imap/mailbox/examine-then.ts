import type { ImapConnection } from '../wire/imap-connection.ts';
import type { MailboxName } from '../wire/mailbox-argument.ts';
import type { Wait } from '../wire/wait.ts';
import { examineMailbox } from './examine-mailbox.ts';
import type { OpenMailbox } from './open-mailbox.ts';

/**
 * Opens a mailbox read-only and has commands about it follow in the same flight. Several may be begun at once on
 * one connection: the server carries them out in order, so each finds its own mailbox open (RFC 3501 5.5).
 *
 * @param follow sends its first command before it gives control back, and any other command only as another
 * `examineThen`: by then the next mailbox may be open
 * @throws CommandRefusedError when the mailbox cannot be opened; what `follow` throws
 */
export async function examineThen<Result>(
  c: ImapConnection,
  path: MailboxName,
  wait: Wait,
  follow: () => Promise<Result>,
): Promise<{ opened: OpenMailbox; result: Result }> {
  const [opened, result] = await Promise.allSettled([examineMailbox(c, path, wait), follow()]);
  // What follows a mailbox that is not open is refused as well, or was about another one.
  if (opened.status === 'rejected') throw opened.reason;
  if (result.status === 'rejected') throw result.reason;
  return { opened: opened.value, result: result.value };
}
