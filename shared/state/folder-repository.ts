import { type FolderRecord, parseFolder } from './folder-record.ts';
import { FOLDER_PREFIX, folderKey, type MailboxKey, mailboxPartition } from './keys.ts';
import type { StateTable } from './state-table.ts';
import { rangeOf } from './table-query.ts';

export type { FolderRecord } from './folder-record.ts';

export interface FolderRepository {
  /** All folders of a mailbox, by a consistent read, in the order of their ids. */
  list(mailbox: MailboxKey): Promise<FolderRecord[]>;
  get(mailbox: MailboxKey, folderId: string): Promise<FolderRecord | undefined>;
  /** Writes without a condition: only the holder of the planner's lease, or who finishes the pass, writes folders. */
  put(mailbox: MailboxKey, record: FolderRecord): Promise<void>;
  /** Many at once, as {@link put}; not atomic. */
  putAll(mailbox: MailboxKey, records: readonly FolderRecord[]): Promise<void>;
}

export function createFolderRepository(table: StateTable): FolderRepository {
  return {
    async list(mailbox) {
      const items = await table.queryAll(rangeOf(mailboxPartition(mailbox), FOLDER_PREFIX));
      return items.map(parseFolder);
    },
    async get(mailbox, folderId) {
      const item = await table.get(folderKey(mailbox, folderId));
      return item === undefined ? undefined : parseFolder(item);
    },
    async put(mailbox, record) {
      await table.batchWrite([{ put: { ...record, ...folderKey(mailbox, record.folderId) } }]);
    },
    async putAll(mailbox, records) {
      await table.batchWrite(
        records.map((record) => ({ put: { ...record, ...folderKey(mailbox, record.folderId) } })),
      );
    },
  };
}
