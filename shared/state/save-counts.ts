import pMap from 'p-map';
import { StaleWriteError } from './errors.ts';
import type { FolderRecord } from './folder-record.ts';
import { folderKey, type MailboxKey, tallyKey } from './keys.ts';
import { saveVersioned } from './save-versioned.ts';
import type { StateTable } from './state-table.ts';
import { type StoredTally, PackedTallies, type TallyRecord } from './tally-record.ts';

/** DynamoDB takes 400 KB in an item: tallies of some 9,000 folders. */
const MOST_BYTES = 360 * 1024;
/** What one write unit pays for; a folder's own record takes one at least. */
const WRITE_UNIT_BYTES = 1024;
const OWN_WRITES_AT_ONCE = 32;

/** Folders as somebody has read them. */
export interface ReadFolders {
  readonly mailbox: MailboxKey;
  readonly tally: TallyRecord;
  /** By folder, the ids of the writes of their records; former versions of the code gave them none. */
  readonly writeIds: ReadonlyMap<string, string>;
  /** Something new each time. */
  readonly ids: () => string;
}

/**
 * Writes the counts of folders, those of many in one item. Where few of a mailbox's folders were counted, to write that
 * item anew with the tallies of all others would cost more than to write their own records; and into these goes what the
 * item has no room for.
 *
 * @returns false when what was read is not what stands in the table, or a later pass has planned one of them
 */
export async function saveCounts(
  table: StateTable,
  read: ReadFolders,
  counted: readonly FolderRecord[],
  pass: number,
): Promise<boolean> {
  if (counted.some(({ touchedInPass }) => touchedInPass > pass)) return false;
  const { own, packed } = pack(read, counted);
  if (packed !== undefined && !(await saveTally(table, read, packed))) return false;
  const written = await pMap(own, (folder) => putOwn(table, read, folder, pass), {
    concurrency: OWN_WRITES_AT_ONCE,
  });
  return !written.includes(false);
}

/** @returns what goes into the common item, with what stands there of other folders, and who has to go without it */
function pack(
  { tally, writeIds }: ReadFolders,
  counted: readonly FolderRecord[],
): { packed?: PackedTallies; own: readonly FolderRecord[] } {
  const again = new Set(counted.map(({ folderId }) => folderId));
  const packed = new PackedTallies(MOST_BYTES);
  for (const [folderId, writeId] of writeIds) {
    const standing = again.has(folderId) ? undefined : tally.tallies.get(writeId);
    if (standing !== undefined && !packed.add(writeId, standing)) return { own: counted };
  }
  const others = packed.count;
  const own = counted.filter((folder) => {
    const writeId = writeIds.get(folder.folderId);
    return writeId === undefined || !packed.add(writeId, tallyOf(folder));
  });
  const added = packed.count - others;
  const pays = added > 1 && Math.ceil(packed.length / WRITE_UNIT_BYTES) <= added;
  return pays ? { packed, own } : { own: counted };
}

function tallyOf({ counts, retryPages = [] }: FolderRecord): StoredTally {
  return { counts, retryPages };
}

async function saveTally(
  table: StateTable,
  { ids, mailbox, tally }: ReadFolders,
  packed: PackedTallies,
): Promise<boolean> {
  try {
    await saveVersioned(table, {
      entity: 'folder tally',
      key: tallyKey(mailbox),
      record: { tallies: packed.finish(), version: tally.version },
      writeId: ids(),
    });
    return true;
  } catch (error) {
    if (error instanceof StaleWriteError) return false;
    throw error;
  }
}

/**
 * Only in place of the very record that was read: it has the id of that write. One that a former version of the code has
 * written has none, and counts as read unless a later pass has planned it. The new id stands there already where the SDK
 * sends the write again because an answer was lost.
 */
function putOwn(table: StateTable, read: ReadFolders, folder: FolderRecord, pass: number): Promise<boolean> {
  const was = read.writeIds.get(folder.folderId);
  const writeId = read.ids();
  const unchanged =
    was === undefined
      ? {
          text: 'attribute_not_exists(#writeId) AND #touched <= :pass',
          names: { '#touched': 'touchedInPass' },
          values: { ':pass': pass },
        }
      : { text: '#writeId = :was', values: { ':was': was } };
  return table.put(
    { ...folder, ...folderKey(read.mailbox, folder.folderId), writeId },
    {
      text: `${unchanged.text} OR #writeId = :writeId`,
      names: { '#writeId': 'writeId', ...unchanged.names },
      values: { ':writeId': writeId, ...unchanged.values },
    },
  );
}
