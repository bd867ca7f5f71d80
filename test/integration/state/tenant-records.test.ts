import { ulid } from 'ulid';
import type { ConnectionRecord } from '../../../shared/state/connection-repository.ts';
import type { State } from '../../../shared/state/create-state.ts';
import type { DestinationRecord } from '../../../shared/state/destination-repository.ts';
import { CursorInvalidError, StaleWriteError } from '../../../shared/state/errors.ts';
import type { MigrationRecord } from '../../../shared/state/migration-repository.ts';
import type { UserRecord } from '../../../shared/state/user-repository.ts';
import { loseFirstAnswer } from '../../support/cut-clients.ts';
import { startTestCloud, type TestCloud } from '../../support/test-cloud.ts';

let cloud: TestCloud;
let state: State;
let tenant: string;

beforeAll(async () => {
  cloud = await startTestCloud();
  state = cloud.state();
});
afterAll(() => cloud.close());
beforeEach(() => {
  tenant = cloud.tenant();
});

const user = (fields: Partial<UserRecord> = {}): UserRecord => ({
  tenant,
  email: 'Ann@New.example',
  sourceEmail: 'ann@old.example',
  createdAt: 1,
  ...fields,
});
const destination = (fields: Partial<DestinationRecord> = {}): DestinationRecord => ({
  tenant,
  endpoint: { host: 'imap.new.example', port: 993, security: 'tls' },
  signIn: { kind: 'user-password' },
  updatedAt: 1,
  version: 0,
  ...fields,
});
const connection = (fields: Partial<ConnectionRecord> = {}): ConnectionRecord => ({
  tenant,
  connectionId: ulid(),
  provider: 'other',
  endpoint: { host: 'imap.old.example', port: 143, security: 'starttls', ca: 'PEM' },
  signIn: { kind: 'user-password' },
  status: 'verified',
  verifiedAt: 1,
  createdAt: 1,
  version: 0,
  ...fields,
});
const migration = (fields: Partial<MigrationRecord> = {}): MigrationRecord => ({
  tenant,
  migrationId: ulid(),
  connectionId: ulid(),
  status: 'active',
  mailboxCount: 3,
  createdAt: 1,
  options: { resyncSeconds: 60, nested: { folders: ['a', 'b'] } },
  version: 0,
  ...fields,
});

describe('a user', () => {
  test('is one whatever the case of the address, which is kept as given', async () => {
    expect(await state.users.create(user())).toBe(true);
    expect(await state.users.create(user({ email: 'ann@new.EXAMPLE' }))).toBe(false);
    expect(await state.users.get(tenant, 'ANN@NEW.EXAMPLE')).toEqual(user());
  });

  test('is replaced by a put and gone after a removal', async () => {
    await state.users.put(user({ displayName: 'Ann' }));
    await state.users.put(user());
    expect(await state.users.get(tenant, 'ann@new.example')).toEqual(user());
    await state.users.remove(tenant, 'ANN@new.example');
    expect(await state.users.get(tenant, 'ann@new.example')).toBeUndefined();
  });

  test('of a tenant with # in its name is not that of another tenant', async () => {
    await state.users.put(user({ tenant: `${tenant}#USERS` }));
    expect((await state.users.list(tenant, { limit: 10 })).items).toEqual([]);
    expect((await state.users.list(`${tenant}#USERS`, { limit: 10 })).items).toHaveLength(1);
  });

  test('may come twice in one import; the last counts', async () => {
    await state.users.putAll([user(), user({ email: 'bo@new.example' }), user({ email: 'ANN@new.example' })]);
    expect((await state.users.list(tenant, { limit: 10 })).items.map(({ email }) => email)).toEqual([
      'ANN@new.example',
      'bo@new.example',
    ]);
  });

  test('is listed on exactly one page', async () => {
    const emails = Array.from(
      { length: 23 },
      (_unused, index) => `u${String(index).padStart(2, '0')}@new.example`,
    );
    await state.users.putAll(emails.map((email) => user({ email })));
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await state.users.list(tenant, { limit: 5, cursor });
      seen.push(...page.items.map(({ email }) => email));
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(emails);
  });

  test('is never listed by the cursor of another tenant', async () => {
    const other = cloud.tenant();
    await state.users.putAll(['a@x.example', 'b@x.example'].map((email) => user({ tenant: other, email })));
    const { cursor } = await state.users.list(other, { limit: 1 });
    expect(cursor).toBeDefined();
    await expect(state.users.list(tenant, { limit: 1, cursor })).rejects.toThrow(CursorInvalidError);
    await expect(state.connections.list(other, { limit: 1, cursor })).rejects.toThrow(CursorInvalidError);
  });
});

describe('a versioned record', () => {
  test('is read back as it was written', async () => {
    const signIn = { kind: 'administrator', user: 'admin', form: 'master-user', secret: true } as const;
    const stored = await state.destinations.put(destination({ signIn, verifiedAt: 4 }));
    expect(stored).toEqual(destination({ signIn, verifiedAt: 4, version: 1 }));
    expect(await state.destinations.get(tenant)).toEqual(stored);
    const made = await state.connections.put(connection({ closedAt: 8, status: 'closed' }));
    expect(await state.connections.get(tenant, made.connectionId)).toEqual(made);
    const planned = await state.migrations.put(migration({ name: 'Spring' }));
    expect(await state.migrations.get(tenant, planned.migrationId)).toEqual(planned);
    expect(await state.migrations.get(cloud.tenant(), planned.migrationId)).toBeUndefined();
  });

  test('is written by one of two that read the same version', async () => {
    const first = await state.destinations.put(destination());
    await state.destinations.put({ ...first, updatedAt: 2 });
    await expect(state.destinations.put({ ...first, updatedAt: 3 })).rejects.toThrow(StaleWriteError);
    await expect(state.destinations.put(destination())).rejects.toThrow(StaleWriteError);
    expect(await state.destinations.get(tenant)).toMatchObject({ updatedAt: 2, version: 2 });
  });

  test('that is gone is not brought back by who still has an old version', async () => {
    const first = await state.connections.put(connection());
    await state.connections.remove(tenant, first.connectionId);
    await expect(state.connections.put(first)).rejects.toThrow(StaleWriteError);
  });

  test('that was sent twice because an answer was lost is not taken for stale', async () => {
    const clients = cloud.clients();
    const { lost } = loseFirstAnswer(clients, 'PutItem');
    const stored = await cloud.state({ clients }).migrations.put(migration());
    expect(lost()).toBe(true);
    expect(await state.migrations.get(tenant, stored.migrationId)).toEqual(stored);
  });

  test('is listed with the newest first', async () => {
    const ids = ['01A', '01B', '01C'];
    for (const migrationId of ids) await state.migrations.put(migration({ migrationId }));
    for (const connectionId of ids) await state.connections.put(connection({ connectionId }));
    const first = await state.migrations.list(tenant, { limit: 2 });
    const second = await state.migrations.list(tenant, { limit: 2, cursor: first.cursor });
    expect([...first.items, ...second.items].map(({ migrationId }) => migrationId)).toEqual([
      '01C',
      '01B',
      '01A',
    ]);
    expect((await state.connections.list(tenant, { limit: 1 })).items[0]?.connectionId).toBe('01C');
  });
});
