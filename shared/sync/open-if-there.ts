import { CommandRefusedError } from '../imap/errors.ts';
import { mailboxExists } from '../imap/mailbox/mailbox-exists.ts';
import type { OpenMailbox } from '../imap/mailbox/open-mailbox.ts';
import type { Wait } from '../imap/wire/wait.ts';
import type { LaneEnd } from './lane-context.ts';

/**
 * Opens a folder that may have been deleted or renamed since it was planned.
 * @returns undefined when there is no such folder any more
 * @throws ImapError when it is there but cannot be opened
 */
export async function openIfThere(end: LaneEnd, path: string, wait: Wait): Promise<OpenMailbox | undefined> {
  try {
    return await end.open(path);
  } catch (error) {
    // Response codes are optional (RFC 5530), so LIST has the last word.
    if (!(error instanceof CommandRefusedError) || (await mailboxExists(end.connection, path, wait)))
      throw error;
    return undefined;
  }
}
