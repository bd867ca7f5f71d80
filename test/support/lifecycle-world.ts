import pMap from 'p-map';
import { ulid } from 'ulid';
import { withoutDue } from '../../shared/lifecycle/apply-event.ts';
import { createServices, type Services } from '../../shared/services.ts';
import type { ChunkMessage, PassMessage } from '../../shared/queue/queue-messages.ts';
import type { MailboxKey } from '../../shared/state/keys.ts';
import type { LaneLease } from '../../shared/state/lane-repository.ts';
import type { MailboxRecord } from '../../shared/state/mailbox-record.ts';
import type { MigrationRecord } from '../../shared/state/migration-repository.ts';
import { mailboxRecord } from './mailbox-record-factory.ts';
import { startTestCloud } from './test-cloud.ts';

/** Services of one machine with a clock that tests set and queues that they read; for one test file. */
export interface LifecycleWorld {
  readonly services: Services;
  /** Ms since the epoch; services see this time. */
  now: number;
  /** Added at each look at the monotonic clock, in ms: makes time budgets end. */
  tick: number;
  /** What was sent since it was last asked. */
  sent(): { passes: PassMessage[]; chunks: ChunkMessage[] };
  /** While true, the queues take nothing. */
  queuesAway: boolean;
  tenant(): string;
  /** A migration with a verified connection, both active. */
  migration(tenant: string): Promise<MigrationRecord>;
  mailbox(migration: MigrationRecord, fields?: Partial<MailboxRecord>): Promise<MailboxKey>;
  /** Gives a mailbox a password in the vault. */
  givePassword(key: MailboxKey): Promise<void>;
  /** Takes every mailbox of the tests so far from the timer. */
  letRest(): Promise<void>;
  get(key: MailboxKey): Promise<MailboxRecord>;
  lane(
    key: MailboxKey,
    options?: { lanes?: number | 'plan'; ownerEpoch?: string; pass?: number },
  ): Promise<LaneLease>;
  close(): Promise<void>;
}

export const LEASE_MS = 60_000;
const NOTHING_DONE = {
  messages: 0,
  bytes: 0,
  copied: 0,
  adopted: 0,
  skipped: 0,
  underOtherLabel: 0,
  failed: 0,
};

export async function startLifecycleWorld(): Promise<LifecycleWorld> {
  const cloud = await startTestCloud();
  const passes: PassMessage[] = [];
  const chunks: ChunkMessage[] = [];
  const keys: MailboxKey[] = [];
  let monotonic = 0;
  const send = async <Message>(list: Message[], messages: readonly Message[]): Promise<void> => {
    if (world.queuesAway) throw new Error('the queues are away');
    list.push(...messages);
  };
  const clock = { now: () => world.now, monotonic: () => (monotonic += world.tick) };
  const services: Services = {
    ...createServices('test', { ...cloud.cloud.environment, MAILHAUL_LOG_LEVEL: 'SILENT' }),
    clock,
    state: cloud.state({ clock }),
    queues: {
      sendPasses: (messages) => send(passes, messages),
      sendChunks: (messages) => send(chunks, messages),
    },
  };
  const { state, vault, environment } = services;
  const world: LifecycleWorld = {
    services,
    now: Date.UTC(2026, 5, 1),
    tick: 0,
    queuesAway: false,
    sent: () => ({ passes: passes.splice(0), chunks: chunks.splice(0) }),
    tenant: () => cloud.tenant(),
    async migration(tenant) {
      const connectionId = ulid();
      const created = world.now;
      await state.connections.put({
        tenant,
        connectionId,
        provider: 'other',
        endpoint: { host: 'old.example', port: 993, security: 'tls' },
        signIn: { kind: 'user-password' },
        status: 'verified',
        verifiedAt: created,
        createdAt: created,
        version: 0,
      });
      return state.migrations.put({
        tenant,
        migrationId: ulid(),
        connectionId,
        status: 'active',
        mailboxCount: 0,
        createdAt: created,
        version: 0,
      });
    },
    async mailbox({ tenant, migrationId, connectionId }, fields = {}) {
      const mailboxId = ulid();
      const own = { tenant, mailboxId, migrationId, connectionId } as const;
      await state.mailboxes.create([mailboxRecord({ ...own, status: 'stopped', ...fields })]);
      keys.push({ tenant, mailboxId });
      return { tenant, mailboxId };
    },
    async givePassword({ tenant, mailboxId }) {
      const { migrationId } = await world.get({ tenant, mailboxId });
      const credential = { source: { kind: 'password', password: 'hunter22' } } as const;
      const shards = await vault.putMailboxes(tenant, migrationId, [{ mailboxId, credential }]);
      const credentialShard = shards.get(mailboxId) ?? '';
      await state.mailboxes.change(tenant, mailboxId, (record) => ({ ...record, credentialShard }));
    },
    async letRest() {
      await pMap(
        keys.splice(0),
        ({ tenant, mailboxId }) => state.mailboxes.change(tenant, mailboxId, withoutDue),
        {
          concurrency: 16,
        },
      );
    },
    async get(key) {
      const record = await state.mailboxes.get(key.tenant, key.mailboxId);
      if (record === undefined) throw new Error('the mailbox is gone');
      return record;
    },
    async lane(key, { lanes = 4, ownerEpoch = environment.epoch, pass = 1 } = {}) {
      const claim = { lanes, owner: ulid(), ownerEpoch, now: world.now, leaseMs: LEASE_MS, pass };
      const lease = await state.lanes.acquire(key, claim);
      if (lease === undefined) throw new Error('no lane is free');
      return lease;
    },
    close: () => cloud.close(),
  };
  return world;
}

/** Ends a lane as its worker would. */
export async function release({ services }: LifecycleWorld, lease: LaneLease): Promise<void> {
  await services.state.lanes.release(lease, NOTHING_DONE);
}

/** Whether the owner of a lane is asked to end. */
export async function isToldToStop({ services, now }: LifecycleWorld, lease: LaneLease): Promise<boolean> {
  const answer = await services.state.lanes.renew(lease, { now, leaseMs: LEASE_MS, progress: NOTHING_DONE });
  return answer !== 'lost' && answer.stop;
}
