import * as z from 'zod';
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
  /** Takes back a claim of this lease; nothing happens when the item is gone or claimed by somebody else. */
  giveBack(mailbox: MailboxKey, item: WorkItem, lease: LaneLease): Promise<void>;
  /**
   * Removes items that this lease has claimed, and that are done. One alone, and work on flags and adoptions, only while
   * it is still claimed by the lease and of the same epoch.
   *
   * Several copies go in one request, which has no conditions: the count at the end of a pass puts back what still
   * has something pending, as it does for work that was lost in any other way.
   */
  remove(mailbox: MailboxKey, items: readonly WorkItem[], lease: LaneLease): Promise<void>;
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

    async giveBack(mailbox, item, lease) {
      await table.update(
        workKey(mailbox, item),
        { text: 'REMOVE #claim', names: { '#claim': 'claim' } },
        claimedBy(item, lease),
      );
    },

    async remove(mailbox, items, lease) {
      const copies = items.filter(({ kind }) => kind === 'copy');
      const together = copies.length > 1 ? copies : [];
      const alone = items.filter((item) => !together.includes(item));
      await Promise.all([
        table.batchWrite(together.map((item) => ({ delete: workKey(mailbox, item) }))),
        ...alone.map((item) => table.delete(workKey(mailbox, item), claimedBy(item, lease))),
      ]);
    },
  };
}

function claimedBy(item: WorkItem, lease: LaneLease): Expression {
  return {
    text: `#epoch = :epoch AND ${CLAIMED_BY}`,
    names: { '#epoch': 'epoch', ...CLAIM_NAMES },
    values: { ':epoch': item.epoch, ':lane': lease.lane, ':fence': lease.fence },
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
