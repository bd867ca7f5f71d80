import { CommandRefusedError } from '../imap/errors.ts';
import { subscribeMailbox } from '../imap/mailbox/subscribe-mailbox.ts';
import type { ImapConnection } from '../imap/wire/imap-connection.ts';
import type { Wait } from '../imap/wire/wait.ts';

/** Has mail clients show a folder of the destination, where the server knows subscriptions. */
export async function showFolder(destination: ImapConnection, path: string, wait: Wait): Promise<void> {
  try {
    await subscribeMailbox(destination, path, wait);
  } catch (error) {
    // Some servers have no subscriptions; the folder is there all the same.
    if (!(error instanceof CommandRefusedError)) throw error;
  }
}
