import { startMailboxes } from '../../../shared/lifecycle/start-mailboxes.ts';
import { itemsOf, textOf } from '../../support/api-client.ts';
import { ANN, type ApiWorld, mailboxInput, startApiWorld, succeed } from '../../support/api-world.ts';

let world: ApiWorld;

beforeAll(async () => {
  world = await startApiWorld();
});

afterAll(() => world.close());

describe('the budget of a host', () => {
  test('is that of its provider until the tenant sets it, and again when it takes that back', async () => {
    const api = world.client({ tenant: world.cloud.tenant() });
    const path = '/v1/budgets/imap.gmail.com';
    const known = { host: 'imap.gmail.com', provider: 'gmail', budget: { connections: 8 }, tuned: {} };
    expect((await api('GET', path)).body).toMatchObject(known);

    const tuning = { connections: 3, dailyBytesDown: 1_000_000 };
    const expected = { ...known, budget: { ...tuning, dailyBytesUp: 500_000_000 }, tuned: tuning };
    expect(await api('PUT', path, tuning)).toMatchObject({ status: 200, body: expected });
    expect((await api('GET', '/v1/budgets/IMAP.Gmail.COM')).body).toMatchObject(expected);
    expect(itemsOf(await api('GET', '/v1/budgets'))).toMatchObject([expected]);

    // What is set replaces what was set.
    expect((await api('PUT', path, { messagesPerSecond: 2.5 })).body).toMatchObject({
      budget: { connections: 8, messagesPerSecond: 2.5 },
      tuned: { messagesPerSecond: 2.5 },
    });
    expect((await api('PUT', path, {})).body).toMatchObject(known);
    expect(itemsOf(await api('GET', '/v1/budgets'))).toEqual([]);
  });

  test('is of one tenant alone', async () => {
    const owner = world.client({ tenant: world.cloud.tenant() });
    const stranger = world.client({ tenant: world.cloud.tenant() });
    await succeed(owner('PUT', '/v1/budgets/mail.example.org', { connections: 1 }));
    expect((await stranger('GET', '/v1/budgets/mail.example.org')).body).toMatchObject({ tuned: {} });
    expect(itemsOf(await stranger('GET', '/v1/budgets'))).toEqual([]);
  });

  test.each([
    [{ connections: 0 }, '#/connections'],
    [{ connections: 21 }, '#/connections'],
    [{ connections: 1.5 }, '#/connections'],
    [{ messagesPerSecond: 0 }, '#/messagesPerSecond'],
    [{ dailyBytesUp: -1 }, '#/dailyBytesUp'],
    [{ connectionsPerHost: '5' }, '#/connectionsPerHost'],
    [{ speed: 1 }, '#'],
  ])('is not taken as %j', async (body, pointer) => {
    const api = world.client({ tenant: world.cloud.tenant() });
    expect(await api('PUT', '/v1/budgets/mail.example.org', body)).toMatchObject({
      status: 422,
      body: { code: 'request-invalid', errors: [{ pointer }] },
    });
  });

  test('bounds the lanes of mailboxes on both sides, from their next start', async () => {
    const { tenant, api, connectionId } = await world.tenant();
    const lanes = async (): Promise<number | undefined> =>
      (await world.services.state.mailboxes.get(tenant, mailboxId))?.laneLimit;
    const made = await succeed(
      api('POST', '/v1/migrations', { connectionId, mailboxes: [mailboxInput(ANN)] }),
    );
    const migrationId = textOf(made, 'migration', 'migrationId');
    const { items } = await world.services.state.mailboxes.list(tenant, migrationId, { limit: 1 });
    const mailboxId = items[0]?.mailboxId ?? '';
    expect(await lanes()).toBe(4);

    // The destination is the same Dovecot: named as such it bears one more than a server that nobody knows.
    const { services } = world;
    const destination = await services.state.destinations.get(tenant);
    if (destination === undefined) throw new Error('the tenant has no destination');
    await services.state.destinations.put({
      ...destination,
      endpoint: { ...destination.endpoint, host: 'localhost' },
    });
    await succeed(api('PUT', '/v1/budgets/localhost', { connections: 2 }));
    await succeed(api('PUT', '/v1/budgets/127.0.0.1', { connections: 9 }));
    expect(await lanes()).toBe(4);
    await startMailboxes(services, [{ tenant, mailboxId }]);
    expect(await lanes()).toBe(2);

    await succeed(api('PUT', '/v1/budgets/localhost', { connections: 20 }));
    await startMailboxes(services, [{ tenant, mailboxId }]);
    expect(await lanes()).toBe(9);
  });

  test('of a destination is that of the provider that was chosen for it', async () => {
    const { tenant, api, connectionId } = await world.tenant();
    const endpoint = { host: '127.0.0.1', port: world.dovecot.port, security: 'insecure' };
    const signIn = { kind: 'user-password' };
    expect(await api('PUT', '/v1/destination', { endpoint, provider: 'nobody', signIn })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '#/provider' }] },
    });
    expect(
      (await succeed(api('PUT', '/v1/destination', { endpoint, provider: 'courier', signIn }))).body,
    ).toMatchObject({ provider: 'courier' });
    const made = await succeed(
      api('POST', '/v1/migrations', { connectionId, mailboxes: [mailboxInput(ANN)] }),
    );
    const { items } = await world.services.state.mailboxes.list(
      tenant,
      textOf(made, 'migration', 'migrationId'),
      { limit: 1 },
    );
    expect(items[0]?.laneLimit).toBe(2);
  });
});
