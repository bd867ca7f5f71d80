import { type ApiReply, itemsOf, textOf } from '../../support/api-client.ts';
import {
  ANN,
  type ApiTenant,
  type ApiWorld,
  BEN,
  endpointOf,
  mailboxInput,
  PASSWORD,
  startApiWorld,
  succeed,
} from '../../support/api-world.ts';

let world: ApiWorld;
let tenant: ApiTenant;

beforeAll(async () => {
  world = await startApiWorld();
});

beforeEach(async () => {
  tenant = await world.tenant();
});

afterAll(() => world.close());

function create(fields: object = {}): Promise<ApiReply> {
  const { connectionId } = tenant;
  return tenant.api('POST', '/v1/migrations', { connectionId, mailboxes: [mailboxInput(ANN)], ...fields });
}

async function mailboxesOf(migrationId: string, query = ''): Promise<unknown[]> {
  return itemsOf(await succeed(tenant.api('GET', `/v1/migrations/${migrationId}/mailboxes${query}`)));
}

describe('a migration', () => {
  test('is made with its mailboxes, whose passwords go to the vault and nowhere else', async () => {
    const made = await create({
      name: 'First wave',
      mailboxes: [mailboxInput(ANN), mailboxInput(BEN.toUpperCase())],
    });
    const migrationId = textOf(made, 'migration', 'migrationId');
    expect(made).toMatchObject({
      status: 201,
      headers: { location: `/v1/migrations/${migrationId}` },
      body: {
        migration: { name: 'First wave', status: 'active', mailboxCount: 2 },
        added: 2,
        existing: 0,
        started: 0,
      },
    });
    expect(await mailboxesOf(migrationId)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          destinationUser: ANN,
          displayName: 'Ann',
          status: 'stopped',
          statusText: 'Stopped',
        }),
        expect.objectContaining({ destinationUser: BEN, status: 'stopped' }),
      ]),
    );
    const { items } = await world.services.state.mailboxes.list(tenant.tenant, migrationId, { limit: 10 });
    expect(JSON.stringify(items)).not.toContain(PASSWORD);
    for (const { mailboxId, credentialShard } of items) {
      expect(await world.services.vault.getMailbox(tenant.tenant, credentialShard, mailboxId)).toEqual({
        source: { kind: 'password', password: PASSWORD },
        destination: { kind: 'password', password: PASSWORD },
      });
    }
  });

  test('shows its mailboxes by status, and their totals', async () => {
    const migrationId = textOf(
      await create({ mailboxes: [mailboxInput(ANN), mailboxInput(BEN)] }),
      'migration',
      'migrationId',
    );
    const [first] = (await world.services.state.mailboxes.list(tenant.tenant, migrationId, { limit: 1 }))
      .items;
    await world.services.state.mailboxes.change(tenant.tenant, first?.mailboxId ?? '', (record) => ({
      ...record,
      status: 'synced',
      totals: {
        listed: 7,
        pending: 0,
        copied: 4,
        adopted: 1,
        skipped: 2,
        underOtherLabel: 1,
        failed: 0,
        bytes: 900,
        folders: 2,
      },
    }));
    expect(await tenant.api('GET', `/v1/migrations/${migrationId}`)).toMatchObject({
      status: 200,
      body: {
        statuses: { synced: 1, stopped: 1, failed: 0 },
        totals: {
          mailboxes: 2,
          complete: true,
          listed: 7,
          copied: 4,
          skipped: 2,
          underOtherLabel: 1,
          folders: 2,
        },
      },
    });
    expect(await mailboxesOf(migrationId, '?status=synced')).toMatchObject([{ mailboxId: first?.mailboxId }]);
    expect(await mailboxesOf(migrationId, '?status=failed')).toEqual([]);
    expect(itemsOf(await tenant.api('GET', '/v1/migrations'))).toMatchObject([
      { migrationId, mailboxCount: 2 },
    ]);
  });

  test('started at once wakes its mailboxes', async () => {
    const made = await create({ start: true });
    expect(made).toMatchObject({ status: 201, body: { started: 1 } });
    expect(await mailboxesOf(textOf(made, 'migration', 'migrationId'))).toMatchObject([
      { status: 'starting' },
    ]);
  });

  test('may begin empty and grow; adding the same again changes nothing', async () => {
    const migrationId = textOf(await create({ mailboxes: [] }), 'migration', 'migrationId');
    const add = (fields: object = {}) =>
      tenant.api('POST', `/v1/migrations/${migrationId}/mailboxes`, {
        mailboxes: [{ ...mailboxInput(ANN), ...fields }],
      });
    expect(await add()).toMatchObject({ status: 200, body: { added: 1, existing: 0, started: 0 } });
    expect(await add({ password: 'another' })).toMatchObject({
      status: 200,
      body: { added: 0, existing: 1 },
    });
    expect(await add({ sourceUser: 'someone-else' })).toMatchObject({
      status: 409,
      body: { code: 'mailbox-conflict' },
    });
    expect(await tenant.api('GET', `/v1/migrations/${migrationId}`)).toMatchObject({
      body: { mailboxCount: 1 },
    });
  });

  test('takes mailboxes by CSV, and names the rows that cannot be', async () => {
    const migrationId = textOf(await create({ mailboxes: [] }), 'migration', 'migrationId');
    const upload = (rows: string[], query = '') =>
      tenant.api('POST', `/v1/migrations/${migrationId}/mailboxes/import${query}`, undefined, {
        rawBody: ['EmailAddress,UserName,Password,UserRoot,DestinationPassword', ...rows].join('\n'),
        headers: { 'content-type': 'text/csv' },
      });
    expect(await upload([`${ANN},ann, pw ,,x`, 'nobody@example.org,n,pw,,x'])).toMatchObject({
      status: 422,
      body: { code: 'users-unknown', errors: [{ row: 3, column: 'EmailAddress' }] },
    });
    expect(await upload([`${ANN},ann,pw,,x`, '', `${BEN},ben,pw,,`])).toMatchObject({
      status: 422,
      body: { code: 'credential-incomplete', errors: [{ row: 4, column: 'DestinationPassword' }] },
    });
    expect(await upload([`${ANN},,pw,,x`])).toMatchObject({
      status: 422,
      body: { code: 'csv-invalid', errors: [{ row: 2, column: 'UserName', detail: 'The cell is empty' }] },
    });
    expect(await mailboxesOf(migrationId)).toEqual([]);

    expect(await upload([`${ANN},ann, pw ,Users/Ann,x`], '?start=true')).toMatchObject({
      body: { added: 1, started: 1 },
    });
    expect(await mailboxesOf(migrationId)).toMatchObject([
      { sourceUser: 'ann', userRoot: 'Users/Ann', status: 'starting' },
    ]);
    const [record] = (await world.services.state.mailboxes.list(tenant.tenant, migrationId, { limit: 1 }))
      .items;
    const kept = await world.services.vault.getMailbox(
      tenant.tenant,
      record?.credentialShard ?? '',
      record?.mailboxId ?? '',
    );
    // Blanks around a password may belong to it.
    expect(kept?.source).toEqual({ kind: 'password', password: ' pw ' });
  });

  test('needs users, a connection, a destination, and every password', async () => {
    expect(
      await create({ mailboxes: [mailboxInput(ANN), mailboxInput('nobody@example.org')] }),
    ).toMatchObject({
      status: 422,
      body: { code: 'users-unknown', errors: [{ pointer: '#/mailboxes/1/email' }] },
    });
    const { destinationPassword: _left, ...incomplete } = mailboxInput(ANN);
    expect(await create({ mailboxes: [incomplete] })).toMatchObject({
      status: 422,
      body: { code: 'credential-incomplete', errors: [{ pointer: '#/mailboxes/0/destinationPassword' }] },
    });
    expect(await create({ connectionId: '01ARZ3NDEKTSV4RRFFQ69G5FAV' })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '#/connectionId' }] },
    });
    expect(await create({ mailboxes: [mailboxInput(ANN), mailboxInput(ANN.toUpperCase())] })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '#/mailboxes/1/email' }] },
    });
    await world.services.state.destinations.remove(tenant.tenant);
    expect(await create()).toMatchObject({ status: 409, body: { code: 'destination-missing' } });
    expect(itemsOf(await tenant.api('GET', '/v1/migrations'))).toEqual([]);
  });

  test('from an administrator’s destination keeps no destination passwords', async () => {
    const signIn = { kind: 'administrator', user: 'admin', form: 'plain-authzid', secret: true } as const;
    const current = await world.services.state.destinations.get(tenant.tenant);
    if (current !== undefined) await world.services.state.destinations.put({ ...current, signIn });
    const migrationId = textOf(await create(), 'migration', 'migrationId');
    const [record] = (await world.services.state.mailboxes.list(tenant.tenant, migrationId, { limit: 1 }))
      .items;
    expect(
      await world.services.vault.getMailbox(
        tenant.tenant,
        record?.credentialShard ?? '',
        record?.mailboxId ?? '',
      ),
    ).toEqual({ source: { kind: 'password', password: PASSWORD } });
  });

  test('starts, synchronises and stops as a whole', async () => {
    const migrationId = textOf(
      await create({ mailboxes: [mailboxInput(ANN), mailboxInput(BEN)] }),
      'migration',
      'migrationId',
    );
    const act = (action: string, body?: object) =>
      tenant.api('POST', `/v1/migrations/${migrationId}/${action}`, body);
    expect(await act('sync')).toMatchObject({ status: 202, body: { accepted: 0, skipped: 2 } });
    expect(await act('start')).toMatchObject({ status: 202, body: { accepted: 2, skipped: 0 } });
    expect(await act('start', {})).toMatchObject({ status: 202, body: { accepted: 0, skipped: 2 } });
    expect(await act('sync')).toMatchObject({ status: 202, body: { accepted: 2 } });
    expect(await act('stop')).toMatchObject({ status: 202, body: { accepted: 2 } });
    expect(await act('stop')).toMatchObject({ status: 202, body: { accepted: 0, skipped: 2 } });
    expect(await act('start', { cursor: 'not-a-cursor' })).toMatchObject({
      status: 400,
      body: { code: 'cursor-invalid' },
    });
  });

  test('ends with its connection: credentials are destroyed, reports stay', async () => {
    const migrationId = textOf(await create({ start: true }), 'migration', 'migrationId');
    const [record] = (await world.services.state.mailboxes.list(tenant.tenant, migrationId, { limit: 1 }))
      .items;
    const close = () => tenant.api('POST', `/v1/connections/${tenant.connectionId}/close`);
    expect(await close()).toMatchObject({
      status: 200,
      body: { status: 'closed', closedAt: expect.any(String) },
    });
    expect(await close()).toMatchObject({ status: 200 });
    expect(await tenant.api('GET', `/v1/migrations/${migrationId}`)).toMatchObject({
      status: 200,
      body: { status: 'closed', statuses: { closed: 1 } },
    });
    expect(
      await world.services.vault.getMailbox(
        tenant.tenant,
        record?.credentialShard ?? '',
        record?.mailboxId ?? '',
      ),
    ).toBeUndefined();

    const mailbox = `/v1/mailboxes/${record?.mailboxId ?? ''}`;
    expect((await tenant.api('GET', `${mailbox}/events`)).status).toBe(200);
    const refused = { status: 409, body: { code: 'migration-closed' } };
    expect(await tenant.api('POST', `${mailbox}/start`)).toMatchObject(refused);
    expect(await tenant.api('PUT', `${mailbox}/credential`, { password: 'x' })).toMatchObject(refused);
    expect(await tenant.api('POST', `/v1/migrations/${migrationId}/start`)).toMatchObject(refused);
    expect(
      await tenant.api('POST', `/v1/migrations/${migrationId}/mailboxes`, { mailboxes: [mailboxInput(BEN)] }),
    ).toMatchObject(refused);
    expect(await create()).toMatchObject({ status: 409, body: { code: 'connection-closed' } });
    // And another provider can begin.
    const account = { user: ANN, password: PASSWORD };
    const next = await tenant.api('POST', '/v1/connections', {
      endpoint: endpointOf(world.dovecot),
      account,
    });
    expect(await create({ connectionId: textOf(next, 'connectionId') })).toMatchObject({ status: 201 });
  });
});
