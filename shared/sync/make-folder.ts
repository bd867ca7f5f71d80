import { CommandRefusedError } from '../imap/errors.ts';
import { createMailbox } from '../imap/mailbox/create-mailbox.ts';
import { subscribeMailbox } from '../imap/mailbox/subscribe-mailbox.ts';
import type { ImapConnection } from '../imap/wire/imap-connection.ts';
import type { Wait } from '../imap/wire/wait.ts';

/** Makes a folder at the destination and shows it to mail clients; a folder that is there already is fine. */
export async function makeFolder(destination: ImapConnection, path: string, wait: Wait): Promise<void> {
  await createMailbox(destination, path, wait);
  try {
    await subscribeMailbox(destination, path, wait);
  } catch (error) {
    // Some servers have no subscriptions; the folder is there all the same.
    if (!(error instanceof CommandRefusedError)) throw error;
  }
}
