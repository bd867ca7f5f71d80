import type { AwsClients } from '../../shared/aws-clients/create-clients.ts';
import { changeMigration } from '../../shared/lifecycle/change-migration.ts';
import { startMailboxes } from '../../shared/lifecycle/start-mailboxes.ts';
import { stopMailboxes } from '../../shared/lifecycle/stop-mailboxes.ts';
import { syncNow } from '../../shared/lifecycle/sync-now.ts';
import { wakeMailbox } from '../../shared/lifecycle/wake-mailbox.ts';
import { addCounts, countEntries, emptyCounts } from '../../shared/migration/ledger-counts.ts';
import type { MailSelection } from '../../shared/migration/selection/mail-selection.ts';
import type { ChunkMessage, PassMessage } from '../../shared/queue/queue-messages.ts';
import type { Services } from '../../shared/services.ts';
import type { FolderRecord } from '../../shared/state/folder-record.ts';
import type { ItemRecord } from '../../shared/state/item-record.ts';
import type { MailboxKey, MailboxRecord } from '../../shared/state/mailbox-record.ts';
import type { PageRecord } from '../../shared/state/page-record.ts';
import type { InvocationBudget } from '../../shared/sync/invocation-budget.ts';
import { planPass } from '../../shared/sync/plan-pass.ts';
import { runPass, wakeLanes } from '../../shared/sync/run-pass.ts';
import { syncChunk } from '../../shared/sync/sync-chunk.ts';
import { compareMailboxes } from './compare-mailboxes.ts';
import { eventually } from './eventually.ts';
import { ImapProbe } from './imap-probe.ts';
import type { MailboxAccess } from './imap-test-client.ts';
import { snapshotMailbox, type MailboxSnapshot } from './mailbox-snapshot.ts';
import type { MovableClock } from './movable-clock.ts';
import type { QueuePump } from './queue-pump.ts';

export interface BenchWorker {
  readonly services: Services;
  readonly clients: AwsClients;
}

/** A budget that no test uses up. */
export function longBudget(): InvocationBudget {
  return { signal: new AbortController().signal, isUsed: () => false };
}

/** One mailbox and everything that a test does to it. */
export class MailboxBench {
  readonly services: Services;
  readonly key: MailboxKey;
  readonly migrationId: string;
  readonly queues: QueuePump;
  readonly clock: MovableClock;
  /** Another process of the engine, with clients of its own that may be cut. */
  readonly worker: () => BenchWorker;
  readonly access: { readonly source: MailboxAccess; readonly destination: MailboxAccess };

  constructor(parts: {
    services: Services;
    key: MailboxKey;
    migrationId: string;
    queues: QueuePump;
    clock: MovableClock;
    worker: () => BenchWorker;
    access: { source: MailboxAccess; destination: MailboxAccess };
  }) {
    this.services = parts.services;
    this.key = parts.key;
    this.migrationId = parts.migrationId;
    this.queues = parts.queues;
    this.clock = parts.clock;
    this.worker = parts.worker;
    this.access = parts.access;
  }

  /** The admin chooses what of the mailbox is copied from the next pass on. */
  async select(selection: MailSelection): Promise<void> {
    const { tenant } = this.key;
    await changeMigration(this.services, { tenant, migrationId: this.migrationId }, (record) => ({
      ...record,
      selection,
    }));
  }

  /** Plans, as the plan-pass function would, and leaves the work to the lanes that it wakes. */
  async plan(
    reason: PassMessage['reason'] = 'start',
    budget = longBudget(),
    services = this.services,
  ): Promise<void> {
    const ready = await planPass(services, { v: 1, ...this.key, reason }, budget);
    await ready?.ends?.close();
    if (ready !== undefined) await wakeLanes(services, this.key, ready.pass, ready.lanes);
  }

  /** As the sync-chunk function would. */
  async chunk(pass?: number, budget = longBudget(), services = this.services): Promise<void> {
    const number = pass ?? (await this.record()).pass.number;
    return syncChunk(services, { v: 1, ...this.key, pass: number }, budget);
  }

  /** Delivers what waits on the queues until nobody works any more. */
  deliver(options: { times?: number; upTo?: number } = {}): Promise<void> {
    return this.queues.deliver(
      {
        passes: (message: PassMessage) => runPass(this.services, message, longBudget()),
        chunks: (message: ChunkMessage) => syncChunk(this.services, message, longBudget()),
      },
      options,
    );
  }

  /** The admin starts it, and everything is done that can be done. */
  async start(): Promise<MailboxRecord> {
    await startMailboxes(this.services, [this.key]);
    await this.deliver();
    return this.record();
  }

