import * as z from 'zod';
import { changeClaims } from './change-claims.ts';
import { ACTIVE_PREFIX, claimsKey, LANE_PREFIX, type MailboxKey, mailboxPartition, workKey } from './keys.ts';
import { type Lane, type LaneLease, MAX_LANES, parseLane } from './lane-record.ts';
import { parseRecord } from './parse-record.ts';
import type { StateTable } from './state-table.ts';
import type { Attributes, Expression } from './table-expression.ts';
import { rangeOf } from './table-query.ts';
import { type ClaimedWork, claimName, claimValue, parseClaims, type WorkRef } from './work-claims.ts';
import { parseWork, type WorkItem } from './work-record.ts';

interface ActiveSnapshot {
  /** All lanes, free ones and the planner's included. */
  readonly lanes: Lane[];
  /** The first of the work: the inbox and the newest pages first. */
  readonly work: WorkItem[];
  /** There is more work than `work`. */
  readonly more: boolean;
  /** What is claimed, whether or not it is still work. */
  readonly claims: ClaimedWork[];
}

/**
 * The work list of a mailbox, and who took what of it. Claims lie in one item of their own: many are taken by one
 * request, and they outlive whatever becomes of the list.
 */
export interface WorkRepository {
  /** Who works, at what, and what is left, by one consistent read. `limit` bounds the work items (100 without it). */
  snapshot(mailbox: MailboxKey, limit?: number): Promise<ActiveSnapshot>;
  /** As it is on the list now, without its claim; undefined when it is not. */
  get(mailbox: MailboxKey, item: WorkItem): Promise<WorkItem | undefined>;
  /**
   * Adds work in batches; repeating it after a failure completes it. An item of the same page and kind is replaced,
   * its claim is not: what a dead lane has begun stays known as begun.
   */
  add(mailbox: MailboxKey, items: readonly WorkItem[]): Promise<void>;
  /**
   * Takes items, all or none, whose claims are still those seen in them. Whether they are still on the list must be
   * looked at afterwards.
   * @param over what this lease has claimed before and is done with; let go in the same write
   * @returns false when one was taken meanwhile, or one of `over` is not this lease's any more: nothing was written
   */
  claim(
    mailbox: MailboxKey,
    items: readonly WorkItem[],
    lease: LaneLease,
    over?: readonly WorkItem[],
  ): Promise<boolean>;
  /**
   * Lets go of what this lease has claimed: nothing of it is in doubt.
   * @returns false when one of them is claimed by somebody else: nothing was written
   */
  letGo(mailbox: MailboxKey, items: readonly WorkRef[], lease: LaneLease): Promise<boolean>;
  /** All claims. */
  claims(mailbox: MailboxKey): Promise<ClaimedWork[]>;
  /** Removes claims, whoever's they are, as far as they are still the same. */
  dropClaims(mailbox: MailboxKey, claims: readonly ClaimedWork[]): Promise<void>;
  /**
   * Removes items that are done, before their claims are let go. One alone, and work on flags and adoptions, only where
   * it is the very one that was claimed and nothing that was added since.
   *
   * Several copies go in one request, which has no conditions: the count at the end of a pass puts back what still
   * has something pending, as it does for work that was lost in any other way.
   */
  remove(mailbox: MailboxKey, items: readonly WorkItem[]): Promise<void>;
}

const DEFAULT_LIMIT = 100;
/** So many claims are let go by one request: an expression may have 300 operators and 4 KB. */
const MOST_AT_ONCE = 40;

const keySchema = z.object({ sk: z.string() });

export function createWorkRepository(table: StateTable, ids: () => string): WorkRepository {
  const letGo = async (mailbox: MailboxKey, items: readonly WorkRef[], holder: string): Promise<boolean> => {
    const change = changeClaims([], items, holder);
    return (await table.update(claimsKey(mailbox), change.update, change.condition)) !== undefined;
  };

  return {
    async snapshot(mailbox, limit = DEFAULT_LIMIT) {
      // Room for the claims, every lane and the planner's, which come first in the range.
      const { items, lastKey } = await table.queryPage(rangeOf(mailboxPartition(mailbox), ACTIVE_PREFIX), {
        limit: limit + MAX_LANES + 2,
      });
      const sortKey = claimsKey(mailbox).sk;
      const claimItem = items.find((item) => sortKeyOf(item) === sortKey);
      const claims = claimItem === undefined ? new Map<string, ClaimedWork>() : parseClaims(claimItem);
      const work = items.filter((item) => item !== claimItem && !isLane(item));
      return {
        lanes: items.filter(isLane).map(parseLane),
        work: work.slice(0, limit).map((item) => withClaim(parseWork(item), claims)),
        more: lastKey !== undefined || work.length > limit,
        claims: [...claims.values()],
      };
    },

    async get(mailbox, item) {
      const found = await table.get(workKey(mailbox, item));
      return found === undefined ? undefined : parseWork(found);
    },

    async add(mailbox, items) {
      const addition = ids();
      await table.batchWrite(
        items.map(({ claim: _claim, ...item }) => ({
          put: { ...item, addition, ...workKey(mailbox, item) },
        })),
      );
    },

    async claim(mailbox, items, lease, over = []) {
      const change = changeClaims(items, over, claimValue(lease));
      return (await table.update(claimsKey(mailbox), change.update, change.condition)) !== undefined;
    },

    async letGo(mailbox, items, lease) {
      let all = true;
      for (let start = 0; start < items.length; start += MOST_AT_ONCE) {
        const some = items.slice(start, start + MOST_AT_ONCE);
        all = (await letGo(mailbox, some, claimValue(lease))) && all;
      }
      return all;
    },

    async claims(mailbox) {
      const item = await table.get(claimsKey(mailbox));
      return item === undefined ? [] : [...parseClaims(item).values()];
    },

    async dropClaims(mailbox, claims) {
      const byHolder = Map.groupBy(claims, ({ claim }) => claimValue(claim));
      for (const [holder, items] of byHolder) {
        for (let start = 0; start < items.length; start += MOST_AT_ONCE) {
          await letGo(mailbox, items.slice(start, start + MOST_AT_ONCE), holder);
        }
      }
    },

    async remove(mailbox, items) {
      const copies = items.filter(({ kind }) => kind === 'copy');
      const together = copies.length > 1 ? copies : [];
      const alone = items.filter((item) => !together.includes(item));
      await Promise.all([
        table.batchWrite(together.map((item) => ({ delete: workKey(mailbox, item) }))),
        ...alone.map((item) => table.delete(workKey(mailbox, item), isVery(item))),
      ]);
    },
  };
}

/** The very item, and nothing that was added for the page since. */
function isVery({ addition, epoch }: WorkItem): Expression {
  const same = addition === undefined ? 'attribute_not_exists(#addition)' : '#addition = :addition';
  return {
    text: `#epoch = :epoch AND ${same}`,
    names: { '#epoch': 'epoch', '#addition': 'addition' },
    values: { ':epoch': epoch, ...(addition !== undefined && { ':addition': addition }) },
  };
}

function withClaim(item: WorkItem, claims: ReadonlyMap<string, ClaimedWork>): WorkItem {
  const claimed = claims.get(claimName(item));
  return claimed === undefined ? item : { ...item, claim: claimed.claim };
}

function isLane(item: Attributes): boolean {
  return sortKeyOf(item).startsWith(LANE_PREFIX);
}

function sortKeyOf(item: Attributes): string {
  return parseRecord('key', keySchema, item).sk;
}
