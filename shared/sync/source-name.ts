import type { MailboxName } from '../imap/wire/mailbox-argument.ts';
import type { FolderRecord } from '../state/folder-record.ts';

/** What commands to the source call a folder. */
export function sourceNameOf(folder: Pick<FolderRecord, 'sourcePath' | 'sourceName'>): MailboxName {
  return folder.sourceName === undefined ? folder.sourcePath : { asListed: folder.sourceName };
}
