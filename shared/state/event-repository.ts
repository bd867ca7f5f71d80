import * as z from 'zod';
import type { Clock } from '../migration/clock.ts';
import type { PageOf, PageRequest } from './cursor.ts';
import { EVENT_PREFIX, eventKey, type MailboxKey, mailboxPartition } from './keys.ts';
import { listRange } from './list-range.ts';
import { parseRecord } from './parse-record.ts';
import type { StateTable } from './state-table.ts';

/** A line of a mailbox's history. */
export interface EventRecord {
  /** Ms since the epoch. */
  readonly at: number;
  /** Kebab case. */
  readonly type: string;
  readonly text: string;
  readonly data?: Readonly<Record<string, string | number>>;
}

/** What happened to a mailbox, for people; forgotten after 90 days. */
export interface EventRepository {
  add(mailbox: MailboxKey, event: EventRecord): Promise<void>;
  /** The newest first. @throws CursorInvalidError */
  list(mailbox: MailboxKey, page: PageRequest): Promise<PageOf<EventRecord>>;
}

const KEPT_SECONDS = 90 * 24 * 3600;
const MAX_TEXT = 2000;

const schema = z.object({
  at: z.number(),
  type: z.string(),
  text: z.string(),
  data: z.record(z.string(), z.union([z.string(), z.number()])).exactOptional(),
  expiresAt: z.number(),
});

export function createEventRepository(
  table: StateTable,
  options: { clock: Clock; ids: () => string },
): EventRepository {
  return {
    async add(mailbox, event) {
      await table.put({
        ...event,
        text: event.text.slice(0, MAX_TEXT).toWellFormed(),
        ...eventKey(mailbox, options.ids()),
        expiresAt: Math.floor(options.clock.now() / 1000) + KEPT_SECONDS,
      });
    },
    async list(mailbox, page) {
      const found = await listRange(
        table,
        {
          pk: mailboxPartition(mailbox),
          prefix: EVENT_PREFIX,
          descending: true,
          parse: (item) => parseRecord('event', schema, item),
        },
        page,
      );
      // DynamoDB deletes what has expired some days later, other endpoints not at all.
      const nowSeconds = options.clock.now() / 1000;
      const items = found.items
        .filter(({ expiresAt }) => expiresAt > nowSeconds)
        .map(({ expiresAt: _expiresAt, ...event }): EventRecord => event);
      return { ...found, items };
    },
  };
}
