import * as z from 'zod';
import type { PageOf, PageRequest } from './cursor.ts';
import { type EndpointRecord, endpointSchema } from './endpoint-record.ts';
import { CONNECTION_PREFIX, connectionKey, connectionsPartition } from './keys.ts';
import { listRange } from './list-range.ts';
import { parseRecord } from './parse-record.ts';
import { saveVersioned } from './save-versioned.ts';
import { type SignInRecord, signInSchema } from './sign-in-record.ts';
import type { StateTable } from './state-table.ts';

/** A service that mail is moved from. Times are ms since the epoch. */
export interface ConnectionRecord {
  readonly tenant: string;
  readonly connectionId: string;
  /** Id of the provider's profile; 'other' for a server given by name. */
  readonly provider: string;
  readonly endpoint: EndpointRecord;
  readonly signIn: SignInRecord;
  readonly status: 'verified' | 'closing' | 'closed';
  readonly verifiedAt: number;
  readonly closedAt?: number;
  readonly createdAt: number;
  /** 0 = not stored yet; grows with each write. */
  readonly version: number;
}

export interface ConnectionRepository {
  get(tenant: string, connectionId: string): Promise<ConnectionRecord | undefined>;
  /**
   * Writes a record made from its `version` (0 = new).
   * @returns it with its new version
   * @throws StaleWriteError
   */
  put(record: ConnectionRecord): Promise<ConnectionRecord>;
  /** The newest first. @throws CursorInvalidError */
  list(tenant: string, page: PageRequest): Promise<PageOf<ConnectionRecord>>;
  remove(tenant: string, connectionId: string): Promise<void>;
}

const schema = z.object({
  tenant: z.string(),
  connectionId: z.string(),
  provider: z.string(),
  endpoint: endpointSchema,
  // connections that were made before there was a choice
  signIn: signInSchema.default({ kind: 'user-password' }),
  status: z.enum(['verified', 'closing', 'closed']),
  verifiedAt: z.number(),
  closedAt: z.number().exactOptional(),
  createdAt: z.number(),
  version: z.number().int(),
}) satisfies z.ZodType<ConnectionRecord>;

export function createConnectionRepository(table: StateTable, ids: () => string): ConnectionRepository {
  return {
    async get(tenant, connectionId) {
      const item = await table.get(connectionKey(tenant, connectionId));
      return item === undefined ? undefined : parseRecord('connection', schema, item);
    },
    put(record) {
      return saveVersioned(table, {
        entity: 'connection',
        key: connectionKey(record.tenant, record.connectionId),
        record,
        writeId: ids(),
      });
    },
    list(tenant, page) {
      return listRange(
        table,
        {
          pk: connectionsPartition(tenant),
          prefix: CONNECTION_PREFIX,
          descending: true,
          parse: (item) => parseRecord('connection', schema, item),
        },
        page,
      );
    },
    async remove(tenant, connectionId) {
      await table.delete(connectionKey(tenant, connectionId));
    },
  };
}
