import * as z from 'zod';
import type { MailSelection } from '../migration/selection/mail-selection.ts';
import type { PageOf, PageRequest } from './cursor.ts';
import { MIGRATION_PREFIX, migrationKey, migrationsPartition } from './keys.ts';
import { listRange } from './list-range.ts';
import { mailSelectionSchema } from './mail-selection-schema.ts';
import { parseRecord } from './parse-record.ts';
import { saveVersioned } from './save-versioned.ts';
import type { StateTable } from './state-table.ts';

/** A set of mailboxes that move together from one connection. Times are ms since the epoch. */
export interface MigrationRecord {
  readonly tenant: string;
  readonly migrationId: string;
  readonly connectionId: string;
  readonly name?: string;
  readonly status: 'active' | 'closing' | 'closed';
  readonly mailboxCount: number;
  readonly createdAt: number;
  readonly closedAt?: number;
  /** Missing: everything is copied. */
  readonly selection?: MailSelection;
  readonly options?: Readonly<Record<string, unknown>>;
  /** 0 = not stored yet; grows with each write. */
  readonly version: number;
}

export interface MigrationRepository {
  get(tenant: string, migrationId: string): Promise<MigrationRecord | undefined>;
  /**
   * Writes a record made from its `version` (0 = new).
   * @returns it with its new version
   * @throws StaleWriteError
   */
  put(record: MigrationRecord): Promise<MigrationRecord>;
  /** The newest first. @throws CursorInvalidError */
  list(tenant: string, page: PageRequest): Promise<PageOf<MigrationRecord>>;
  remove(tenant: string, migrationId: string): Promise<void>;
}

const schema = z.object({
  tenant: z.string(),
  migrationId: z.string(),
  connectionId: z.string(),
  name: z.string().exactOptional(),
  status: z.enum(['active', 'closing', 'closed']),
  mailboxCount: z.number().int().min(0),
  createdAt: z.number(),
  closedAt: z.number().exactOptional(),
  selection: mailSelectionSchema.exactOptional(),
  options: z.record(z.string(), z.unknown()).exactOptional(),
  version: z.number().int(),
}) satisfies z.ZodType<MigrationRecord>;

export function createMigrationRepository(table: StateTable, ids: () => string): MigrationRepository {
  return {
    async get(tenant, migrationId) {
      const item = await table.get(migrationKey(tenant, migrationId));
      return item === undefined ? undefined : parseRecord('migration', schema, item);
    },
    put(record) {
      return saveVersioned(table, {
        entity: 'migration',
        key: migrationKey(record.tenant, record.migrationId),
        record,
        writeId: ids(),
      });
    },
    list(tenant, page) {
      return listRange(
        table,
        {
          pk: migrationsPartition(tenant),
          prefix: MIGRATION_PREFIX,
          descending: true,
          parse: (item) => parseRecord('migration', schema, item),
        },
        page,
      );
    },
    async remove(tenant, migrationId) {
      await table.delete(migrationKey(tenant, migrationId));
    },
  };
}
