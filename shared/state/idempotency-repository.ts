import * as z from 'zod';
import type { Clock } from '../migration/clock.ts';
import { RecordTooBigError } from './errors.ts';
import { idempotencyKey } from './keys.ts';
import { parseRecord } from './parse-record.ts';
import type { StateTable } from './state-table.ts';

/** An answer that is given again when the same request comes again. */
interface StoredResponse {
  readonly status: number;
  /** A JSON value. */
  readonly body: unknown;
}

/** A request that a client named by a key of its own. Times are ms since the epoch. */
interface IdempotencyRecord {
  readonly tenant: string;
  readonly key: string;
  readonly requestHash: string;
  readonly response?: StoredResponse;
  readonly createdAt: number;
  readonly expiresAt: number;
}

type IdempotencyStart =
  /** Serve it, then `finish` or `abandon` with this token. */
  | { readonly kind: 'begun'; readonly token: string }
  /** It was served before: give this answer. */
  | { readonly kind: 'finished'; readonly response: StoredResponse }
  /** It is being served at this moment. */
  | { readonly kind: 'in-progress' }
  /** The key was used for a different request. */
  | { readonly kind: 'mismatch' };

/** Serves a request once, however often its client sends it within 24 hours. */
export interface IdempotencyRepository {
  begin(tenant: string, key: string, requestHash: string): Promise<IdempotencyStart>;
  /** Keeps the answer. Nothing happens when another has taken over the key. */
  finish(tenant: string, key: string, token: string, response: StoredResponse): Promise<void>;
  /** Forgets the key, so that the client may try again. */
  abandon(tenant: string, key: string, token: string): Promise<void>;
  get(tenant: string, key: string): Promise<IdempotencyRecord | undefined>;
}

const KEPT_MS = 24 * 3600 * 1000;
/** A server that has not answered after twice the longest time of a request has died on it. */
const ABANDONED_MS = 60_000;
const MAX_BODY_BYTES = 256 * 1024;

const schema = z.object({
  tenant: z.string(),
  key: z.string(),
  requestHash: z.string(),
  token: z.string(),
  response: z.object({ status: z.number().int(), body: z.string() }).optional(),
  createdAt: z.number(),
  expiresAt: z.number(),
});

export function createIdempotencyRepository(
  table: StateTable,
  options: { clock: Clock; ids: () => string },
): IdempotencyRepository {
  const read = async (tenant: string, key: string) => {
    const item = await table.get(idempotencyKey(tenant, key));
    if (item === undefined) return undefined;
    const stored = parseRecord('idempotency key', schema, item);
    // DynamoDB deletes what has expired some days later, other endpoints not at all.
    return stored.expiresAt * 1000 > options.clock.now() ? stored : undefined;
  };

  return {
    async begin(tenant, key, requestHash) {
      const now = options.clock.now();
      const token = options.ids();
      const began = await table.put(
        {
          ...idempotencyKey(tenant, key),
          tenant,
          key,
          requestHash,
          token,
          createdAt: now,
          expiresAt: Math.floor((now + KEPT_MS) / 1000),
        },
        {
          text: `attribute_not_exists(pk) OR #expiresAt <= :seconds OR #token = :token
            OR (attribute_not_exists(#response) AND #createdAt < :abandoned AND #requestHash = :requestHash)`,
          names: {
            '#expiresAt': 'expiresAt',
            '#token': 'token',
            '#response': 'response',
            '#createdAt': 'createdAt',
            '#requestHash': 'requestHash',
          },
          values: {
            ':seconds': Math.floor(now / 1000),
            ':token': token,
            ':abandoned': now - ABANDONED_MS,
            ':requestHash': requestHash,
          },
        },
      );
      if (began) return { kind: 'begun', token };
      const stored = await read(tenant, key);
      // Gone between the two requests: its server gave up, and the client will come again.
      if (stored === undefined) return { kind: 'in-progress' };
      if (stored.requestHash !== requestHash) return { kind: 'mismatch' };
      return stored.response === undefined
        ? { kind: 'in-progress' }
        : { kind: 'finished', response: parseResponse(stored.response) };
    },

    async finish(tenant, key, token, response) {
      const body = JSON.stringify(response.body ?? null);
      const bytes = Buffer.byteLength(body);
      if (bytes > MAX_BODY_BYTES) throw new RecordTooBigError('response', bytes);
      await table.update(
        idempotencyKey(tenant, key),
        {
          text: 'SET #response = :response',
          names: { '#response': 'response' },
          values: { ':response': { status: response.status, body } },
        },
        tokenIs(token),
      );
    },

    async abandon(tenant, key, token) {
      await table.delete(idempotencyKey(tenant, key), tokenIs(token));
    },

    async get(tenant, key) {
      const stored = await read(tenant, key);
      if (stored === undefined) return undefined;
      const { response, token: _token, ...record } = stored;
      return {
        ...record,
        expiresAt: stored.expiresAt * 1000,
        ...(response === undefined ? {} : { response: parseResponse(response) }),
      };
    },
  };
}

function tokenIs(token: string) {
  return { text: '#token = :token', names: { '#token': 'token' }, values: { ':token': token } };
}

function parseResponse(stored: { status: number; body: string }): StoredResponse {
  const body: unknown = JSON.parse(stored.body);
  return { status: stored.status, body };
}
