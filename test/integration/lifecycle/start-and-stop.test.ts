import { actOnMigration } from '../../../shared/lifecycle/act-on-migration.ts';
import { startAddedMailboxes, startMailboxes } from '../../../shared/lifecycle/start-mailboxes.ts';
import { stopMailboxes } from '../../../shared/lifecycle/stop-mailboxes.ts';
import { syncNow } from '../../../shared/lifecycle/sync-now.ts';
import { workEnded } from '../../../shared/lifecycle/work-ended.ts';
import { dueShardOf } from '../../../shared/migration/resync-schedule.ts';
import type { MailboxRecord } from '../../../shared/state/mailbox-record.ts';
import type { MigrationRecord } from '../../../shared/state/migration-repository.ts';
import {
  isToldToStop,
  LEASE_MS,
  type LifecycleWorld,
  release,
  startLifecycleWorld,
} from '../../support/lifecycle-world.ts';

let world: LifecycleWorld;
let migration: MigrationRecord;

beforeAll(async () => {
  world = await startLifecycleWorld();
});

beforeEach(async () => {
  migration = await world.migration(world.tenant());
  world.sent();
});

afterEach(() => {
  world.tick = 0;
  world.queuesAway = false;
});

afterAll(() => world.close());

const copying: MailboxRecord['pass'] = {
  number: 2,
  kind: 'initial',
  phase: 'copying',
  trigger: 'start',
  startedAt: 1,
};

describe('start', () => {
  test('makes the mailbox due at once and wakes the planner', async () => {
    const key = await world.mailbox(migration);
    expect(await startMailboxes(world.services, [key])).toMatchObject([{ ok: true, changed: true }]);
    expect(await world.get(key)).toMatchObject({
      status: 'starting',
      statusSince: world.now,
      dueAt: world.now,
    });
    expect(world.sent()).toEqual({ passes: [{ v: 1, ...key, reason: 'start' }], chunks: [] });
  });

  test('of mailboxes just added goes by what they are now, not by what was read of them', async () => {
    const [fresh, closed] = [await world.mailbox(migration), await world.mailbox(migration)];
    const records = [await world.get(fresh), await world.get(closed)];
    await world.services.state.mailboxes.change(closed.tenant, closed.mailboxId, (record) => ({
      ...record,
      status: 'closed',
    }));
    expect(await startAddedMailboxes(world.services, records, 3)).toMatchObject([
      { ok: true, changed: true },
      { ok: false, error: { name: 'MailboxStatusError' } },
    ]);
    expect(await world.get(fresh)).toMatchObject({ status: 'starting', laneLimit: 3 });
    expect(await world.get(closed)).toMatchObject({ status: 'closed' });
    expect(world.sent()).toEqual({ passes: [{ v: 1, ...fresh, reason: 'start' }], chunks: [] });
  });

  test('goes on with the work that a stop has left', async () => {
    const key = await world.mailbox(migration, { pass: copying, failures: 4, consecutiveThrottles: 2 });
    await startMailboxes(world.services, [key]);
    expect(await world.get(key)).toMatchObject({
      status: 'starting',
      pass: copying,
      failures: 0,
      consecutiveThrottles: 0,
    });
  });

  test('succeeds while the queue is away, for the timer finds the mailbox', async () => {
    world.queuesAway = true;
    const key = await world.mailbox(migration);
    expect(await startMailboxes(world.services, [key])).toMatchObject([{ ok: true }]);
    const due = await world.services.state.mailboxes.due(dueShardOf(key.mailboxId), world.now, 100);
    expect(due).toContainEqual({ ...key, dueAt: world.now });
  });

  test('forgets the reason for which a mailbox needed attention', async () => {
    const reason = { code: 'dead-letter', detail: '-' } as const;
    const key = await world.mailbox(migration, { status: 'needs-attention', reason });
    await startMailboxes(world.services, [key]);
    expect(await world.get(key)).not.toHaveProperty('reason');
  });

  test('serves each mailbox by itself, in the order asked', async () => {
    const stopping = await world.mailbox(migration, { status: 'stopping' });
    const missing = { ...stopping, mailboxId: 'none' };
    const good = await world.mailbox(migration);
    expect(await startMailboxes(world.services, [stopping, missing, good])).toMatchObject([
      { ok: false, error: { code: 'MailboxStatus', status: 'stopping', action: 'start' } },
      { ok: false, error: { code: 'MailboxUnknown' } },
      { ok: true },
    ]);
    expect(world.sent().passes).toMatchObject([good]);
  });

  test('is refused once the migration closes', async () => {
    const key = await world.mailbox(migration);
    await world.services.state.migrations.put({ ...migration, status: 'closing' });
    expect(await startMailboxes(world.services, [key])).toMatchObject([
      { ok: false, error: { code: 'MigrationClosed' } },
    ]);
    expect(await syncNow(world.services, [key])).toMatchObject([
      { ok: false, error: { code: 'MigrationClosed' } },
    ]);
  });
});

