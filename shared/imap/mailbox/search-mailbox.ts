import type { ImapConnection } from '../wire/imap-connection.ts';
import type { MailboxName } from '../wire/mailbox-argument.ts';
import type { Wait } from '../wire/wait.ts';
import { examineThen } from './examine-then.ts';
import type { OpenMailbox } from './open-mailbox.ts';
import { searchUidsBy, type UidQuery } from './search-uids.ts';

/**
 * Opens a mailbox read-only and lists its UIDs in the range, in one round trip; several may be begun at once on one
 * connection. An empty answer to ESEARCH is put to the question again (see `searchUids`).
 *
 * @throws CommandRefusedError when the mailbox cannot be opened; ProtocolError
 */
export async function searchMailbox(
  c: ImapConnection,
  path: MailboxName,
  range: UidQuery,
  wait: Wait,
): Promise<{ opened: OpenMailbox; uids: Uint32Array }> {
  const extended = c.capabilities.has('ESEARCH');
  const first = await examineThen(c, path, wait, () =>
    searchUidsBy(c, extended ? 'esearch' : 'search', range, wait),
  );
  const { opened, result: uids } = first;
  if (!extended || uids.length > 0 || opened.messages === 0) return { opened, uids };
  const second = await examineThen(c, path, wait, () => searchUidsBy(c, 'search', range, wait));
  return { opened, uids: second.result };
}
