import { selectMailbox } from '../imap/mailbox/select-mailbox.ts';
import type { ImapConnection } from '../imap/wire/imap-connection.ts';
import type { Wait } from '../imap/wire/wait.ts';
import type { FolderRecord } from '../state/folder-record.ts';

/**
 * What the destination lets one store in a folder, and its UIDVALIDITY; the folder must be selected to be told.
 * @param options.withheld flags that are not to be written, whatever it says
 */
export async function inspectDestination(
  destination: ImapConnection,
  path: string,
  { wait, withheld = [] }: { readonly withheld?: readonly string[] | undefined; readonly wait: Wait },
): Promise<{ messages: number; record: NonNullable<FolderRecord['destination']> }> {
  const opened = await selectMailbox(destination, path, wait);
  return {
    messages: opened.messages,
    record: {
      uidValidity: opened.uidValidity,
      uidNext: opened.uidNext,
      ...(opened.permanentFlags && {
        permanentFlags: { ...opened.permanentFlags, ...(withheld.length > 0 && { withheld }) },
      }),
    },
  };
}
