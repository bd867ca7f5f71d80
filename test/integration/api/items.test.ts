import type { ItemRecord } from '../../../shared/state/item-repository.ts';
import type { MailboxRecord } from '../../../shared/state/mailbox-record.ts';
import { reportItems } from '../../../shared/sync/report-items.ts';
import { type ApiReply, itemsOf, textOf } from '../../support/api-client.ts';
import {
  ANN,
  type ApiTenant,
  type ApiWorld,
  BEN,
  mailboxInput,
  startApiWorld,
  succeed,
} from '../../support/api-world.ts';

const FOLDER = '00000000000000a1';
const OTHER = '00000000000000b2';

let world: ApiWorld;
let tenant: ApiTenant;
let migrationId: string;
/** Ann's and Ben's. */
let mailboxIds: string[];

beforeAll(async () => {
  world = await startApiWorld();
});

afterAll(() => world.close());

beforeEach(async () => {
  tenant = await world.tenant();
  const { api, connectionId } = tenant;
  const mailboxes = [mailboxInput(ANN), mailboxInput(BEN)];
  migrationId = textOf(
    await succeed(api('POST', '/v1/migrations', { connectionId, mailboxes })),
    'migration',
    'migrationId',
  );
  const { items } = await world.services.state.mailboxes.list(tenant.tenant, migrationId, { limit: 9 });
  mailboxIds = items.map(({ mailboxId }) => mailboxId);
  for (const mailboxId of mailboxIds) await change(mailboxId, { status: 'synced' });
});

function key(mailboxId = mailboxIds[0] ?? '') {
  return { tenant: tenant.tenant, mailboxId };
}

async function change(mailboxId: string, fields: Partial<MailboxRecord>): Promise<void> {
  const change = (record: MailboxRecord): MailboxRecord => ({ ...record, ...fields });
  await world.services.state.mailboxes.change(tenant.tenant, mailboxId, change);
}

function record(mailboxId = mailboxIds[0] ?? '') {
  return world.services.state.mailboxes.get(tenant.tenant, mailboxId);
}

function item(uid: number, fields: Partial<ItemRecord> = {}): ItemRecord {
  return {
    folderId: FOLDER,
    folderPath: 'Work',
    uid,
    state: 'failed',
    reason: 'refused',
    attempts: 3,
    at: 0,
    ...fields,
  };
}

/** Also tells the mailbox's totals, as the end of a pass would. */
async function report(mailboxId: string, items: readonly ItemRecord[]): Promise<void> {
  await world.services.state.items.put(key(mailboxId), items);
  const { totals } = (await record(mailboxId)) ?? {};
  if (totals !== undefined) await change(mailboxId, { totals: { ...totals, failed: items.length } });
}

async function idsOf(path: string): Promise<string[]> {
  const items = itemsOf(await succeed(tenant.api('GET', path)));
  return items.map((each) => String(Object.getOwnPropertyDescriptor(Object(each), 'itemId')?.value));
}

async function allPages(path: string): Promise<unknown[]> {
  const all: unknown[] = [];
  let cursor: string | undefined;
  do {
    const query = cursor === undefined ? '' : `&cursor=${cursor}`;
    const page = await succeed(tenant.api('GET', `${path}${query}`));
    all.push(...itemsOf(page));
    const next: unknown = Object.getOwnPropertyDescriptor(Object(page.body), 'nextCursor')?.value;
    cursor = typeof next === 'string' ? next : undefined;
  } while (cursor !== undefined);
  return all;
}

