import * as z from 'zod';
import type { MailboxStatus } from '../migration/mailbox-status.ts';
import { clampLimit, decodeCursor, encodeCursor, type PageOf, type PageRequest } from './cursor.ts';
import { MEMBER_PREFIX, mailboxKey, migrationPartition, statusKey } from './keys.ts';
import { listRange } from './list-range.ts';
import { type MailboxRecord, parseMailbox } from './mailbox-record.ts';
import { parseRecord } from './parse-record.ts';
import type { StateTable } from './state-table.ts';
import { LAYOUT } from './table-layout.ts';

type MailboxListRequest = PageRequest & { readonly status?: MailboxStatus | undefined };

const memberSchema = z.object({ mailboxId: z.string() });

/** The lists of a migration's mailboxes: by membership, or by the index of their status. */
export function createMailboxLists(table: StateTable): {
  list(tenant: string, migrationId: string, page: MailboxListRequest): Promise<PageOf<MailboxRecord>>;
} {
  const members = (tenant: string, migrationId: string, page: PageRequest): Promise<PageOf<string>> =>
    listRange(
      table,
      {
        pk: migrationPartition(tenant, migrationId),
        prefix: MEMBER_PREFIX,
        parse: (item) => parseRecord('membership', memberSchema, item).mailboxId,
      },
      page,
    );

  const withStatus = async (
    tenant: string,
    migrationId: string,
    status: MailboxStatus,
    page: PageRequest,
  ): Promise<PageOf<string>> => {
    const partition = statusKey(tenant, migrationId, status);
    const list = `status\n${partition}`;
    const mailboxId = page.cursor === undefined ? undefined : decodeCursor(list, page.cursor);
    const { items, lastKey } = await table.queryPage(
      { index: LAYOUT.status.index, partition: { name: LAYOUT.status.partitionKey, value: partition } },
      {
        limit: clampLimit(page.limit),
        startKey:
          mailboxId === undefined
            ? undefined
            : { statusKey: partition, mailboxId, ...mailboxKey({ tenant, mailboxId }) },
      },
    );
    const found = items.map(idOf);
    return lastKey === undefined
      ? { items: found }
      : { items: found, cursor: encodeCursor(list, idOf(lastKey)) };
  };

  return {
    async list(tenant, migrationId, page) {
      const { status } = page;
      const found =
        status === undefined
          ? await members(tenant, migrationId, page)
          : await withStatus(tenant, migrationId, status, page);
      const read = await table.batchGet(found.items.map((mailboxId) => mailboxKey({ tenant, mailboxId })));
      const records = new Map(read.map(parseMailbox).map((record) => [record.mailboxId, record]));
      const items = found.items.flatMap((mailboxId) => {
        const record = records.get(mailboxId);
        // The membership may be older than the mailbox, the index older than its status.
        return record === undefined || (status !== undefined && record.status !== status) ? [] : [record];
      });
      return found.cursor === undefined ? { items } : { items, cursor: found.cursor };
    },
  };
}

function idOf(item: unknown): string {
  return parseRecord('list position', memberSchema, item).mailboxId;
}
