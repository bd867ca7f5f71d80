import { createApp } from '../../../shared/api/create-app.ts';
import { createQueues } from '../../../shared/queue/queues.ts';
import { type ApiReply, apiClient, itemsOf, textOf } from '../../support/api-client.ts';
import {
  ANN,
  type ApiTenant,
  type ApiWorld,
  BEN,
  mailboxInput,
  PASSWORD,
  startApiWorld,
  succeed,
} from '../../support/api-world.ts';
import { cutAfter } from '../../support/cut-clients.ts';

let world: ApiWorld;
let tenant: ApiTenant;

beforeAll(async () => {
  world = await startApiWorld();
});

beforeEach(async () => {
  tenant = await world.tenant();
});

afterAll(() => world.close());

function addUser(key: string, email: string): Promise<ApiReply> {
  return tenant.api('POST', '/v1/users', { email }, { headers: { 'idempotency-key': key } });
}

describe('an Idempotency-Key', () => {
  test('brings the same answer back and does nothing twice', async () => {
    const first = await addUser('key-1', 'cleo@example.org');
    const again = await addUser('key-1', 'cleo@example.org');
    expect(first).toMatchObject({ status: 201 });
    expect(first.headers).not.toHaveProperty('idempotency-replayed');
    expect(again).toMatchObject({
      status: 201,
      body: first.body,
      headers: { 'idempotency-replayed': 'true', location: first.headers['location'] },
    });
    // Without the key it is another request.
    expect((await tenant.api('POST', '/v1/users', { email: 'cleo@example.org' })).status).toBe(409);
  });

  test('of another request is refused', async () => {
    await succeed(addUser('key-2', 'cleo@example.org'));
    expect(await addUser('key-2', 'dora@example.org')).toMatchObject({
      status: 422,
      body: { code: 'idempotency-key-reused' },
    });
    const elsewhere = await tenant.api(
      'POST',
      '/v1/migrations',
      { connectionId: tenant.connectionId },
      {
        headers: { 'idempotency-key': 'key-2' },
      },
    );
    expect(elsewhere).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
  });

  test('of another tenant is no matter', async () => {
    const other = await world.tenant();
    await succeed(addUser('key-3', 'cleo@example.org'));
    const foreign = await other.api(
      'POST',
      '/v1/users',
      { email: 'eve@example.org' },
      { headers: { 'idempotency-key': 'key-3' } },
    );
    expect(foreign).toMatchObject({ status: 201, body: { email: 'eve@example.org' } });
  });

  test('sent many times at once is served once; the others are told so or get the same answer', async () => {
    const body = { connectionId: tenant.connectionId, mailboxes: [mailboxInput(ANN)] };
    const replies = await Promise.all(
      Array.from({ length: 8 }, () =>
        tenant.api('POST', '/v1/migrations', body, { headers: { 'idempotency-key': 'key-4' } }),
      ),
    );
    const made = replies.filter(({ status }) => status === 201);
    const told = replies.filter(({ status }) => status !== 201);
    expect(made.length).toBeGreaterThanOrEqual(1);
    expect(new Set(made.map((reply) => textOf(reply, 'migration', 'migrationId'))).size).toBe(1);
    for (const reply of told) {
      expect(reply).toMatchObject({
        status: 409,
        headers: { 'retry-after': '1' },
        body: { code: 'request-in-progress' },
      });
    }
    expect(itemsOf(await tenant.api('GET', '/v1/migrations'))).toHaveLength(1);
  });

  test('of a request that was refused can be used again', async () => {
    const create = () =>
      tenant.api(
        'POST',
        '/v1/migrations',
        { connectionId: tenant.connectionId, mailboxes: [mailboxInput('cleo@example.org')] },
        {
          headers: { 'idempotency-key': 'key-5' },
        },
      );
    expect(await create()).toMatchObject({ status: 422, body: { code: 'users-unknown' } });
    await succeed(tenant.api('POST', '/v1/users', { email: 'cleo@example.org' }));
    expect(await create()).toMatchObject({ status: 201, body: { added: 1 } });
  });

  test('keeps nothing of the passwords of its request', async () => {
    await succeed(
      tenant.api(
        'POST',
        '/v1/migrations',
        { connectionId: tenant.connectionId, mailboxes: [mailboxInput(ANN)] },
        {
          headers: { 'idempotency-key': 'key-6' },
        },
      ),
    );
    const kept = await world.services.state.idempotency.get(tenant.tenant, 'key-6');
    expect(kept).toMatchObject({ response: { status: 201 } });
    expect(JSON.stringify(kept)).not.toContain(PASSWORD);
  });

  test.each(['', 'x'.repeat(129), 'with blank', 'ünicode'])('%j is refused', async (key) => {
    expect(await addUser(key, 'cleo@example.org')).toMatchObject({
      status: 400,
      body: { code: 'idempotency-key-invalid' },
    });
  });
});

