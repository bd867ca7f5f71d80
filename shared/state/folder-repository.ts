import * as z from 'zod';
import { type FolderRecord, parseFolder } from './folder-record.ts';
import { folderKey, FOLDERS_PREFIX, type MailboxKey, mailboxPartition, tallyKey } from './keys.ts';
import { parseRecord } from './parse-record.ts';
import { saveCounts } from './save-counts.ts';
import type { StateTable } from './state-table.ts';
import type { Attributes } from './table-expression.ts';
import { rangeOf } from './table-query.ts';
import { parseTally, type TallyRecord } from './tally-record.ts';

export type { FolderRecord } from './folder-record.ts';

export interface FolderRepository {
  /** All folders of a mailbox, by a consistent read, in the order of their ids. */
  list(mailbox: MailboxKey): Promise<FolderRecord[]>;
  /** The same for who counts their pages. */
  listToCount(mailbox: MailboxKey): Promise<FoldersToCount>;
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

export interface FoldersToCount {
  readonly folders: readonly FolderRecord[];
  /**
   * Writes what the pages of folders came to, `counts` and `retryPages`: of many folders in one request.
   *
   * @param counted folders of the list
   * @param pass that counts them
   * @returns false when somebody else has counted them since the list was read, or a later pass has planned one of them:
   * then they are to be read and counted again. In any case what has been written of a folder since then stands.
   */
  readonly saveCounts: (counted: readonly FolderRecord[], pass: number) => Promise<boolean>;
}

const writtenSchema = z.object({ writeId: z.string().optional() });

export function createFolderRepository(table: StateTable, ids: () => string): FolderRepository {
  // Who asks for several folders at once gets one item for all of them.
  const parsed = new WeakMap<Attributes, TallyRecord>();
  const tallyOf = (item: Attributes | undefined): TallyRecord => {
    if (item === undefined) return { tallies: new Map(), version: 0 };
    const tally = parsed.get(item) ?? parseTally(item);
    parsed.set(item, tally);
    return tally;
  };
  const itemOf = (mailbox: MailboxKey, record: FolderRecord): Attributes => ({
    ...record,
    ...folderKey(mailbox, record.folderId),
    writeId: ids(),
  });

  const listToCount = async (mailbox: MailboxKey): Promise<FoldersToCount> => {
    const { sk } = tallyKey(mailbox);
    const items = await table.queryAll(rangeOf(mailboxPartition(mailbox), FOLDERS_PREFIX));
    const tally = tallyOf(items.find((item) => item['sk'] === sk));
    const writeIds = new Map<string, string>();
    const folders = items
      .filter((item) => item['sk'] !== sk)
      .map((item) => {
        const folder = folderOf(item, tally);
        const writeId = writeIdOf(item);
        if (writeId !== undefined) writeIds.set(folder.folderId, writeId);
        return folder;
      });
    return {
      folders,
      saveCounts: (counted, pass) => saveCounts(table, { mailbox, tally, writeIds, ids }, counted, pass),
    };
  };

  return {
    list: async (mailbox) => [...(await listToCount(mailbox)).folders],
    listToCount,
    async get(mailbox, folderId) {
      const [item, tally] = await Promise.all([
        table.get(folderKey(mailbox, folderId)),
        table.get(tallyKey(mailbox)),
      ]);
      return item === undefined ? undefined : folderOf(item, tallyOf(tally));
    },
    async put(mailbox, record) {
      await table.batchWrite([{ put: itemOf(mailbox, record) }]);
    },
    putInPass(mailbox, record, pass) {
      return table.put(itemOf(mailbox, record), {
        text: 'attribute_not_exists(#touched) OR #touched <= :pass',
        names: { '#touched': 'touchedInPass' },
        values: { ':pass': pass },
      });
    },
    async putAll(mailbox, records) {
      await table.batchWrite(records.map((record) => ({ put: itemOf(mailbox, record) })));
    },
  };
}

function folderOf(item: Attributes, { tallies }: TallyRecord): FolderRecord {
  const writeId = writeIdOf(item);
  return { ...parseFolder(item), ...(writeId !== undefined && tallies.get(writeId)) };
}

function writeIdOf(item: Attributes): string | undefined {
  return parseRecord('folder', writtenSchema, item).writeId;
}
