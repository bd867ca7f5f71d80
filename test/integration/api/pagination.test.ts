import { type ApiClient, itemsOf, textOf } from '../../support/api-client.ts';
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
let lists: Record<string, { path: string; id: string; expected: number }>;

beforeAll(async () => {
  world = await startApiWorld();
  tenant = await world.tenant();
  const { api, connectionId } = tenant;
  const emails = Array.from({ length: 7 }, (_, index) => `user${index}@example.org`);
  await succeed(api('POST', '/v1/users/import', { csv: ['EmailAddress', ...emails].join('\n') }));
  const made = await succeed(
    api('POST', '/v1/migrations', { connectionId, mailboxes: emails.map(mailboxInput) }),
  );
  const migrationId = textOf(made, 'migration', 'migrationId');
  for (let count = 0; count < 4; count += 1) await succeed(api('POST', '/v1/migrations', { connectionId }));
  const { items } = await world.services.state.mailboxes.list(tenant.tenant, migrationId, { limit: 1 });
  const mailboxId = items[0]?.mailboxId ?? '';
  const { state } = world.services;
  const key = { tenant: tenant.tenant, mailboxId };
  const counts = {
    listed: 0,
    pending: 0,
    copied: 0,
    adopted: 0,
    skipped: 0,
    underOtherLabel: 0,
    failed: 0,
    bytes: 0,
  };
  await state.folders.putAll(
    key,
    Array.from({ length: 6 }, (_, index) => ({
      folderId: `f${index}`,
      sourcePath: `F${index}`,
      sourceDelimiter: '/',
      destinationPath: `F${index}`,
      rank: index % 2,
      order: 1,
      epoch: 0,
      pages: 0,
      counts,
      touchedInPass: 1,
    })),
  );
  await state.items.put(
    key,
    Array.from({ length: 9 }, (_, index) => ({
      folderId: 'f1',
      folderPath: 'F1',
      uid: index + 1,
      state: 'skipped' as const,
      reason: 'refused' as const,
      attempts: 1,
      at: index,
    })),
  );
  for (let at = 0; at < 5; at += 1) await state.events.add(key, { at, type: 'note', text: `${at}` });
  lists = {
    users: { path: '/v1/users', id: 'email', expected: 9 },
    connections: { path: '/v1/connections', id: 'connectionId', expected: 1 },
    migrations: { path: '/v1/migrations', id: 'migrationId', expected: 5 },
    mailboxes: { path: `/v1/migrations/${migrationId}/mailboxes`, id: 'mailboxId', expected: 7 },
    'mailboxes by status': {
      path: `/v1/migrations/${migrationId}/mailboxes?status=stopped`,
      id: 'mailboxId',
      expected: 7,
    },
    folders: { path: `/v1/mailboxes/${mailboxId}/folders`, id: 'folderId', expected: 6 },
    items: { path: `/v1/mailboxes/${mailboxId}/items`, id: 'uid', expected: 9 },
    events: { path: `/v1/mailboxes/${mailboxId}/events`, id: 'text', expected: 5 },
  };
});

afterAll(() => world.close());

const NAMES = [
  'users',
  'connections',
  'migrations',
  'mailboxes',
  'mailboxes by status',
  'folders',
  'items',
  'events',
];

function pageOf(api: ApiClient, path: string, limit: number, cursor?: string) {
  const mark = path.includes('?') ? '&' : '?';
  const more = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
  return api('GET', `${path}${mark}limit=${limit}${more}`);
}

async function walk(path: string, id: string, limit: number): Promise<unknown[]> {
  const seen: unknown[] = [];
  let cursor: string | undefined;
  do {
    const page = await succeed(pageOf(tenant.api, path, limit, cursor));
    expect(itemsOf(page).length).toBeLessThanOrEqual(limit);
    for (const item of itemsOf(page)) seen.push(Object.getOwnPropertyDescriptor(item, id)?.value);
    const next: unknown = Object.getOwnPropertyDescriptor(page.body, 'nextCursor')?.value;
    cursor = typeof next === 'string' ? next : undefined;
  } while (cursor !== undefined);
  return seen;
}

describe.each(NAMES)('the list of %s', (name) => {
  test.each([1, 2, 3, 200])('is walked whole and once in pages of %d', async (limit) => {
    const { path, id, expected } = lists[name] ?? { path: '', id: '', expected: -1 };
    const seen = await walk(path, id, limit);
    expect(seen).toHaveLength(expected);
    expect(new Set(seen).size).toBe(expected);
    expect(seen).toEqual(await walk(path, id, 200));
  });

  test('refuses a cursor of another list, and one that is none', async () => {
    const { path } = lists[name] ?? { path: '' };
    const other = name === 'users' ? '/v1/migrations' : '/v1/users';
    const foreign = textOf(await succeed(pageOf(tenant.api, other, 1)), 'nextCursor');
    for (const cursor of [foreign, 'x', 'eyJ9']) {
      expect(await pageOf(tenant.api, path, 1, cursor)).toMatchObject({
        status: 400,
        body: { code: 'cursor-invalid' },
      });
    }
  });

  test.each(['0', '201', '-1', '1.5', 'ten', ''])('refuses the limit %j', async (limit) => {
    const { path } = lists[name] ?? { path: '' };
    const mark = path.includes('?') ? '&' : '?';
    expect(await tenant.api('GET', `${path}${mark}limit=${limit}`)).toMatchObject({
      status: 422,
      body: { errors: [{ in: 'query', pointer: '#/limit' }] },
    });
  });
});

test('a cursor of one tenant is refused for another', async () => {
  const other = await world.tenant();
  await succeed(other.api('POST', '/v1/users', { email: 'third@example.org' }));
  const cursor = textOf(await succeed(pageOf(tenant.api, '/v1/users', 1)), 'nextCursor');
  expect(await pageOf(other.api, '/v1/users', 1, cursor)).toMatchObject({
    status: 400,
    body: { code: 'cursor-invalid' },
  });
  expect(itemsOf(await pageOf(other.api, '/v1/users', 1))).toMatchObject([{ email: ANN }]);
});
