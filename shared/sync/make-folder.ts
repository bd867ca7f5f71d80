import { createMailbox } from '../imap/mailbox/create-mailbox.ts';
import type { ImapConnection } from '../imap/wire/imap-connection.ts';
import type { Wait } from '../imap/wire/wait.ts';
import { showFolder } from './show-folder.ts';

/** Makes a folder at the destination and shows it to mail clients; a folder that is there already is fine. */
export async function makeFolder(destination: ImapConnection, path: string, wait: Wait): Promise<void> {
  await createMailbox(destination, path, wait);
  await showFolder(destination, path, wait);
}
