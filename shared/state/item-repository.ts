import { fitsFilter, type ItemFilter } from '../migration/retry-wish.ts';
import { clampLimit, type PageOf, type PageRequest } from './cursor.ts';
import { boundedItem, type ItemRecord, parseItem } from './item-record.ts';
import { ITEM_PREFIX, itemKey, itemPrefixOf, type MailboxKey, mailboxPartition } from './keys.ts';
import { listRange, rangeCursor } from './list-range.ts';
import type { StateTable } from './state-table.ts';

export type { ItemRecord } from './item-record.ts';

/** Skipped, failed and altered messages of a mailbox. */
export interface ItemRepository {
  /** Writes in batches and replaces what is there of the same UIDs; repeating it after a failure completes it. */
  put(mailbox: MailboxKey, items: readonly ItemRecord[]): Promise<void>;
  /** Those that are not there need not be. */
  removeAll(mailbox: MailboxKey, folderId: string, uids: readonly number[]): Promise<void>;
  /**
   * By folder and UID. With a filter a page may hold fewer than `limit` and still not be the last.
   * @throws CursorInvalidError
   */
  list(
    mailbox: MailboxKey,
    page: PageRequest & { readonly filter?: ItemFilter },
  ): Promise<PageOf<ItemRecord>>;
}

/** Items that are read at once where not all of them are wanted, and for one page of those that are. */
const READ_AT_ONCE = 200;
const READ_AT_MOST = 2_000;

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
    async removeAll(mailbox, folderId, uids) {
      await table.batchWrite(uids.map((uid) => ({ delete: itemKey(mailbox, folderId, uid) })));
    },
    async list(mailbox, { filter = {}, ...page }) {
      const prefix = filter.folderId === undefined ? ITEM_PREFIX : itemPrefixOf(filter.folderId);
      const range = { pk: mailboxPartition(mailbox), prefix, parse: parseItem };
      if (filter.state === undefined && filter.reason === undefined) return listRange(table, range, page);
      const limit = clampLimit(page.limit);
      const found: ItemRecord[] = [];
      let { cursor } = page;
      let last = '';
      for (let read = 0; read < READ_AT_MOST; read += READ_AT_ONCE) {
        const next = await listRange(table, range, { limit: READ_AT_ONCE, cursor });
        for (const item of next.items) {
          if (!fitsFilter(filter, item)) continue;
          // Only what follows shows that there is more than fits.
          if (found.length === limit) return { items: found, cursor: rangeCursor(range, last) };
          found.push(item);
          last = itemKey(mailbox, item.folderId, item.uid).sk;
        }
        ({ cursor } = next);
        if (cursor === undefined) return { items: found };
      }
      return { items: found, ...(cursor !== undefined && { cursor }) };
    },
  };
}
