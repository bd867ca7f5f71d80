import * as z from 'zod';
import { type EndpointRecord, endpointSchema } from './endpoint-record.ts';
import { destinationKey } from './keys.ts';
import { parseRecord } from './parse-record.ts';
import { saveVersioned } from './save-versioned.ts';
import { type SignInRecord, signInSchema } from './sign-in-record.ts';
import type { StateTable } from './state-table.ts';

/** Where the tenant's mailboxes live. Times are ms since the epoch. */
export interface DestinationRecord {
  readonly tenant: string;
  readonly endpoint: EndpointRecord;
  /** Id of the provider's profile where one was chosen; else the name of the server tells. */
  readonly provider?: string;
  readonly signIn: SignInRecord;
  readonly verifiedAt?: number;
  readonly updatedAt: number;
  /** 0 = not stored yet; grows with each write. */
  readonly version: number;
}

export interface DestinationRepository {
  get(tenant: string): Promise<DestinationRecord | undefined>;
  /**
   * Writes a record made from its `version` (0 = none yet).
   * @returns it with its new version
   * @throws StaleWriteError
   */
  put(record: DestinationRecord): Promise<DestinationRecord>;
  remove(tenant: string): Promise<void>;
}

const schema = z.object({
  tenant: z.string(),
  endpoint: endpointSchema,
  provider: z.string().exactOptional(),
  signIn: signInSchema,
  verifiedAt: z.number().exactOptional(),
  updatedAt: z.number(),
  version: z.number().int(),
}) satisfies z.ZodType<DestinationRecord>;

export function createDestinationRepository(table: StateTable, ids: () => string): DestinationRepository {
  return {
    async get(tenant) {
      const item = await table.get(destinationKey(tenant));
      return item === undefined ? undefined : parseRecord('destination', schema, item);
    },
    put(record) {
      return saveVersioned(table, {
        entity: 'destination',
        key: destinationKey(record.tenant),
        record,
        writeId: ids(),
      });
    },
    async remove(tenant) {
      await table.delete(destinationKey(tenant));
    },
  };
}
