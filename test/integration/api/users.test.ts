import { MAX_CSV_ROWS } from '../../../shared/api/parse-csv.ts';
import { type ApiClient, type ApiReply, itemsOf } from '../../support/api-client.ts';
import { ANN, type ApiWorld, mailboxInput, startApiWorld, succeed } from '../../support/api-world.ts';

let world: ApiWorld;
let api: ApiClient;

beforeAll(async () => {
  world = await startApiWorld();
});

beforeEach(() => {
  api = world.client({ tenant: world.cloud.tenant() });
});

afterAll(() => world.close());

function importCsv(csv: string, options: { base64?: boolean } = {}): Promise<ApiReply> {
  return api('POST', '/v1/users/import', undefined, {
    rawBody: csv,
    headers: { 'content-type': 'text/csv; charset=utf-8' },
    ...options,
  });
}

describe('a user', () => {
  test('is added with the same address at the source unless another is given', async () => {
    const made = await api('POST', '/v1/users', { email: 'Ann@Example.org', displayName: 'Ann Łącka' });
    expect(made).toMatchObject({
      status: 201,
      headers: { location: '/v1/users/Ann%40Example.org' },
      body: { email: 'Ann@Example.org', displayName: 'Ann Łącka', sourceEmail: 'Ann@Example.org' },
    });
    const other = { email: 'ben@example.org', sourceEmail: 'benjamin@old.example' };
    expect(await api('POST', '/v1/users', other)).toMatchObject({ status: 201, body: other });
    expect(await api('GET', '/v1/users/ben%40example.org')).toMatchObject({ status: 200, body: other });
  });

  test('is added once, whatever the case of the address', async () => {
    await succeed(api('POST', '/v1/users', { email: ANN }));
    expect(await api('POST', '/v1/users', { email: ANN.toUpperCase() })).toMatchObject({
      status: 409,
      body: { code: 'user-exists' },
    });
  });

  test('is removed, and then is not there', async () => {
    await succeed(api('POST', '/v1/users', { email: ANN }));
    expect(await api('DELETE', `/v1/users/${encodeURIComponent(ANN)}`)).toMatchObject({ status: 204 });
    expect((await api('DELETE', `/v1/users/${encodeURIComponent(ANN)}`)).status).toBe(404);
    expect(itemsOf(await api('GET', '/v1/users'))).toEqual([]);
  });

  test('of an open migration is not removed', async () => {
    const tenant = await world.tenant();
    const { connectionId } = tenant;
    await succeed(tenant.api('POST', '/v1/migrations', { connectionId, mailboxes: [mailboxInput(ANN)] }));
    const remove = () => tenant.api('DELETE', `/v1/users/${encodeURIComponent(ANN.toUpperCase())}`);
    expect(await remove()).toMatchObject({ status: 409, body: { code: 'user-in-use' } });
    await succeed(tenant.api('POST', `/v1/connections/${connectionId}/close`));
    expect((await remove()).status).toBe(204);
  });

  test.each([
    'ann',
    'ann@',
    '@example.org',
    'ann@example',
    'a b@example.org',
    'ann@example.org\n',
    'a@b@example.org',
    `${'x'.repeat(65)}@example.org`,
  ])('with the address %j is refused', async (email) => {
    expect(await api('POST', '/v1/users', { email })).toMatchObject({
      status: 422,
      body: { errors: [{ in: 'body', pointer: '#/email' }] },
    });
  });
});

describe('an import of users', () => {
  test('adds, updates and leaves alone, and can be repeated', async () => {
    const csv =
      '\uFEFFEmailAddress;DisplayName;SourceEmailAddress\r\nann@example.org;"Ann; the first";\r\nben@example.org;;ben@old.example\r\n\r\n';
    expect(await importCsv(csv)).toMatchObject({
      status: 200,
      body: { created: 2, updated: 0, unchanged: 0 },
    });
    expect(itemsOf(await api('GET', '/v1/users'))).toMatchObject([
      { email: 'ann@example.org', displayName: 'Ann; the first', sourceEmail: 'ann@example.org' },
      { email: 'ben@example.org', sourceEmail: 'ben@old.example' },
    ]);
    expect(await importCsv(csv, { base64: true })).toMatchObject({
      body: { created: 0, updated: 0, unchanged: 2 },
    });
    const changed = 'emailaddress,displayname\nANN@example.org,Ann B.\ncleo@example.org,Cleo';
    expect(await api('POST', '/v1/users/import', { csv: changed })).toMatchObject({
      body: { created: 1, updated: 1, unchanged: 0 },
    });
    expect(await api('GET', '/v1/users/ann%40example.org')).toMatchObject({
      body: { email: 'ann@example.org', displayName: 'Ann B.', sourceEmail: 'ann@example.org' },
    });
  });

  test('with a single wrong row stores nothing, and names row, column and remedy of all', async () => {
    const csv =
      'EmailAddress,DisplayName\nann@example.org,Ann\nno-address,Ben\n,Cleo\nANN@example.org,Ann again\ndora@example.org,D,too many';
    const refused = await importCsv(csv);
    expect(refused).toMatchObject({ status: 422, body: { code: 'csv-invalid' } });
    // A row of the wrong shape is found first, and says so alone.
    expect(refused.body).toMatchObject({
      errors: [{ row: 6, remedy: expect.stringContaining('quotation marks') }],
    });

    expect(await importCsv(csv.replace(',too many', ''))).toMatchObject({
      status: 422,
      body: {
        errors: [
          {
            row: 3,
            column: 'EmailAddress',
            detail: 'This is not an e-mail address',
            remedy: expect.any(String),
          },
          { row: 4, column: 'EmailAddress', detail: 'The cell is empty', remedy: 'Fill it in' },
          {
            row: 5,
            column: 'EmailAddress',
            detail: 'The address is in row 2 already',
            remedy: expect.any(String),
          },
        ],
      },
    });
    expect(itemsOf(await api('GET', '/v1/users'))).toEqual([]);
  });

  test.each([
    ['', { row: 1, detail: 'The file is empty' }],
    ['Name\nAnn', { row: 1, column: 'Name', detail: 'There is no such column' }],
    [
      'EmailAddress,EmailAddress\na,b',
      { row: 1, column: 'EmailAddress', detail: 'The column is there twice' },
    ],
    ['DisplayName\nAnn', { row: 1, column: 'EmailAddress', detail: 'The column is missing' }],
    ['EmailAddress\n', { row: 2, detail: 'There is no row below the header' }],
    ['EmailAddress\n"ann@example.org', { row: 2, detail: 'The quotation marks of the row do not match' }],
    [`EmailAddress,DisplayName\na@example.org,"${'x'.repeat(20_000)}"`, { detail: 'The row is too long' }],
  ])('of %j is refused with its place', async (csv, place) => {
    expect(await api('POST', '/v1/users/import', { csv })).toMatchObject({
      status: 422,
      body: { code: 'csv-invalid', errors: expect.arrayContaining([expect.objectContaining(place)]) },
    });
  });

  test('of more rows than possible is refused whole', async () => {
    const rows = Array.from({ length: MAX_CSV_ROWS + 1 }, (_, index) => `u${index}@example.org`);
    expect(await importCsv(['EmailAddress', ...rows].join('\n'))).toMatchObject({
      status: 422,
      body: { errors: [{ row: MAX_CSV_ROWS + 2, remedy: 'Split the file' }] },
    });
  });
});
