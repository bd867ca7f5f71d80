import { ROUTES } from '../../../shared/api/route-table.ts';
import type { Route } from '../../../shared/api/route.ts';
import { type ApiClient, type ApiReply, textOf } from '../../support/api-client.ts';
import {
  ANN,
  type ApiTenant,
  type ApiWorld,
  mailboxInput,
  PASSWORD,
  startApiWorld,
  succeed,
} from '../../support/api-world.ts';

/** Bodies that are valid for the routes that need one. A new route that needs one fails here until it has one. */
const BODIES: Readonly<Record<string, unknown>> = {
  testConnection: { account: { user: ANN, password: PASSWORD } },
  putConnectionSignIn: {
    signIn: { kind: 'user-password' },
    account: { user: ANN, password: PASSWORD },
  },
  addMigrationMailboxes: { mailboxes: [mailboxInput(ANN)] },
  importMigrationMailboxes: {
    csv: `EmailAddress,UserName,Password,DestinationPassword\n${ANN},${ANN},x,y\n`,
  },
  putMailboxCredential: { password: PASSWORD },
  putMigrationSelection: { junk: false },
  putMigrationLabels: { copies: 'each-label' },
  createConsentLinks: {},
};

/** What is the same for all tenants, and what any tenant may name: each has a budget of its own for a host. */
const SHARED = new Set(['getProvider', 'getBudget', 'putBudget']);

const UNKNOWN: Readonly<Record<string, string>> = {
  connectionId: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  migrationId: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  mailboxId: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  email: 'nobody@example.net',
};

let world: ApiWorld;
let owner: ApiTenant;
let stranger: ApiClient;
let own: Readonly<Record<string, string>>;

beforeAll(async () => {
  world = await startApiWorld();
  owner = await world.tenant();
  // A stranger with everything of its own, so that only the identifier is what is wrong.
  stranger = (await world.tenant()).api;
  await succeed(owner.api('POST', '/v1/users', { email: 'only-here@example.org' }));
  await succeed(owner.api('PUT', '/v1/budgets/only-here.example.org', { connections: 1 }));
  const { connectionId } = owner;
  const made = await succeed(
    owner.api('POST', '/v1/migrations', { connectionId, mailboxes: [mailboxInput(ANN)] }),
  );
  const migrationId = textOf(made, 'migration', 'migrationId');
  const { items } = await world.services.state.mailboxes.list(owner.tenant, migrationId, { limit: 1 });
  const mailboxId = items[0]?.mailboxId ?? '';
  own = { connectionId, migrationId, mailboxId, email: 'only-here@example.org' };
});

afterAll(() => world.close());

/** An open route has no caller whose tenant could be another one. */
const withIdentifier = ROUTES.filter(
  ({ path, operationId, access }) => path.includes('{') && !SHARED.has(operationId) && access !== 'open',
);

function ask(api: ApiClient, route: Route, ids: Readonly<Record<string, string>>): Promise<ApiReply> {
  const path = route.path.replace(/\{(\w+)\}/g, (_match, name: string) =>
    encodeURIComponent(ids[name] ?? 'missing'),
  );
  return api(route.method, path, BODIES[route.operationId]);
}

/** All that tells one 404 from another; `instance` names the request itself. */
function comparable({ status, headers, body }: ApiReply): unknown {
  return { status, headers, body: { ...Object(body), instance: undefined } };
}

describe.each(withIdentifier.map((route) => [`${route.method} ${route.path}`, route] as const))(
  '%s',
  (_name, route) => {
    test('answers for an identifier of another tenant exactly as for one that does not exist', async () => {
      const foreign = await ask(stranger, route, own);
      expect(foreign.status).toBe(404);
      expect(comparable(foreign)).toEqual(comparable(await ask(stranger, route, UNKNOWN)));
    });

    test('answers 404 too for what is no identifier at all', async () => {
      const odd = { connectionId: "'; --", migrationId: '*', mailboxId: 'T#x', email: 'no-address' };
      expect(comparable(await ask(stranger, route, odd))).toEqual(
        comparable(await ask(stranger, route, UNKNOWN)),
      );
    });
  },
);

test.each(
  ROUTES.filter(
    ({ method, path, access }) => method === 'GET' && !path.includes('{') && access !== 'open',
  ).map(({ path }) => path),
)('GET %s shows nothing of another tenant', async (path) => {
  const newcomer = world.client({ tenant: world.cloud.tenant() });
  const text = JSON.stringify((await newcomer('GET', path)).body);
  for (const secret of [...Object.values(own), 'only-here', String(world.dovecot.port)]) {
    expect(text).not.toContain(secret);
  }
});

test('after all that, the owner finds everything as it was', async () => {
  for (const route of withIdentifier.filter(({ method }) => method === 'GET')) {
    expect({ route: route.path, status: (await ask(owner.api, route, own)).status }).toEqual({
      route: route.path,
      status: 200,
    });
  }
});

describe.each(
  ROUTES.filter(({ access }) => access !== 'open').map(
    (route) => [`${route.method} ${route.path}`, route] as const,
  ),
)('%s', (_name, route) => {
  test('is refused without a tenant in the token', async () => {
    expect(await ask(world.client({}), route, own)).toMatchObject({
      status: 401,
      body: { code: 'unauthenticated' },
    });
    expect((await ask(world.client({ tenant: '' }), route, own)).status).toBe(401);
  });

  test('is refused without its scope', async () => {
    const other = route.access === 'mailhaul:read' ? 'mailhaul:write' : 'mailhaul:read';
    const api = world.client({ tenant: owner.tenant, scopes: [other] });
    expect(await ask(api, route, own)).toMatchObject({ status: 403, body: { code: 'scope-missing' } });
  });
});
