import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Clock } from '../migration/clock.ts';
import { ITEM_REASONS } from '../migration/item-reason.ts';
import type { RetryWish } from '../migration/retry-wish.ts';
import { type MailboxKey, mailboxPartition, RETRY_PREFIX, retryKey } from './keys.ts';
import { parseRecord } from './parse-record.ts';
import type { StateTable } from './state-table.ts';
import { rangeOf } from './table-query.ts';

/** A wish that no planning has seen to yet. */
export interface RetryRecord {
  readonly wish: RetryWish;
  /** Another one each time that the same is asked for. */
  readonly requestId: string;
  /** Ms since the epoch. */
  readonly at: number;
}

/** What somebody wants to be tried again, until the next planning of the mailbox. */
export interface RetryRepository {
  /** Repeating it after a failure completes it; the same wish is kept once. */
  add(mailbox: MailboxKey, wishes: readonly RetryWish[]): Promise<void>;
  /** A consistent read. */
  list(mailbox: MailboxKey): Promise<RetryRecord[]>;
  /** Nothing happens to a wish that was asked for again meanwhile. */
  remove(mailbox: MailboxKey, record: RetryRecord): Promise<void>;
}

const schema = z.object({
  wish: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('messages'),
      folderId: z.string(),
      uids: z.array(z.number().int()),
    }),
    z.object({
      kind: z.literal('matching'),
      folderId: z.string().exactOptional(),
      state: z.enum(['copied', 'skipped', 'failed']).exactOptional(),
      reason: z.enum(ITEM_REASONS).exactOptional(),
    }),
  ]),
  requestId: z.string(),
  at: z.number(),
}) satisfies z.ZodType<RetryRecord>;

export function createRetryRepository(
  table: StateTable,
  { clock, ids }: { readonly clock: Clock; readonly ids: () => string },
): RetryRepository {
  return {
    async add(mailbox, wishes) {
      const byName = new Map(wishes.map((wish) => [nameOf(wish), wish]));
      const record = { requestId: ids(), at: clock.now() };
      await table.batchWrite(
        [...byName].map(([name, wish]) => ({ put: { wish, ...record, ...retryKey(mailbox, name) } })),
      );
    },
    async list(mailbox) {
      const items = await table.queryAll(rangeOf(mailboxPartition(mailbox), RETRY_PREFIX));
      return items.map((item) => parseRecord('retry', schema, item));
    },
    async remove(mailbox, { wish, requestId }) {
      await table.delete(retryKey(mailbox, nameOf(wish)), {
        text: '#request = :request',
        names: { '#request': 'requestId' },
        values: { ':request': requestId },
      });
    },
  };
}

function nameOf(wish: RetryWish): string {
  const content =
    wish.kind === 'messages'
      ? [wish.folderId, [...wish.uids].sort((a, b) => a - b)]
      : [wish.folderId ?? null, wish.state ?? null, wish.reason ?? null];
  return createHash('sha256').update(JSON.stringify(content)).digest('base64url');
}
