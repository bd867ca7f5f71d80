import * as z from 'zod';
import type { PageOf, PageRequest } from './cursor.ts';
import { USER_PREFIX, userKey, usersPartition } from './keys.ts';
import { listRange } from './list-range.ts';
import { parseRecord } from './parse-record.ts';
import type { StateTable } from './state-table.ts';
import type { Attributes } from './table-expression.ts';

/** A user of the tenant. */
export interface UserRecord {
  readonly tenant: string;
  /** The mailbox at the destination, as given; two addresses that differ in case alone are one user. */
  readonly email: string;
  readonly displayName?: string;
  /** The account at the source; the same address until changed. */
  readonly sourceEmail: string;
  /** Ms since the epoch. */
  readonly createdAt: number;
}

export interface UserRepository {
  get(tenant: string, email: string): Promise<UserRecord | undefined>;
  /** @returns false when there is such a user already; nothing is changed then */
  create(record: UserRecord): Promise<boolean>;
  /** Creates or replaces. */
  put(record: UserRecord): Promise<void>;
  /** {@link put} for many, in batches; repeating it after a failure completes it. */
  putAll(records: readonly UserRecord[]): Promise<void>;
  /** By address. @throws CursorInvalidError */
  list(tenant: string, page: PageRequest): Promise<PageOf<UserRecord>>;
  remove(tenant: string, email: string): Promise<void>;
}

const schema = z.object({
  tenant: z.string(),
  email: z.string(),
  displayName: z.string().exactOptional(),
  sourceEmail: z.string(),
  createdAt: z.number(),
}) satisfies z.ZodType<UserRecord>;

export function createUserRepository(table: StateTable): UserRepository {
  return {
    async get(tenant, email) {
      const item = await table.get(userKey(tenant, email));
      return item === undefined ? undefined : parseRecord('user', schema, item);
    },
    create(record) {
      return table.put(itemOf(record), { text: 'attribute_not_exists(pk)' });
    },
    async put(record) {
      await table.put(itemOf(record));
    },
    async putAll(records) {
      const byKey = new Map(
        records.map((record) => [JSON.stringify(userKey(record.tenant, record.email)), record]),
      );
      await table.batchWrite([...byKey.values()].map((record) => ({ put: itemOf(record) })));
    },
    list(tenant, page) {
      return listRange(
        table,
        {
          pk: usersPartition(tenant),
          prefix: USER_PREFIX,
          parse: (item) => parseRecord('user', schema, item),
        },
        page,
      );
    },
    async remove(tenant, email) {
      await table.delete(userKey(tenant, email));
    },
  };
}

function itemOf(record: UserRecord): Attributes {
  return { ...record, ...userKey(record.tenant, record.email) };
}
