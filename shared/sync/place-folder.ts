import { CommandRefusedError, MailboxRenamedError } from '../imap/errors.ts';
import type { FolderListing } from '../imap/session/list-folders.ts';
import type { ImapConnection } from '../imap/wire/imap-connection.ts';
import type { Wait } from '../imap/wire/wait.ts';
import { plainerPaths } from '../migration/plainer-paths.ts';
import { makeFolder } from './make-folder.ts';

/**
 * Makes a folder where it was planned, or where the destination takes it: what a server refuses in names is not known
 * of every server, and no folder is dropped for its name.
 *
 * @returns where it is
 * @throws CommandRefusedError, MailboxRenamedError when the destination takes it nowhere
 */
export async function placeFolder(
  destination: ImapConnection,
  path: string,
  namespace: FolderListing['namespace'],
  wait: Wait,
): Promise<string> {
  let refusal: CommandRefusedError | MailboxRenamedError | undefined;
  for (const candidate of [path, ...plainerPaths(path, namespace)]) {
    try {
      await makeFolder(destination, candidate, wait);
      return candidate;
    } catch (error) {
      const isRefused = error instanceof CommandRefusedError || error instanceof MailboxRenamedError;
      if (!isRefused) throw error;
      refusal ??= error;
    }
  }
  throw refusal ?? new TypeError('A folder without a path cannot be made.');
}
