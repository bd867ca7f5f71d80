import { CommandRefusedError, MailboxRenamedError } from '../imap/errors.ts';
import { createMailbox } from '../imap/mailbox/create-mailbox.ts';
import type { FlagRules } from '../imap/providers/provider-profile.ts';
import type { FolderListing } from '../imap/session/list-folders.ts';
import type { ImapConnection } from '../imap/wire/imap-connection.ts';
import type { Wait } from '../imap/wire/wait.ts';
import { plainerPaths } from '../migration/plainer-paths.ts';
import { type InspectedDestination, inspectDestination } from './inspect-destination.ts';
import { showFolder } from './show-folder.ts';

/** Where a folder is at the destination. */
export interface FolderPlace {
  readonly path: string;
  /** What is there, where that was asked along with the place. */
  readonly found?: Promise<InspectedDestination> | undefined;
  /** Settles when mail clients show a new folder. */
  readonly shown?: Promise<void>;
}

/**
 * Makes a folder where it was planned, or where the destination takes it: what a server refuses in names is not known
 * of every server, and no folder is dropped for its name. What it holds is asked in the flight of CREATE: SELECT is
 * refused where CREATE is, and does not count where the server has made another name of it.
 *
 * @param folder one that is there already is left as it is
 * @param options.hasMail somebody will want to know what it holds
 * @returns where it is; what it holds may be told later
 * @throws CommandRefusedError, MailboxRenamedError when the destination takes it nowhere
 */
export async function placeFolder(
  destination: ImapConnection,
  { create, destinationPath }: { readonly create: boolean; readonly destinationPath: string },
  options: {
    readonly namespace: FolderListing['namespace'];
    readonly rules: FlagRules | undefined;
    readonly hasMail: boolean;
    /** A planning that died may have made it, and not shown it yet. */
    readonly mayBeHidden: boolean;
    readonly wait: Wait;
  },
): Promise<FolderPlace> {
  const { namespace, rules, hasMail, mayBeHidden, wait } = options;
  const inspect = (path: string): FolderPlace['found'] => {
    const found = hasMail ? inspectDestination(destination, path, { rules, wait }) : undefined;
    found?.catch(() => undefined); // planning asks for it where there is work
    return found;
  };
  const show = (path: string): Promise<void> => {
    const shown = showFolder(destination, path, wait);
    shown.catch(() => undefined); // asked for before the folder goes into the books
    return shown;
  };
  if (!create) {
    const found = inspect(destinationPath);
    return { path: destinationPath, found, ...(mayBeHidden && { shown: show(destinationPath) }) };
  }
  let refusal: CommandRefusedError | MailboxRenamedError | undefined;
  for (const path of [destinationPath, ...plainerPaths(destinationPath, namespace)]) {
    const made = createMailbox(destination, path, wait);
    const found = inspect(path);
    try {
      await made;
    } catch (error) {
      const isRefused = error instanceof CommandRefusedError || error instanceof MailboxRenamedError;
      if (!isRefused) throw error;
      refusal ??= error;
      continue;
    }
    // Not in the same flight: a server may keep a subscription of what is not there.
    return { path, found, shown: show(path) };
  }
  throw refusal ?? new TypeError('A folder without a path cannot be made.');
}
