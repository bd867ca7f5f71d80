import type { ImapConnection } from '../wire/imap-connection.ts';
import type { Wait } from '../wire/wait.ts';

/** Makes mail clients show the mailbox. */
export async function subscribeMailbox(c: ImapConnection, path: string, wait: Wait): Promise<void> {
  await c.run(['SUBSCRIBE ', c.mailbox(path)], wait);
}