describe('items', () => {
  const big = item(8, { state: 'skipped', reason: 'too-big', attempts: 1 });
  const other = item(9, { folderId: OTHER, reason: 'over-quota' });

  test('of copied messages alone are listed with those of other mailboxes', async () => {
    const [mailboxId = ''] = mailboxIds;
    const altered = item(7, { state: 'copied', reason: 'altered', attempts: 1 });
    await reportItems({ key: key(mailboxId), services: world.services }, [altered]);
    expect(await idsOf(`/v1/migrations/${migrationId}/items`)).toEqual([`${FOLDER}.7`]);
  });

  test('say what the message is, why it was not copied, and what to do', async () => {
    const about = {
      size: 7_000,
      date: 'Mon, 4 May 2020 10:00:00 +0200',
      from: 'Ann <ann@example.org>',
      subject: 'Minutes',
      messageId: '<1@example.org>',
      serverText: 'I do not like it',
    };
    await report(mailboxIds[0] ?? '', [item(7, about)]);
    const shown = {
      itemId: `${FOLDER}.7`,
      folderId: FOLDER,
      folder: 'Work',
      uid: 7,
      state: 'failed',
      reason: {
        code: 'refused',
        summary: expect.any(String),
        remedy: expect.stringContaining('mend the cause'),
      },
      attempts: 3,
      at: '1970-01-01T00:00:00.000Z',
      ...about,
    };
    expect(itemsOf(await tenant.api('GET', `/v1/mailboxes/${mailboxIds[0]}/items`))).toEqual([shown]);
    expect(itemsOf(await tenant.api('GET', `/v1/migrations/${migrationId}/items`))).toEqual([
      { ...shown, mailboxId: mailboxIds[0], email: (await record())?.destinationUser },
    ]);
  });

  test('are listed by state, reason and folder', async () => {
    await report(mailboxIds[0] ?? '', [item(7), big, other]);
    const path = `/v1/mailboxes/${mailboxIds[0]}/items`;
    expect(await idsOf(path)).toHaveLength(3);
    expect(await idsOf(`${path}?state=skipped`)).toEqual([`${FOLDER}.8`]);
    expect(await idsOf(`${path}?reason=over-quota`)).toEqual([`${OTHER}.9`]);
    expect(await idsOf(`${path}?folderId=${FOLDER}`)).toEqual([`${FOLDER}.7`, `${FOLDER}.8`]);
    expect(await idsOf(`${path}?folderId=${OTHER}&state=skipped`)).toEqual([]);
    expect(await idsOf(`/v1/migrations/${migrationId}/items?state=failed`)).toEqual([
      `${FOLDER}.7`,
      `${OTHER}.9`,
    ]);
    expect((await tenant.api('GET', `${path}?reason=odd`)).status).toBe(422);
    expect((await tenant.api('GET', `${path}?folderId=x`)).status).toBe(422);
  });

  test.each([1, 2, 3, 5, 200])(
    'of a whole migration come page by page, each once (limit %d)',
    async (limit) => {
      for (const mailboxId of mailboxIds) await report(mailboxId, [item(1), big, item(20), other, item(30)]);
      const path = `/v1/migrations/${migrationId}/items?limit=${limit}`;
      expect(await allPages(path)).toHaveLength(10);
      const failed = await allPages(`${path}&state=failed`);
      expect(failed).toHaveLength(8);
      expect(new Set(failed.map((each) => JSON.stringify(each))).size).toBe(8);
    },
  );

  test('of a running pass are listed before it is tallied', async () => {
    await world.services.state.items.put(key(), [item(1)]);
    const path = `/v1/migrations/${migrationId}/items`;
    expect(await idsOf(path)).toEqual([]);
    const { pass } = (await record()) ?? {};
    if (pass !== undefined) await change(mailboxIds[0] ?? '', { pass: { ...pass, phase: 'copying' } });
    expect(await idsOf(path)).toEqual([`${FOLDER}.1`]);
  });

  test('a cursor fits the list and the filter that it is of', async () => {
    await report(mailboxIds[0] ?? '', [item(1), item(2)]);
    const path = `/v1/migrations/${migrationId}/items?limit=1`;
    const cursor = textOf(await tenant.api('GET', path), 'nextCursor');
    expect((await tenant.api('GET', `${path}&cursor=${cursor}`)).status).toBe(200);
    for (const wrong of [`${path}&state=failed`, `/v1/mailboxes/${mailboxIds[0]}/items?limit=1`]) {
      expect(await tenant.api('GET', `${wrong}&cursor=${cursor}`)).toMatchObject({
        status: 400,
        body: { code: 'cursor-invalid' },
      });
    }
  });
});

