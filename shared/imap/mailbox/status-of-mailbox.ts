import { ImapError, ProtocolError } from '../errors.ts';
import type { ImapConnection } from '../wire/imap-connection.ts';
import type { MailboxName } from '../wire/mailbox-argument.ts';
import type { Wait } from '../wire/wait.ts';
import type { MailboxCounters } from './open-mailbox.ts';
import { statusOfMailboxes } from './status-of-mailboxes.ts';

/**
 * The counters of a mailbox that need not be selected (RFC 3501 6.3.10).
 * @throws CommandRefusedError with response code NONEXISTENT where the server gives one, when there is no such mailbox
 */
export async function statusOfMailbox(
  c: ImapConnection,
  path: MailboxName,
  wait: Wait,
): Promise<MailboxCounters> {
  const counters = (await statusOfMailboxes(c, [path], wait)).get(path);
  if (counters === undefined || counters instanceof ImapError) {
    throw counters ?? new ProtocolError('The server said nothing about the mailbox.');
  }
  return counters;
}
