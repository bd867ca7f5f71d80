import type { PageOf, PageRequest } from './cursor.ts';
import { boundedItem, type ItemRecord, parseItem } from './item-record.ts';
import { ITEM_PREFIX, itemKey, itemPrefixOf, type MailboxKey, mailboxPartition } from './keys.ts';
import { listRange } from './list-range.ts';
import type { StateTable } from './state-table.ts';

export type { ItemRecord } from './item-record.ts';

/** Skipped, failed and altered messages of a mailbox. */
export interface ItemRepository {
  /** Writes in batches and replaces what is there of the same UIDs; repeating it after a failure completes it. */
  put(mailbox: MailboxKey, items: readonly ItemRecord[]): Promise<void>;
  remove(mailbox: MailboxKey, folderId: string, uid: number): Promise<void>;
  /** By folder and UID. @throws CursorInvalidError */
  list(
    mailbox: MailboxKey,
    page: PageRequest & { readonly folderId?: string | undefined },
  ): Promise<PageOf<ItemRecord>>;
}

export function createItemRepository(table: StateTable): ItemRepository {
  return {
    async put(mailbox, items) {
      // A batch may name each key once; the last word on a message counts.
      const byKey = new Map(
        items.map((item) => {
          const key = itemKey(mailbox, item.folderId, item.uid);
          return [key.sk, { put: { ...boundedItem(item), ...key } }];
        }),
      );
      await table.batchWrite([...byKey.values()]);
    },
    async remove(mailbox, folderId, uid) {
      await table.delete(itemKey(mailbox, folderId, uid));
    },
    list(mailbox, page) {
      const prefix = page.folderId === undefined ? ITEM_PREFIX : itemPrefixOf(page.folderId);
      return listRange(table, { pk: mailboxPartition(mailbox), prefix, parse: parseItem }, page);
    },
  };
}