  /** Another pass, as "sync now" makes it. */
  async pass(): Promise<MailboxRecord> {
    await syncNow(this.services, [this.key]);
    await this.deliver();
    return this.record();
  }

  async stop(): Promise<MailboxRecord> {
    await stopMailboxes(this.services, [this.key]);
    return this.record();
  }

  /** The admin stops it while somebody works, and all who work have seen it. */
  async stopInSight(): Promise<void> {
    await this.stop();
    const working = async () =>
      (await this.services.state.work.snapshot(this.key)).lanes.filter(({ owner }) => owner !== '');
    const before = new Map((await working()).map(({ lane, until }) => [lane, until]));
    await eventually('every lane renewed its lease', async () =>
      (await working()).every(({ lane, until }) => until > (before.get(lane) ?? 0)),
    );
  }

  /** Time goes by until the mailbox is due, the timer ticks, and what it wakes is done. */
  async tick(): Promise<MailboxRecord> {
    const { dueAt } = await this.record();
    const wait = (dueAt ?? 0) - this.clock.now();
    if (wait > 0) this.clock.forward(wait + 1);
    const { epoch } = this.services.environment;
    await wakeMailbox(this.services, this.key, { now: this.clock.now(), all: false, epoch });
    await this.deliver();
    return this.record();
  }

  /** What a crash of all workers leaves: leases that lapse unreleased. */
  lapseLeases(): void {
    this.clock.forward(61_000);
  }

  async record(): Promise<MailboxRecord> {
    const record = await this.services.state.mailboxes.get(this.key.tenant, this.key.mailboxId);
    if (record === undefined) throw new RangeError('The mailbox is gone.');
    return record;
  }

  folders(): Promise<FolderRecord[]> {
    return this.services.state.folders.list(this.key);
  }

  async pages(): Promise<PageRecord[]> {
    const pages: PageRecord[] = [];
    for (const folder of await this.folders()) {
      for await (const page of this.services.state.pages.list(this.key, folder)) pages.push(page);
    }
    return pages;
  }

  async items(): Promise<ItemRecord[]> {
    return (await this.services.state.items.list(this.key, { limit: 100 })).items;
  }

  source<T>(act: (probe: ImapProbe) => Promise<T>): Promise<T> {
    return ImapProbe.use(this.access.source, act);
  }

  destination<T>(act: (probe: ImapProbe) => Promise<T>): Promise<T> {
    return ImapProbe.use(this.access.destination, act);
  }

  readSource(): Promise<MailboxSnapshot> {
    return snapshotMailbox(this.access.source);
  }

  readDestination(): Promise<MailboxSnapshot> {
    return snapshotMailbox(this.access.destination);
  }

  /** Demands that both sides hold the same messages: bytes, dates, flags, each as often. */
  async expectEqual(): Promise<void> {
    const [source, destination] = await Promise.all([this.readSource(), this.readDestination()]);
    expect(compareMailboxes(source, destination).report).toBe(compareMailboxes(source, source).report);
  }

  /** Demands that the books balance (I1) and that no destination UID has two owners (I2). */
  async expectBooks(): Promise<void> {
    const { totals } = await this.record();
    expect(totals.pending).toBe(0);
    await this.#expectTallies();
    expect(totals.copied + totals.adopted + totals.skipped + totals.failed).toBe(totals.listed);
    const owners = new Map<string, number>();
    const listed = new Map<string, number>();
    for (const page of await this.pages()) {
      for (const entry of page.entries) {
        const place = `${page.folderId}/${entry.uid}`;
        listed.set(place, (listed.get(place) ?? 0) + 1);
        if (!('destinationUid' in entry) || entry.destinationUid === 0) continue;
        const owned = `${page.folderId}/${entry.destinationUid}`;
        owners.set(owned, (owners.get(owned) ?? 0) + 1);
      }
    }
    expect([...owners].filter(([, count]) => count > 1)).toEqual([]);
    expect([...listed].filter(([, count]) => count > 1)).toEqual([]);
  }

  /** Demands that folders and mailbox have the figures of their entries. */
  async #expectTallies(): Promise<void> {
    const { folders: _folders, ...totals } = (await this.record()).totals;
    let sum = emptyCounts();
    for (const folder of await this.folders()) {
      let counts = emptyCounts();
      for await (const page of this.services.state.pages.list(this.key, folder)) {
        counts = addCounts(counts, countEntries(page.entries));
      }
      expect({ path: folder.sourcePath, ...folder.counts }).toEqual({ path: folder.sourcePath, ...counts });
      sum = addCounts(sum, counts);
    }
    expect(totals).toEqual(sum);
  }
}
