import * as z from 'zod';
import { type SecretPointerKey, SHARD_PREFIX, migrationPartition, secretPointerKey } from './keys.ts';
import { parseRecord } from './parse-record.ts';
import type { StateTable } from './state-table.ts';
import type { Attributes } from './table-expression.ts';
import { rangeOf } from './table-query.ts';

export type { SecretPointerKey } from './keys.ts';

/**
 * Which secret holds the present value of a shard. A value is never changed in place: a new secret is written, then
 * the pointer is moved to it under a condition, then the old one is deleted. `docs/decisions/credential-shards.md`.
 */
export interface SecretPointer {
  readonly key: SecretPointerKey;
  /** Id of the secret that counts; missing = no value. */
  readonly current?: string;
  /** Ids of all secrets that may exist: the current one, those being written, those a crash left behind. */
  readonly secrets: readonly string[];
  /** Mailboxes whose credentials are in the current secret. */
  readonly mailboxes: readonly string[];
  /** Length of the current secret's text. */
  readonly bytes: number;
  /** Nothing is written to it any more. */
  readonly sealed: boolean;
}

export interface SecretPointerRepository {
  get(key: SecretPointerKey): Promise<SecretPointer | undefined>;
  /** All shards of a migration, by number. */
  listShards(tenant: string, migrationId: string): Promise<SecretPointer[]>;
  /** @returns false when there is one already */
  create(key: SecretPointerKey): Promise<boolean>;
  /**
   * Writes down a new secret's id before the secret is made, so that a crash leaves none that nobody knows of.
   * @returns the id; undefined when the pointer is missing or sealed
   */
  register(key: SecretPointerKey): Promise<string | undefined>;
  /** Moves the pointer from one secret to another. @returns false when it does not point to `from` any more, or is sealed */
  move(
    key: SecretPointerKey,
    move: {
      readonly from: string | undefined;
      readonly to: string;
      readonly mailboxes: readonly string[];
      readonly bytes: number;
    },
  ): Promise<boolean>;
  /** Forgets the id of a secret that is deleted and cannot be made any more. */
  forget(key: SecretPointerKey, secret: string): Promise<void>;
  /** Takes the value away; with `seal` for good. @returns it with every secret to delete; undefined when there is none */
  clear(key: SecretPointerKey, options: { readonly seal: boolean }): Promise<SecretPointer | undefined>;
}

const schema = z.object({
  shard: z.number().int().optional(),
  current: z.string().exactOptional(),
  secrets: z.set(z.string()).default(new Set()),
  mailboxes: z.array(z.string()).default([]),
  bytes: z.number().int().default(0),
  sealed: z.boolean().default(false),
});

const EXISTS = 'attribute_exists(pk)';

export function createSecretPointerRepository(table: StateTable, ids: () => string): SecretPointerRepository {
  return {
    async get(key) {
      const item = await table.get(secretPointerKey(key));
      return item === undefined ? undefined : parse(key, item);
    },

    async listShards(tenant, migrationId) {
      const items = await table.queryAll(rangeOf(migrationPartition(tenant, migrationId), SHARD_PREFIX));
      return items.map((item) => {
        const { shard = 0 } = parseRecord('secret pointer', schema, item);
        return parse({ tenant, kind: 'shard', migrationId, number: shard }, item);
      });
    },

    create(key) {
      const shard = key.kind === 'shard' ? { shard: key.number } : {};
      return table.put({ ...secretPointerKey(key), ...shard }, { text: 'attribute_not_exists(pk)' });
    },

    async register(key) {
      const secret = ids();
      const updated = await table.update(
        secretPointerKey(key),
        {
          text: 'ADD #secrets :secrets',
          names: { '#secrets': 'secrets' },
          values: { ':secrets': new Set([secret]) },
        },
        { text: `${EXISTS} AND attribute_not_exists(#sealed)`, names: { '#sealed': 'sealed' } },
      );
      return updated === undefined ? undefined : secret;
    },

    async move(key, { from, to, mailboxes, bytes }) {
      const seen = from === undefined ? 'attribute_not_exists(#current)' : '#current = :from';
      const updated = await table.update(
        secretPointerKey(key),
        {
          text: 'SET #current = :to, #mailboxes = :mailboxes, #bytes = :bytes',
          names: { '#current': 'current', '#mailboxes': 'mailboxes', '#bytes': 'bytes' },
          values: { ':to': to, ':mailboxes': [...mailboxes], ':bytes': bytes },
        },
        {
          // It points there already: the SDK sent it twice because an answer was lost.
          text: `contains(#secrets, :to) AND attribute_not_exists(#sealed) AND (${seen} OR #current = :to)`,
          names: { '#secrets': 'secrets', '#sealed': 'sealed' },
          values: from === undefined ? {} : { ':from': from },
        },
      );
      return updated !== undefined;
    },

    async forget(key, secret) {
      await table.update(
        secretPointerKey(key),
        {
          text: 'DELETE #secrets :secrets',
          names: { '#secrets': 'secrets' },
          values: { ':secrets': new Set([secret]) },
        },
        { text: EXISTS },
      );
    },

    async clear(key, { seal }) {
      const cleared = await table.update(
        secretPointerKey(key),
        {
          text: `${seal ? 'SET #sealed = :yes ' : ''}REMOVE #current, #mailboxes, #bytes`,
          names: {
            '#current': 'current',
            '#mailboxes': 'mailboxes',
            '#bytes': 'bytes',
            ...(seal ? { '#sealed': 'sealed' } : {}),
          },
          values: seal ? { ':yes': true } : {},
        },
        { text: EXISTS },
      );
      // Whatever was registered before the pointer was cleared is in the item as it is now.
      return cleared === undefined ? undefined : parse(key, cleared);
    },
  };
}

function parse(key: SecretPointerKey, item: Attributes): SecretPointer {
  const { secrets, shard: _shard, ...rest } = parseRecord('secret pointer', schema, item);
  return { key, ...rest, secrets: [...secrets] };
}
