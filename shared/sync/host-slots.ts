import type { Services } from '../services.ts';
import type { HostSlot } from '../state/host-repository.ts';
import type { MailboxKey } from '../state/keys.ts';
import { HostBusyError } from './errors.ts';
import { type BoundedHost, wakeNext } from './host-line.ts';
import type { EndAccess, MailboxAccess } from './mailbox-access.ts';

/** Ms. A slot outlives three missed renewals. */
const LEASE_MS = 60_000;

interface HeldSlot {
  readonly slot: HostSlot;
  readonly host: BoundedHost;
}

/**
 * The connections of one pair of ends within what their servers may have at once, over all mailboxes of the tenant
 * (I8). Most servers have no such bound, and then nothing is asked of the table.
 */
export class HostSlots {
  readonly #services: Services | undefined;
  readonly #held: readonly HeldSlot[];
  readonly #timer: NodeJS.Timeout | undefined;
  #safeUntil: number;
  #lost: () => void = () => undefined;
  #released: Promise<void> | undefined;

  private constructor(services: Services | undefined, held: readonly HeldSlot[], askedAt: number) {
    this.#services = services;
    this.#held = held;
    this.#safeUntil = askedAt + LEASE_MS;
    if (services !== undefined && held.length > 0) {
      this.#timer = setInterval(() => void this.#renew(), services.environment.renewMs);
    }
  }

  /** For connections that nobody counts. */
  static none(): HostSlots {
    return new HostSlots(undefined, [], 0);
  }

  /**
   * @param options.isFirst a mailbox's only lane; others take nothing that mailboxes wait for
   * @throws HostBusyError when a server has no connection left; then none is held
   */
  static async take(
    services: Services,
    { tenant }: MailboxKey,
    access: MailboxAccess,
    { isFirst }: { readonly isFirst: boolean },
  ): Promise<HostSlots> {
    const askedAt = services.clock.monotonic();
    const held: HeldSlot[] = [];
    try {
      for (const [side, host] of boundedHosts(tenant, access)) {
        const slot = await takeSlot(services, host, isFirst);
        if (slot === undefined) throw new HostBusyError({ side, ...host });
        held.push({ slot, host });
      }
    } catch (error) {
      await new HostSlots(services, held, askedAt).release();
      throw error;
    }
    return new HostSlots(services, held, askedAt);
  }

  /** Calls when a slot may be somebody else's by now: the connections are to end. */
  onLost(lost: () => void): void {
    this.#lost = lost;
  }

  /** Gives the slots back and wakes who waits for them. Doing so again changes nothing. Never throws. */
  release(): Promise<void> {
    clearInterval(this.#timer);
    this.#released ??= this.#release();
    return this.#released;
  }

  async #release(): Promise<void> {
    const services = this.#services;
    if (services === undefined) return;
    for (const { host, slot } of this.#held) {
      try {
        await services.state.hosts.freeSlot(slot);
        await wakeNext(services, host);
      } catch (error) {
        // The slot lapses, and who waits is looked at by the timer.
        services.logger.warn('A connection could not be given back', {
          error: error instanceof Error ? error.name : 'unknown',
        });
      }
    }
  }

  async #renew(): Promise<void> {
    const services = this.#services;
    if (services === undefined) return;
    const { clock, state } = services;
    const askedAt = clock.monotonic();
    try {
      const renewed = await Promise.all(
        this.#held.map(({ slot }) => state.hosts.renewSlot(slot, { now: clock.now(), leaseMs: LEASE_MS })),
      );
      if (this.#released !== undefined) return;
      if (renewed.every(Boolean)) this.#safeUntil = askedAt + LEASE_MS;
      else this.#lost();
    } catch {
      // The table may be out of reach for a moment; the lease decides when it is too late.
      if (clock.monotonic() > this.#safeUntil) this.#lost();
    }
  }
}

async function takeSlot(
  { clock, environment, ids, random, state }: Services,
  host: BoundedHost,
  isFirst: boolean,
): Promise<HostSlot | undefined> {
  const now = clock.now();
  if (!isFirst && (await state.hosts.isWaitedFor(host, now))) return undefined;
  return state.hosts.takeSlot(host, {
    slots: host.connections,
    owner: ids(),
    ownerEpoch: environment.epoch,
    now,
    leaseMs: LEASE_MS,
    random: random(),
  });
}

/** A server that is both ends has two connections, and so must be allowed two. */
function boundedHosts(
  tenant: string,
  { source, destination }: MailboxAccess,
): Array<['source' | 'destination', BoundedHost]> {
  const least = source.endpoint.host.toLowerCase() === destination.endpoint.host.toLowerCase() ? 2 : 1;
  const bounded = (side: 'source' | 'destination', { budget, endpoint }: EndAccess) => {
    const { connectionsPerHost } = budget;
    if (connectionsPerHost === undefined) return [];
    const host = { tenant, host: endpoint.host, connections: Math.max(least, connectionsPerHost) };
    return [[side, host] as ['source' | 'destination', BoundedHost]];
  };
  return [...bounded('source', source), ...bounded('destination', destination)];
}
