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

function create(selection: object): Promise<ApiReply> {
  const { connectionId } = tenant;
  return tenant.api('POST', '/v1/migrations', {
    connectionId,
    mailboxes: [mailboxInput(ANN)],
    selection,
  });
}

const SELECTION = {
  folderMap: [{ source: 'Work/*', destination: 'Old/Work/*' }],
  include: ['#Inbox#/*', 'Work/*'],
  exclude: ['Work/%/secret'],
  junk: false,
  trash: false,
  since: '2020-01-01',
  before: '2021-01-01',
  maxMessageBytes: 1_000_000,
};

describe('the selection of a migration', () => {
  test('is stored with it, shown, and can be changed', async () => {
    const made = await create(SELECTION);
    expect(made).toMatchObject({ status: 201, body: { migration: { selection: SELECTION } } });
    const migrationId = textOf(made, 'migration', 'migrationId');
    const path = `/v1/migrations/${migrationId}`;
    expect(await tenant.api('PUT', `${path}/selection`, { since: '2019-01-01' })).toMatchObject({
      status: 200,
      body: { migrationId, selection: { since: '2019-01-01' } },
    });
    const stored = await world.services.state.migrations.get(tenant.tenant, migrationId);
    expect(stored?.selection).toEqual({ since: '2019-01-01' });
    expect((await succeed(tenant.api('GET', path))).body).toMatchObject({
      selection: { since: '2019-01-01' },
    });
  });

  test.each<[string, object, string]>([
    ['a pattern with an empty name', { include: ['Work', 'a//b'] }, '#/selection/include/1'],
    ['an unknown well-known name', { exclude: ['#Sent#'] }, '#/selection/exclude/0'],
    [
      'an entry that needs wildcards',
      { folderMap: [{ source: 'a/*', destination: 'b' }] },
      '#/selection/folderMap/0/destination',
    ],
    [
      'two entries to one folder',
      {
        folderMap: [
          { source: 'a', destination: 'x' },
          { source: 'b', destination: 'x' },
        ],
      },
      '#/selection/folderMap/1/destination',
    ],
    [
      'another folder as the inbox',
      { folderMap: [{ source: 'a', destination: 'inbox' }] },
      '#/selection/folderMap/0/destination',
    ],
    ['no day', { since: '2020-13-01' }, '#/selection/since'],
    ['an empty range', { since: '2021-01-01', before: '2021-01-01' }, '#/selection/before'],
    ['no size', { maxMessageBytes: 0 }, '#/selection/maxMessageBytes'],
    ['an unknown key', { folders: [] }, '#/selection'],
  ])('with %s is refused, and the place named', async (_, selection, pointer) => {
    expect(await create(selection)).toMatchObject({
      status: 422,
      body: { code: 'request-invalid', errors: [{ in: 'body', pointer }] },
    });
  });
});
