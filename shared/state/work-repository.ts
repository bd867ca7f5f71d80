import { z } from 'zod';
import { ACTIVE_PREFIX, LANE_PREFIX, type MailboxKey, mailboxPartition, workKey } from './keys.ts';
import { type Lane, type LaneLease, MAX_LANES, parseLane } from './lane-record.ts';
import { parseRecord } from './parse-record.ts';
import type { StateTable } from './state-table.ts';
import type { Attributes, Expression } from './table-expression.ts';
import { rangeOf } from './table-query.ts';
import { parseWork, type WorkItem } from './work-record.ts';

interface ActiveSnapshot {
  /** All lanes, free ones and the planner's included. */
  readonly lanes: Lane[];
  /** The first of the work: the inbox and the newest pages first. */
  readonly work: WorkItem[];
  /** There is more work than `work`. */
  readonly more: boolean;
}

export interface WorkRepository {
  /** Who works and what is left, by one consistent read. `limit` bounds the work items (100 without it). */
  snapshot(mailbox: MailboxKey, limit?: number): Promise<ActiveSnapshot>;
  /**
   * Adds work in batches; repeating it after a failure completes it. An item of the same page and kind is replaced,
   * its claim included: only the planner adds, while no lane works.
   */
  add(mailbox: MailboxKey, items: readonly WorkItem[]): Promise<void>;
  /** Takes an item whose claim is still the one seen in `item`. @returns false when it was taken or removed meanwhile */
  claim(mailbox: MailboxKey, item: WorkItem, lease: LaneLease): Promise<boolean>;
  /**
   * Removes an item; nothing happens when it is gone or belongs to another epoch of its folder.
   * @param lease only while the item is claimed by this lease
   */
  remove(mailbox: MailboxKey, item: WorkItem, lease?: LaneLease): Promise<void>;
}

const DEFAULT_LIMIT = 100;

const keySchema = z.object({ sk: z.string() });

const CLAIM_NAMES = { '#claim': 'claim', '#lane': 'lane', '#fence': 'fence' } as const;
const CLAIMED_BY = '(#claim.#lane = :lane AND #claim.#fence = :fence)';

export function createWorkRepository(table: StateTable): WorkRepository {
  return {
    async snapshot(mailbox, limit = DEFAULT_LIMIT) {
      // Room for every lane, which come first in the range, and for the planner's.
      const { items, lastKey } = await table.queryPage(rangeOf(mailboxPartition(mailbox), ACTIVE_PREFIX), {
        limit: limit + MAX_LANES + 1,
      });
      const work = items.filter((item) => !isLane(item));
      return {
        lanes: items.filter(isLane).map(parseLane),
        work: work.slice(0, limit).map(parseWork),
        more: lastKey !== undefined || work.length > limit,
      };
    },

    async add(mailbox, items) {
      await table.batchWrite(items.map((item) => ({ put: { ...item, ...workKey(mailbox, item) } })));
    },

    async claim(mailbox, item, lease) {
      const seen = seenClaim(item);
      const taken = await table.update(
        workKey(mailbox, item),
        {
          text: 'SET #claim = :claim',
          names: { '#claim': 'claim' },
          values: { ':claim': { lane: lease.lane, fence: lease.fence } },
        },
        {
          // Claimed by this lease already: the SDK sent it twice because an answer was lost.
          text: `#epoch = :epoch AND (${seen.text} OR ${CLAIMED_BY})`,
          names: { '#epoch': 'epoch', ...CLAIM_NAMES },
          values: { ':epoch': item.epoch, ':lane': lease.lane, ':fence': lease.fence, ...seen.values },
        },
      );
      return taken !== undefined;
    },

    async remove(mailbox, item, lease) {
      await table.delete(workKey(mailbox, item), {
        text: lease === undefined ? '#epoch = :epoch' : `#epoch = :epoch AND ${CLAIMED_BY}`,
        names: { '#epoch': 'epoch', ...(lease === undefined ? {} : CLAIM_NAMES) },
        values: {
          ':epoch': item.epoch,
          ...(lease === undefined ? {} : { ':lane': lease.lane, ':fence': lease.fence }),
        },
      });
    },
  };
}

function seenClaim({ claim }: WorkItem): Expression {
  if (claim === undefined) return { text: 'attribute_not_exists(#claim)' };
  return {
    text: '(#claim.#lane = :seenLane AND #claim.#fence = :seenFence)',
    values: { ':seenLane': claim.lane, ':seenFence': claim.fence },
  };
}

function isLane(item: Attributes): boolean {
  return parseRecord('key', keySchema, item).sk.startsWith(LANE_PREFIX);
}
