import * as z from 'zod';
import {
  type HostKey,
  hostPartition,
  SLOT_PREFIX,
  slotKey,
  WAITER_PREFIX,
  waiterKey,
  type MailboxKey,
} from './keys.ts';
import { parseRecord } from './parse-record.ts';
import type { StateTable } from './state-table.ts';
import { rangeOf } from './table-query.ts';

interface SlotClaim {
  /** So many connections the host may have at once; from 1. */
  readonly slots: number;
  readonly owner: string;
  /** Slots of another epoch do not count: their owners are known to be dead. */
  readonly ownerEpoch: string;
  /** Ms since the epoch. */
  readonly now: number;
  readonly leaseMs: number;
  /** 0 <= n < 1: which of the free ones to try first. */
  readonly random: number;
}

/** One connection to a host, held for a while. */
export interface HostSlot extends HostKey {
  readonly number: number;
  readonly owner: string;
}

/**
 * Connections to mail servers, counted over all mailboxes of a tenant where the tenant or the provider bounds them
 * (I8). Each is an item with a lease, so that those of dead workers come back; who finds none free waits in line.
 */
export interface HostRepository {
  /** @returns undefined when all slots are held */
  takeSlot(host: HostKey, claim: SlotClaim): Promise<HostSlot | undefined>;
  /** @returns false when somebody else holds it by now, or nobody */
  renewSlot(slot: HostSlot, input: { readonly now: number; readonly leaseMs: number }): Promise<boolean>;
  /** Nothing happens when it is somebody else's by now. */
  freeSlot(slot: HostSlot): Promise<void>;
  /** Slots that are held by the living. */
  countSlots(host: HostKey, at: Pick<SlotClaim, 'now' | 'ownerEpoch'>): Promise<number>;
  /**
   * Gets in line, or stays where it is.
   * @param since ms since the epoch: its place
   * @param until ms since the epoch: then it is passed over, unless it says again that it waits
   */
  wait(
    host: HostKey,
    mailboxId: string,
    place: { readonly since: number; readonly until: number },
  ): Promise<void>;
  isWaitedFor(host: HostKey, now: number): Promise<boolean>;
  /** All of them are looked at: for people, not for workers. */
  countWaiters(host: HostKey, now: number): Promise<number>;
  /** Takes the first out of the line. */
  nextWaiter(host: HostKey, now: number): Promise<MailboxKey | undefined>;
}

const slotSchema = z.object({
  slot: z.number().int().min(0),
  owner: z.string(),
  ownerEpoch: z.string(),
  until: z.number(),
});
const waiterSchema = z.object({ sk: z.string(), mailboxId: z.string(), until: z.number() });

/** Free slots that are tried: others look at the same time. */
const TRIES = 4;
/** Of those who wait no longer, looked through at once. */
const WAITERS = 10;
/** Items of the dead go by themselves after this. */
const KEPT_SECONDS = 24 * 3600;

const isOwn = {
  text: '#owner = :owner',
  names: { '#owner': 'owner' },
};

export function createHostRepository(table: StateTable): HostRepository {
  const take = async (host: HostKey, number: number, claim: SlotClaim): Promise<HostSlot | undefined> => {
    const { leaseMs, now, owner, ownerEpoch } = claim;
    const taken = await table.put(
      {
        ...slotKey(host, number),
        slot: number,
        owner,
        ownerEpoch,
        until: now + leaseMs,
        expiresAt: expiryOf(now + leaseMs),
      },
      {
        // The last: the SDK sends again when an answer was lost.
        text: 'attribute_not_exists(#owner) OR #until < :now OR #ownerEpoch <> :ownerEpoch OR #owner = :owner',
        names: { '#owner': 'owner', '#until': 'until', '#ownerEpoch': 'ownerEpoch' },
        values: { ':now': now, ':ownerEpoch': ownerEpoch, ':owner': owner },
      },
    );
    return taken ? { ...host, number, owner } : undefined;
  };

  const heldSlots = async (
    host: HostKey,
    { now, ownerEpoch }: Pick<SlotClaim, 'now' | 'ownerEpoch'>,
  ): Promise<Set<number>> => {
    const items = await table.queryAll(rangeOf(hostPartition(host), SLOT_PREFIX));
    const held = items
      .map((item) => parseRecord('host slot', slotSchema, item))
      .filter((slot) => slot.until >= now && slot.ownerEpoch === ownerEpoch);
    return new Set(held.map(({ slot }) => slot));
  };

  const waiters = async (host: HostKey, limit: number) => {
    const { items } = await table.queryPage(rangeOf(hostPartition(host), WAITER_PREFIX), { limit });
    return items.map((item) => parseRecord('waiter', waiterSchema, item));
  };

  return {
    async takeSlot(host, claim) {
      const { random, slots } = claim;
      const held = await heldSlots(host, claim);
      // Above a bound that was lowered meanwhile others may still be held.
      if (held.size >= slots) return undefined;
      const free = Array.from({ length: slots }, (_, number) => number).filter((number) => !held.has(number));
      const begin = Math.floor(random * free.length);
      for (const number of [...free.slice(begin), ...free.slice(0, begin)].slice(0, TRIES)) {
        const slot = await take(host, number, claim);
        if (slot !== undefined) return slot;
      }
      return undefined;
    },

    async renewSlot(slot, { now, leaseMs }) {
      const item = await table.update(
        slotKey(slot, slot.number),
        {
          text: 'SET #until = :until, #expiresAt = :expiresAt',
          names: { '#until': 'until', '#expiresAt': 'expiresAt' },
          values: { ':until': now + leaseMs, ':expiresAt': expiryOf(now + leaseMs) },
        },
        { ...isOwn, values: { ':owner': slot.owner } },
      );
      return item !== undefined;
    },

    async freeSlot(slot) {
      await table.delete(slotKey(slot, slot.number), { ...isOwn, values: { ':owner': slot.owner } });
    },

    async countSlots(host, at) {
      return (await heldSlots(host, at)).size;
    },

    async wait(host, mailboxId, { since, until }) {
      await table.put({ ...waiterKey(host, since, mailboxId), mailboxId, until, expiresAt: expiryOf(until) });
    },

    async isWaitedFor(host, now) {
      return (await waiters(host, WAITERS)).some(({ until }) => until >= now);
    },

    async countWaiters(host, now) {
      let waiting = 0;
      for await (const item of table.query(rangeOf(hostPartition(host), WAITER_PREFIX))) {
        if (parseRecord('waiter', waiterSchema, item).until >= now) waiting += 1;
      }
      return waiting;
    },

    async nextWaiter(host, now) {
      const pk = hostPartition(host);
      for (;;) {
        const line = await waiters(host, WAITERS);
        for (const { mailboxId, sk, until } of line) {
          // Whoever deletes it has it: two slots that are freed at once wake two.
          const isOurs = await table.delete({ pk, sk }, { text: 'attribute_exists(pk)' });
          if (isOurs && until >= now) return { tenant: host.tenant, mailboxId };
        }
        if (line.length < WAITERS) return undefined;
      }
    },
  };
}

/** As the table's time to live wants it: seconds. */
const expiryOf = (untilMs: number): number => Math.floor(untilMs / 1000) + KEPT_SECONDS;
