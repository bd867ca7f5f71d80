import * as z from 'zod';
import { PAGE_PREFIX, type MailboxKey, mailboxPartition, pageKey, pagePrefix } from './keys.ts';
import {
  type FolderEpoch,
  OUTLINE_ATTRIBUTES,
  type PackedPage,
  type PageOutline,
  type PageRecord,
  type PageRef,
  pageItem,
  parseOutline,
  parsePackedPage,
  parsePage,
} from './page-record.ts';
import { parseRecord } from './parse-record.ts';
import { saveVersioned } from './save-versioned.ts';
import type { StateTable } from './state-table.ts';
import { type TableQuery, rangeOf } from './table-query.ts';

export type { PageRecord } from './page-record.ts';

/** All reads are consistent. */
export interface PageRepository {
  get(mailbox: MailboxKey, ref: PageRef): Promise<PageRecord | undefined>;
  /**
   * Writes new pages in batches, without conditions: repeating it after a failure completes it, and a page of the
   * same number is replaced. Only for pages that no work item names yet.
   */
  create(mailbox: MailboxKey, pages: readonly PageRecord[]): Promise<void>;
  /**
   * Replaces a page that is still at `expectedVersion`.
   * @returns the page with its new version
   * @throws StaleWriteError when somebody else wrote it
   */
  save(mailbox: MailboxKey, page: PageRecord, expectedVersion: number): Promise<PageRecord>;
  /** The pages of a folder by number, read as they are consumed. */
  list(mailbox: MailboxKey, folder: FolderEpoch): AsyncIterable<PageRecord>;
  /** The same without an object for each entry. */
  listPacked(mailbox: MailboxKey, folder: FolderEpoch): AsyncIterable<PackedPage>;
  /** The pages of all folders, those of a folder and epoch together, by number; read as they are consumed. */
  listAllPacked(mailbox: MailboxKey): AsyncIterable<PackedPage>;
  listOutlines(mailbox: MailboxKey, folder: FolderEpoch): AsyncIterable<PageOutline>;
  /** Whether the mailbox has a page at all, of whatever folder. */
  any(mailbox: MailboxKey): Promise<boolean>;
  /** The page of the highest number. */
  last(mailbox: MailboxKey, folder: FolderEpoch): Promise<PageRecord | undefined>;
  /** Removes all pages of an epoch; repeating it after a failure completes it. */
  removeEpoch(mailbox: MailboxKey, folder: FolderEpoch): Promise<void>;
}

const DELETE_BATCH = 500;

const keySchema = z.object({ pk: z.string(), sk: z.string() });

export function createPageRepository(table: StateTable, ids: () => string): PageRepository {
  return {
    async get(mailbox, ref) {
      const item = await table.get(pageKey(mailbox, ref));
      return item === undefined ? undefined : parsePage(item);
    },

    async create(mailbox, pages) {
      await table.batchWrite(pages.map((page) => ({ put: pageItem(mailbox, page) })));
    },

    async save(mailbox, page, expectedVersion) {
      return saveVersioned(table, {
        entity: 'ledger page',
        key: pageKey(mailbox, page),
        record: { ...page, version: expectedVersion },
        attributes: (next) => pageItem(mailbox, next),
        writeId: ids(),
      });
    },

    async *list(mailbox, folder) {
      for await (const item of table.query(pagesOf(mailbox, folder))) yield parsePage(item);
    },

    async *listPacked(mailbox, folder) {
      for await (const item of table.query(pagesOf(mailbox, folder))) yield parsePackedPage(item);
    },

    async *listAllPacked(mailbox) {
      const query = rangeOf(mailboxPartition(mailbox), PAGE_PREFIX);
      for await (const item of table.query(query)) yield parsePackedPage(item);
    },

    async *listOutlines(mailbox, folder) {
      const query = { ...pagesOf(mailbox, folder), attributes: OUTLINE_ATTRIBUTES };
      for await (const item of table.query(query)) yield parseOutline(item);
    },

    async any(mailbox) {
      const { items } = await table.queryPage(
        { ...rangeOf(mailboxPartition(mailbox), PAGE_PREFIX), attributes: ['pk'] },
        { limit: 1 },
      );
      return items.length > 0;
    },

    async last(mailbox, folder) {
      const { items } = await table.queryPage(
        { ...pagesOf(mailbox, folder), descending: true },
        { limit: 1 },
      );
      const item = items[0];
      return item === undefined ? undefined : parsePage(item);
    },

    async removeEpoch(mailbox, folder) {
      const query = { ...pagesOf(mailbox, folder), attributes: ['pk', 'sk'] };
      let batch: Array<{ delete: { pk: string; sk: string } }> = [];
      for await (const item of table.query(query)) {
        batch.push({ delete: parseRecord('key', keySchema, item) });
        if (batch.length < DELETE_BATCH) continue;
        await table.batchWrite(batch);
        batch = [];
      }
      await table.batchWrite(batch);
    },
  };
}

function pagesOf(mailbox: MailboxKey, folder: FolderEpoch): TableQuery {
  return rangeOf(mailboxPartition(mailbox), pagePrefix(folder));
}
