import pMap from 'p-map';
import * as z from 'zod';
import { MAILBOX_STATUSES, type MailboxStatus } from '../migration/mailbox-status.ts';
import type { PageOf, PageRequest } from './cursor.ts';
import { StaleWriteError } from './errors.ts';
import { dueShardKey, mailboxKey, mailboxPartition, memberKey, statusKey } from './keys.ts';
import { createMailboxLists } from './mailbox-lists.ts';
import { mailboxItem, type MailboxRecord, parseMailbox } from './mailbox-record.ts';
import { parseRecord } from './parse-record.ts';
import type { StateTable } from './state-table.ts';
import { LAYOUT } from './table-layout.ts';

export type { MailboxRecord } from './mailbox-record.ts';

interface DueMailbox {
  readonly tenant: string;
  readonly mailboxId: string;
  /** ms since the epoch. */
  readonly dueAt: number;
}

export interface MailboxRepository {
  /**
   * Stores mailboxes and their membership of the migration. A mailbox that exists already is left as it is, so the
   * call can be repeated with the same ids after a failure.
   */
  create(records: readonly MailboxRecord[]): Promise<void>;
  /** A consistent read. */
  get(tenant: string, mailboxId: string): Promise<MailboxRecord | undefined>;
  /**
   * The mailboxes of a migration in the order of their ids. With a status, the index that finds them may lag behind
   * by moments, and a page may hold fewer than `limit`.
   */
  list(
    tenant: string,
    migrationId: string,
    page: PageRequest & { readonly status?: MailboxStatus | undefined },
  ): Promise<PageOf<MailboxRecord>>;
  /** From an index that may lag behind by moments. */
  countByStatus(tenant: string, migrationId: string): Promise<Record<MailboxStatus, number>>;
  /**
   * Reads, changes and writes back, again and again until nobody interfered. `change` must not have effects: it may
   * run several times. It returns the new record, or undefined for "leave it as it is".
   * @param known the record as it was read a while ago: while nobody has written it since, it is not read again
   * @returns the record as it is now; undefined when there is none
   * @throws StaleWriteError when others interfere each time
   */
  change(
    tenant: string,
    mailboxId: string,
    change: (record: MailboxRecord) => MailboxRecord | undefined,
    known?: MailboxRecord,
  ): Promise<MailboxRecord | undefined>;
  /** Mailboxes of a shard of the due index whose time has come by `until`, the longest waiting first. */
  due(shard: number, until: number, limit: number): Promise<DueMailbox[]>;
  /** Removes a mailbox with its ledger and all else kept of it; repeating it completes it. */
  remove(tenant: string, mailboxId: string): Promise<void>;
}

const CHANGE_TRIES = 12;
const CREATE_CONCURRENCY = 8;
const DELETE_BATCH = 500;

const dueSchema = z.object({ tenant: z.string(), mailboxId: z.string(), dueAt: z.number() });
const keySchema = z.object({ pk: z.string(), sk: z.string() });
const writtenSchema = z.object({ writeId: z.string().optional() });

export function createMailboxRepository(table: StateTable, ids: () => string): MailboxRepository {
  const lists = createMailboxLists(table);

  const read = async (tenant: string, mailboxId: string) => table.get(mailboxKey({ tenant, mailboxId }));

  return {
    async create(records) {
      // Membership first: one without a mailbox shows nowhere, a mailbox without one would run unseen.
      await table.batchWrite(
        records.map(({ tenant, migrationId, mailboxId }) => ({
          put: { ...memberKey(tenant, migrationId, mailboxId), mailboxId },
        })),
      );
      await pMap(records, (record) => table.put(mailboxItem(record), { text: 'attribute_not_exists(pk)' }), {
        concurrency: CREATE_CONCURRENCY,
      });
    },

    async get(tenant, mailboxId) {
      const item = await read(tenant, mailboxId);
      return item === undefined ? undefined : parseMailbox(item);
    },

    list: (tenant, migrationId, page) => lists.list(tenant, migrationId, page),

    async countByStatus(tenant, migrationId) {
      const counts = await pMap(MAILBOX_STATUSES, async (status) => {
        const partition = {
          name: LAYOUT.status.partitionKey,
          value: statusKey(tenant, migrationId, status),
        };
        return [status, await table.count({ index: LAYOUT.status.index, partition })] as const;
      });
      // The entries are exactly the statuses, which Object.fromEntries cannot tell.
      return Object.fromEntries(counts) as Record<MailboxStatus, number>;
    },

    async change(tenant, mailboxId, change, known) {
      const writeId = ids();
      /** @returns undefined when somebody else has written the record since */
      const write = async (current: MailboxRecord, wanted: MailboxRecord) => {
        const next = { ...wanted, version: current.version + 1 };
        const written = await table.put(
          { ...mailboxItem(next), writeId },
          {
            text: '#version = :version',
            names: { '#version': 'version' },
            values: { ':version': current.version },
          },
        );
        return written ? next : undefined;
      };
      const expected = known && change(known);
      if (known !== undefined && expected !== undefined) {
        const next = await write(known, expected);
        if (next !== undefined) return next;
      }
      for (let tried = 1; tried <= CHANGE_TRIES; tried += 1) {
        const item = await read(tenant, mailboxId);
        if (item === undefined) return undefined;
        const current = parseMailbox(item);
        // Our own write, whose answer was lost: to change it once more would count twice.
        if (parseRecord('mailbox', writtenSchema, item).writeId === writeId) return current;
        const wanted = change(current);
        if (wanted === undefined) return current;
        const next = await write(current, wanted);
        if (next !== undefined) return next;
        await table.backOff(tried);
      }
      throw new StaleWriteError('mailbox');
    },

    async due(shard, until, limit) {
      const { items } = await table.queryPage(
        {
          index: LAYOUT.due.index,
          partition: { name: LAYOUT.due.partitionKey, value: dueShardKey(shard) },
          range: { name: LAYOUT.due.sortKey, atMost: until },
        },
        { limit },
      );
      return items.map((item) => parseRecord('due mailbox', dueSchema, item));
    },

    async remove(tenant, mailboxId) {
      const item = await read(tenant, mailboxId);
      if (item === undefined) return;
      const { migrationId } = parseMailbox(item);
      const own = mailboxKey({ tenant, mailboxId });
      let batch: Array<{ delete: { pk: string; sk: string } }> = [];
      const partition = { name: LAYOUT.partitionKey, value: mailboxPartition({ tenant, mailboxId }) };
      for await (const found of table.query({ partition, attributes: ['pk', 'sk'] })) {
        const key = parseRecord('key', keySchema, found);
        if (key.sk !== own.sk) batch.push({ delete: key });
        if (batch.length < DELETE_BATCH) continue;
        await table.batchWrite(batch);
        batch = [];
      }
      await table.batchWrite([...batch, { delete: memberKey(tenant, migrationId, mailboxId) }]);
      // Last of all: while it stands, a repeated call finds the migration it belongs to.
      await table.delete(own);
    },
  };
}