describe('stop', () => {
  test('is done at once where nobody works', async () => {
    const key = await world.mailbox(migration, { status: 'synced', dueAt: world.now + 5000 });
    expect(await stopMailboxes(world.services, [key])).toMatchObject([
      { ok: true, record: { status: 'stopped' } },
    ]);
    expect(await world.get(key)).not.toHaveProperty('dueAt');
  });

  test('tells the lanes, and is done when the last of them has ended', async () => {
    const key = await world.mailbox(migration, { status: 'syncing', pass: copying });
    const leases = [await world.lane(key), await world.lane(key), await world.lane(key, { lanes: 'plan' })];
    expect(await stopMailboxes(world.services, [key])).toMatchObject([
      { ok: true, record: { status: 'stopping' } },
    ]);
    expect((await world.get(key)).dueAt).toBe(world.now + 60_000);
    for (const [index, lease] of leases.entries()) {
      expect(await isToldToStop(world, lease)).toBe(true);
      await release(world, lease);
      const record = await workEnded(world.services, key);
      expect(record?.status).toBe(index === leases.length - 1 ? 'stopped' : 'stopping');
    }
    expect(await world.get(key)).toMatchObject({ status: 'stopped', pass: copying });
    expect(await world.get(key)).not.toHaveProperty('dueAt');
  });

  test('does not wait for lanes that have lapsed or belong to a dead process', async () => {
    const key = await world.mailbox(migration, { status: 'syncing', pass: copying });
    await world.lane(key, { ownerEpoch: 'the process before' });
    world.now -= LEASE_MS + 1;
    await world.lane(key);
    world.now += LEASE_MS + 1;
    expect(await stopMailboxes(world.services, [key])).toMatchObject([{ record: { status: 'stopped' } }]);
  });

  test('drops a synchronisation that was asked for before', async () => {
    const key = await world.mailbox(migration, { status: 'syncing', requestedPass: true });
    await stopMailboxes(world.services, [key]);
    expect(await world.get(key)).not.toHaveProperty('requestedPass');
  });

  test('and start at the same moment, many times, leave a status that leads on', async () => {
    const key = await world.mailbox(migration, { status: 'syncing', pass: copying });
    const lease = await world.lane(key);
    await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        index % 2 === 0 ? stopMailboxes(world.services, [key]) : startMailboxes(world.services, [key]),
      ),
    );
    await release(world, lease);
    await workEnded(world.services, key);
    const { status, dueAt } = await world.get(key);
    // Nobody is left to move it: it rests, or the timer has it.
    expect(status === 'stopped' || dueAt !== undefined).toBe(true);
    expect(['stopped', 'starting']).toContain(status);
  });
});

describe('sync now', () => {
  test('of a mailbox at rest asks for a pass and wakes the planner', async () => {
    const key = await world.mailbox(migration, { status: 'synced', dueAt: world.now + 900_000 });
    await syncNow(world.services, [key]);
    expect(await world.get(key)).toMatchObject({
      requestedPass: true,
      dueAt: world.now,
      pass: { trigger: 'request' },
    });
    expect(world.sent().passes).toEqual([{ v: 1, ...key, reason: 'request' }]);
  });

  test.each([
    ['while a pass runs', { status: 'syncing', pass: copying }],
    ['while throttled', { status: 'throttled', throttledUntil: Date.UTC(2027, 0, 1) }],
  ] as const)('%s asks for another pass and wakes nobody', async (_when, fields) => {
    const key = await world.mailbox(migration, { ...fields, dueAt: world.now + 777 });
    await syncNow(world.services, [key]);
    expect(await world.get(key)).toMatchObject({ requestedPass: true, dueAt: world.now + 777 });
    expect(world.sent().passes).toEqual([]);
  });
});

describe('a whole migration', () => {
  test('is started in steps that end with the time or the number allowed, each mailbox once', async () => {
    const keys = await Promise.all(Array.from({ length: 25 }, () => world.mailbox(migration)));
    let cursor: string | undefined;
    let steps = 0;
    do {
      const options = { mailboxes: 10, ...(cursor === undefined ? {} : { cursor }) };
      const step = await actOnMigration(world.services, migration, 'start', options);
      expect(step.accepted + step.skipped).toBeLessThanOrEqual(10);
      cursor = step.nextCursor;
      steps += 1;
    } while (cursor !== undefined);
    expect(steps).toBe(3);
    expect(
      world
        .sent()
        .passes.map(({ mailboxId }) => mailboxId)
        .toSorted((a, b) => a.localeCompare(b)),
    ).toEqual(keys.map(({ mailboxId }) => mailboxId).toSorted((a, b) => a.localeCompare(b)));
  });

  test('is stopped in steps that end with their time', async () => {
    await Promise.all(Array.from({ length: 120 }, () => world.mailbox(migration, { status: 'synced' })));
    world.tick = 1000;
    const first = await actOnMigration(world.services, migration, 'stop', { budgetMs: 10 });
    expect(first).toMatchObject({ accepted: 100, nextCursor: expect.any(String) });
    const rest = await actOnMigration(world.services, migration, 'stop', {
      budgetMs: 10,
      cursor: first.nextCursor ?? '',
    });
    expect(rest).toEqual({ accepted: 20, skipped: 0 });
  });

  test('passes over mailboxes for which there is nothing to do', async () => {
    await world.mailbox(migration, { status: 'synced' });
    await world.mailbox(migration, { status: 'failed' });
    await world.mailbox(migration, { status: 'stopping' });
    expect(await actOnMigration(world.services, migration, 'start')).toEqual({ accepted: 1, skipped: 2 });
  });
});