/** The API in a process that dies at its n-th request. */
function dyingApi(passes: number, lost: 'request' | 'answer') {
  const clients = world.cloud.clients();
  const { passesQueueUrl: passesUrl, chunksQueueUrl: chunksUrl } = world.services.environment;
  const app = createApp({
    ...world.services,
    state: world.cloud.state({ clients }),
    vault: world.cloud.vault({ clients }),
    queues: createQueues(clients.sqs, {
      passesUrl,
      chunksUrl,
      pacing: { random: () => 0, delay: async () => undefined },
    }),
  });
  return { api: apiClient(app, { tenant: tenant.tenant }), cut: cutAfter(clients, passes, lost) };
}

/** What the minute does after which a request counts as died: the key is free for the same request. */
async function freeKey(key: string): Promise<void> {
  const { state } = world.services;
  const record = await state.idempotency.get(tenant.tenant, key);
  if (record === undefined) return;
  const later = { now: () => record.createdAt + 61_000, monotonic: () => 0 };
  const start = await world.cloud
    .state({ clock: later })
    .idempotency.begin(tenant.tenant, key, record.requestHash);
  if (start.kind === 'begun') await state.idempotency.abandon(tenant.tenant, key, start.token);
}

describe('a migration whose creation is cut off at any request to the services', () => {
  const KEY = 'the-only-key';

  test.each(['request', 'answer'] as const)(
    'is completed by the same request made again (lost: the %s)',
    async (lost) => {
      const emails = [ANN, BEN];
      let cuts = 0;
      for (let passes = 0; ; passes += 1) {
        const key = `${KEY}-${lost}-${passes}`;
        const name = `wave ${lost} ${passes}`;
        const body = {
          connectionId: tenant.connectionId,
          name,
          mailboxes: emails.map(mailboxInput),
          start: true,
        };
        const request = ['POST', '/v1/migrations', body, { headers: { 'idempotency-key': key } }] as const;
        const { api, cut } = dyingApi(passes, lost);
        await api(...request);
        if (!cut.happened()) break;
        cuts += 1;
        await freeKey(key);

        const again = await succeed(tenant.api(...request));
        const migrationId = textOf(again, 'migration', 'migrationId');
        expect(again).toMatchObject({ status: 201, body: { migration: { mailboxCount: 2 } } });
        const all = await tenant.api('GET', '/v1/migrations?limit=200');
        expect(itemsOf(all).filter((item) => Object(item).name === name)).toMatchObject([{ migrationId }]);
        const { items } = await world.services.state.mailboxes.list(tenant.tenant, migrationId, {
          limit: 10,
        });
        expect(
          items
            .map(({ destinationUser, status }) => `${destinationUser} ${status}`)
            .toSorted((a, b) => a.localeCompare(b)),
        ).toEqual([`${ANN} starting`, `${BEN} starting`]);
        for (const { mailboxId, credentialShard } of items) {
          expect(
            await world.services.vault.getMailbox(tenant.tenant, credentialShard, mailboxId),
          ).toBeDefined();
        }
      }
      expect(cuts).toBeGreaterThan(12);
    },
  );

  test('can be ended without its key: no credential is left', async () => {
    for (let passes = 0; ; passes += 2) {
      const fresh = await world.tenant();
      tenant = fresh;
      const { api, cut } = dyingApi(passes, 'answer');
      await api('POST', '/v1/migrations', {
        connectionId: fresh.connectionId,
        mailboxes: [mailboxInput(ANN)],
      });
      if (!cut.happened()) break;
      expect(await succeed(fresh.api('POST', `/v1/connections/${fresh.connectionId}/close`))).toMatchObject({
        status: 200,
        body: { status: 'closed' },
      });
      for (const item of itemsOf(await fresh.api('GET', '/v1/migrations'))) {
        const migrationId: string = Object(item).migrationId;
        const shards = await world.services.state.secretPointers.listShards(fresh.tenant, migrationId);
        const { items } = await world.services.state.mailboxes.list(fresh.tenant, migrationId, { limit: 10 });
        expect(items.every(({ status }) => status === 'closed')).toBe(true);
        expect(shards.filter(({ current, sealed }) => !sealed || current !== undefined)).toEqual([]);
      }
    }
  });
});
