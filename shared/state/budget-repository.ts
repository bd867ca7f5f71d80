import * as z from 'zod';
import type { PageOf, PageRequest } from './cursor.ts';
import { BUDGET_PREFIX, budgetKey, budgetsPartition } from './keys.ts';
import { listRange } from './list-range.ts';
import { parseRecord } from './parse-record.ts';
import { saveVersioned } from './save-versioned.ts';
import type { StateTable } from './state-table.ts';

/** What a tenant has set for one host in place of what its provider's profile says. */
export interface BudgetRecord {
  readonly tenant: string;
  readonly host: string;
  readonly connections?: number;
  readonly connectionsPerHost?: number;
  readonly messagesPerSecond?: number;
  readonly dailyBytesDown?: number;
  readonly dailyBytesUp?: number;
  /** Ms since the epoch. */
  readonly updatedAt: number;
  /** 0 = not stored yet; grows with each write. */
  readonly version: number;
}

export interface BudgetRepository {
  get(tenant: string, host: string): Promise<BudgetRecord | undefined>;
  /**
   * Writes a record made from its `version` (0 = none yet).
   * @returns it with its new version
   * @throws StaleWriteError
   */
  put(record: BudgetRecord): Promise<BudgetRecord>;
  /** By host. @throws CursorInvalidError */
  list(tenant: string, page: PageRequest): Promise<PageOf<BudgetRecord>>;
  /** The profile holds again. */
  remove(tenant: string, host: string): Promise<void>;
}

const schema = z.object({
  tenant: z.string(),
  host: z.string(),
  connections: z.number().exactOptional(),
  connectionsPerHost: z.number().exactOptional(),
  messagesPerSecond: z.number().exactOptional(),
  dailyBytesDown: z.number().exactOptional(),
  dailyBytesUp: z.number().exactOptional(),
  updatedAt: z.number(),
  version: z.number().int(),
}) satisfies z.ZodType<BudgetRecord>;

export function createBudgetRepository(table: StateTable, ids: () => string): BudgetRepository {
  return {
    async get(tenant, host) {
      const item = await table.get(budgetKey(tenant, host));
      return item === undefined ? undefined : parseRecord('budget', schema, item);
    },
    put(record) {
      const key = budgetKey(record.tenant, record.host);
      return saveVersioned(table, { entity: 'budget', key, record, writeId: ids() });
    },
    list(tenant, page) {
      return listRange(
        table,
        {
          pk: budgetsPartition(tenant),
          prefix: BUDGET_PREFIX,
          parse: (item) => parseRecord('budget', schema, item),
        },
        page,
      );
    },
    async remove(tenant, host) {
      await table.delete(budgetKey(tenant, host));
    },
  };
}
