import { type FolderRecord, parseFolder } from './folder-record.ts';
import { FOLDER_PREFIX, folderKey, type MailboxKey, mailboxPartition } from './keys.ts';
import type { StateTable } from './state-table.ts';
import { rangeOf } from './table-query.ts';

export type { FolderRecord } from './folder-record.ts';

export interface FolderRepository {
  /** All folders of a mailbox, by a consistent read, in the order of their ids. */
  list(mailbox: MailboxKey): Promise<FolderRecord[]>;
  get(mailbox: MailboxKey, folderId: string): Promise<FolderRecord | undefined>;
  /** Writes without a condition: for the holder of the planner's lease alone. */
  put(mailbox: MailboxKey, record: FolderRecord): Promise<void>;
  /**
   * Writes what a worker found out in a pass, unless a later pass has planned the folder anew: what a frozen worker
   * read must not take the place of that, for the numbers of pages follow from it.
   * @returns false when it has, and nothing was written
   */
  putInPass(mailbox: MailboxKey, record: FolderRecord, pass: number): Promise<boolean>;
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
    putInPass(mailbox, record, pass) {
      return table.put(
        { ...record, ...folderKey(mailbox, record.folderId) },
        {
          text: 'attribute_not_exists(#touched) OR #touched <= :pass',
          names: { '#touched': 'touchedInPass' },
          values: { ':pass': pass },
        },
      );
    },
    async putAll(mailbox, records) {
      await table.batchWrite(
        records.map((record) => ({ put: { ...record, ...folderKey(mailbox, record.folderId) } })),
      );
    },
  };
}