describe('another try', () => {
  function retry(body?: unknown, headers: Record<string, string> = {}): Promise<ApiReply> {
    return tenant.api('POST', `/v1/mailboxes/${mailboxIds[0]}/retry`, body, { headers });
  }
  const wishes = async () =>
    (await world.services.state.retries.list(key()))
      .map(({ wish }) => wish)
      .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

  test('of all, of some, of those that fit, is written down and begins at once', async () => {
    await report(mailboxIds[0] ?? '', [item(7)]);
    expect(await retry()).toMatchObject({ status: 202, body: { pass: { again: true, phase: 'idle' } } });
    expect((await record())?.dueAt).toBeLessThanOrEqual(world.services.clock.now());
    expect(await wishes()).toEqual([{ kind: 'matching' }]);
    await succeed(retry({ items: [`${FOLDER}.7`, `${OTHER}.9`, `${FOLDER}.8`] }));
    await succeed(retry({ reason: 'refused', state: 'failed' }));
    expect(await wishes()).toEqual([
      { kind: 'matching', reason: 'refused', state: 'failed' },
      { kind: 'matching' },
      { kind: 'messages', folderId: FOLDER, uids: [7, 8] },
      { kind: 'messages', folderId: OTHER, uids: [9] },
    ]);
    expect(itemsOf(await tenant.api('GET', `/v1/mailboxes/${mailboxIds[0]}/events`))).toMatchObject([
      { type: 'retry-requested' },
      { type: 'retry-requested' },
      { type: 'retry-requested' },
    ]);
  });

  test('asked for twice is one', async () => {
    await report(mailboxIds[0] ?? '', [item(7)]);
    const headers = { 'idempotency-key': 'again-1' };
    const first = await succeed(retry({ items: [`${FOLDER}.7`] }, headers));
    const second = await succeed(retry({ items: [`${FOLDER}.7`] }, headers));
    expect(second.headers['idempotency-replayed']).toBe('true');
    expect(second.body).toEqual(first.body);
    await succeed(retry({ items: [`${FOLDER}.7`, `${FOLDER}.7`] }));
    expect(await wishes()).toHaveLength(1);
  });

  test('of nothing does nothing', async () => {
    const before = await record();
    expect((await retry({ reason: 'too-big' })).status).toBe(202);
    expect(await record()).toEqual(before);
  });

  test('is refused for a mailbox that is not started, and for what is no item', async () => {
    await change(mailboxIds[0] ?? '', { status: 'stopped' });
    expect(await retry()).toMatchObject({ status: 409, body: { code: 'mailbox-status' } });
    const wrong = [
      { items: [] },
      { items: ['x'] },
      { items: [`${FOLDER}.0`] },
      { items: [`${FOLDER}.1`], state: 'failed' },
      { items: Array.from({ length: 5_001 }, (_, index) => `${FOLDER}.${index + 1}`) },
      { odd: 1 },
    ];
    for (const body of wrong) {
      expect(await retry(body)).toMatchObject({ status: 422, body: { code: 'request-invalid' } });
    }
    expect(await wishes()).toEqual([]);
  });

  test('of five thousand is one request', async () => {
    const items = Array.from({ length: 5_000 }, (_, index) => `${FOLDER}.${4_000_000_000 + index}`);
    expect((await retry({ items })).status).toBe(202);
    expect(await wishes()).toHaveLength(1);
  });

  test('of a whole migration concerns the mailboxes that have something', async () => {
    const path = `/v1/migrations/${migrationId}/retry`;
    expect(await tenant.api('POST', path)).toMatchObject({
      status: 202,
      body: { accepted: 0, skipped: 2 },
    });
    await report(mailboxIds[1] ?? '', [item(7)]);
    expect(await tenant.api('POST', path, { state: 'skipped' })).toMatchObject({ body: { accepted: 0 } });
    expect(await tenant.api('POST', path, { state: 'failed' })).toMatchObject({
      status: 202,
      body: { accepted: 1, skipped: 1 },
    });
    expect(await world.services.state.retries.list(key(mailboxIds[1]))).toMatchObject([
      { wish: { kind: 'matching', state: 'failed' } },
    ]);
    expect((await record(mailboxIds[0]))?.requestedPass).toBeUndefined();
  });
});
