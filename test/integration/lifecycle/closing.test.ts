import { addMailboxes } from '../../../shared/lifecycle/add-mailboxes.ts';
import { closeConnection } from '../../../shared/lifecycle/close-connection.ts';
import { closeMigration } from '../../../shared/lifecycle/close-migration.ts';
import { wakeDue } from '../../../shared/lifecycle/wake-due.ts';
import { workEnded } from '../../../shared/lifecycle/work-ended.ts';
import type { MailboxKey } from '../../../shared/state/keys.ts';
import type { MigrationRecord } from '../../../shared/state/migration-repository.ts';
import { type LifecycleWorld, release, startLifecycleWorld } from '../../support/lifecycle-world.ts';

let world: LifecycleWorld;
let migration: MigrationRecord;

beforeAll(async () => {
  world = await startLifecycleWorld();
});

beforeEach(async () => {
  migration = await world.migration(world.tenant());
});

afterEach(() => world.letRest());

afterAll(() => world.close());

async function hasPassword(key: MailboxKey): Promise<boolean> {
  const { credentialShard } = await world.get(key);
  return (await world.services.vault.getMailbox(key.tenant, credentialShard, key.mailboxId)) !== undefined;
}

function statusNow(): Promise<string | undefined> {
  return world.services.state.migrations
    .get(migration.tenant, migration.migrationId)
    .then((found) => found?.status);
}

describe('closing a migration', () => {
  test('stops what runs, then destroys the credentials, then closes the mailboxes', async () => {
    const running = await world.mailbox(migration, { status: 'syncing' });
    const resting = await world.mailbox(migration, { status: 'synced', dueAt: world.now + 1 });
    const failed = await world.mailbox(migration, { status: 'failed' });
    for (const key of [running, resting, failed]) await world.givePassword(key);
    const lease = await world.lane(running);

    expect(await closeMigration(world.services, migration)).toMatchObject({ status: 'closing' });
    expect(await world.get(running)).toMatchObject({ status: 'stopping' });
    expect(await world.get(resting)).toMatchObject({ status: 'stopped' });
    expect(await hasPassword(running)).toBe(true);

    // The worker that ends last carries it on.
    await release(world, lease);
    expect(await workEnded(world.services, running)).toMatchObject({ status: 'closed' });
    for (const key of [running, resting, failed]) {
      expect(await world.get(key)).toMatchObject({ status: 'closed' });
      expect(await world.get(key)).not.toHaveProperty('dueAt');
      expect(await hasPassword(key)).toBe(false);
    }
    expect(await closeMigration(world.services, migration)).toMatchObject({
      status: 'closed',
      closedAt: world.now,
    });
  });

  test('that runs out of time is carried on by the timer', async () => {
    const keys = await Promise.all(
      Array.from({ length: 5 }, (_, index) =>
        world.mailbox(migration, { status: index % 2 === 0 ? 'synced' : 'stopped' }),
      ),
    );
    expect(await closeMigration(world.services, migration, { budgetMs: -1 })).toMatchObject({
      status: 'closing',
    });
    expect(await statusNow()).toBe('closing');

    let ticks = 0;
    while ((await statusNow()) === 'closing') {
      await wakeDue(world.services, { now: world.now });
      ticks += 1;
      expect(ticks).toBeLessThan(5);
    }
    for (const key of keys) expect(await world.get(key)).toMatchObject({ status: 'closed' });
    // And nothing is left for the timer.
    expect(await wakeDue(world.services, { now: world.now + 3_600_000 })).toMatchObject({ seen: 0 });
  });

  test('whose worker died is carried on by the timer when the lease has lapsed', async () => {
    const key = await world.mailbox(migration, { status: 'syncing' });
    await world.givePassword(key);
    await world.lane(key);
    await closeMigration(world.services, migration);
    await wakeDue(world.services, { now: (world.now += 61_000) });
    expect(await world.get(key)).toMatchObject({ status: 'closed' });
    expect(await statusNow()).toBe('closed');
    expect(await hasPassword(key)).toBe(false);
  });

  test('shows nothing as closed while a credential may exist', async () => {
    const { services } = world;
    const key = await world.mailbox(migration, { status: 'synced' });
    await world.givePassword(key);
    const vault: typeof services.vault = {
      ...services.vault,
      destroyMigration: () => Promise.reject(new Error('the vault is away')),
    };
    await expect(closeMigration({ ...services, vault }, migration)).rejects.toThrow('the vault is away');
    expect(await world.get(key)).toMatchObject({ status: 'stopped' });
    expect(await statusNow()).toBe('closing');
    expect(await closeMigration(services, migration)).toMatchObject({ status: 'closed' });
  });

  test('leaves no credential of a mailbox that was being added at that moment', async () => {
    const { services } = world;
    const user = {
      email: 'ann@new.example',
      sourceUser: 'ann',
      credential: { source: { kind: 'password', password: 'x' } },
    } as const;
    const vault: typeof services.vault = {
      ...services.vault,
      putMailboxes: async (...input) => {
        // The other request comes first, between our look at the migration and our write.
        await closeMigration(services, migration);
        return services.vault.putMailboxes(...input);
      },
    };
    const adding = addMailboxes({ ...services, vault }, migration, [user], { laneLimit: 1 });
    await expect(adding).rejects.toMatchObject({ code: 'MigrationClosed' });
    const shards = await services.state.secretPointers.listShards(migration.tenant, migration.migrationId);
    expect(shards.filter(({ sealed, current }) => !sealed || current !== undefined)).toEqual([]);
    const { items } = await services.state.mailboxes.list(migration.tenant, migration.migrationId, {
      limit: 10,
    });
    expect(items.filter(({ status }) => status !== 'closed')).toEqual([]);
  });
});

describe('closing a connection', () => {
  test('closes all of its migrations, and itself with the last of them', async () => {
    const key = await world.mailbox(migration, { status: 'syncing' });
    const lease = await world.lane(key);
    const { tenant, connectionId } = migration;
    expect(await closeConnection(world.services, { tenant, connectionId })).toMatchObject({
      status: 'closing',
    });
    await release(world, lease);
    await workEnded(world.services, key);
    expect(await world.services.state.connections.get(tenant, connectionId)).toMatchObject({
      status: 'closed',
    });
    expect(await closeConnection(world.services, { tenant, connectionId: 'none' })).toBeUndefined();
  });
});
