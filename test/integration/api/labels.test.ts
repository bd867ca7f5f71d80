import { type ApiReply, textOf } from '../../support/api-client.ts';
import {
  ANN,
  type ApiTenant,
  type ApiWorld,
  mailboxInput,
  startApiWorld,
  succeed,
} from '../../support/api-world.ts';

let world: ApiWorld;
let tenant: ApiTenant;

beforeAll(async () => {
  world = await startApiWorld();
  tenant = await world.tenant();
});

afterAll(() => world.close());

function create(more: object = {}): Promise<ApiReply> {
  const { connectionId } = tenant;
  return tenant.api('POST', '/v1/migrations', { connectionId, mailboxes: [mailboxInput(ANN)], ...more });
}

const EACH = { copies: 'each-label', important: true, chats: false };

describe('what becomes of labels', () => {
  test('is stored with the migration, shown, and can be changed', async () => {
    const made = await create({ labels: EACH });
    expect(made).toMatchObject({ status: 201, body: { migration: { labels: EACH } } });
    const migrationId = textOf(made, 'migration', 'migrationId');
    const path = `/v1/migrations/${migrationId}`;
    expect(await tenant.api('PUT', `${path}/labels`, { chats: true })).toMatchObject({
      status: 200,
      body: { migrationId, labels: { copies: 'one-folder', important: false, chats: true } },
    });
    const stored = await world.services.state.migrations.get(tenant.tenant, migrationId);
    expect(stored?.labels).toEqual({ copies: 'one-folder', important: false, chats: true });
    expect((await succeed(tenant.api('GET', path))).body).toMatchObject({ labels: { chats: true } });
  });

  test('need not be said', async () => {
    const made = await succeed(create());
    expect(made.body).not.toHaveProperty('migration.labels');
  });

  test.each<[object, string]>([
    [{ copies: 'two' }, '#/labels/copies'],
    [{ important: 'yes' }, '#/labels/important'],
    [{ starred: true }, '#/labels'],
  ])('%j is refused, and the place named', async (labels, pointer) => {
    expect(await create({ labels })).toMatchObject({
      status: 422,
      body: { code: 'request-invalid', errors: [{ in: 'body', pointer }] },
    });
  });

  test('of a migration that is closed stays as it is', async () => {
    const other = await world.tenant();
    const { connectionId } = other;
    const made = await succeed(other.api('POST', '/v1/migrations', { connectionId, labels: EACH }));
    const migrationId = textOf(made, 'migration', 'migrationId');
    await succeed(other.api('POST', `/v1/connections/${connectionId}/close`));
    expect(await other.api('PUT', `/v1/migrations/${migrationId}/labels`, {})).toMatchObject({
      status: 409,
      body: { code: 'migration-closed' },
    });
  });
});
