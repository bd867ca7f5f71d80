import type { MailboxRecord } from '../../../shared/state/mailbox-record.ts';
import { type ApiReply, itemsOf, textOf } from '../../support/api-client.ts';
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
let mailboxId: string;

beforeAll(async () => {
  world = await startApiWorld();
});

beforeEach(async () => {
  tenant = await world.tenant();
  const { connectionId } = tenant;
  const made = await succeed(
    tenant.api('POST', '/v1/migrations', { connectionId, mailboxes: [mailboxInput(ANN)] }),
  );
  const migrationId = textOf(made, 'migration', 'migrationId');
  const { items } = await world.services.state.mailboxes.list(tenant.tenant, migrationId, { limit: 1 });
  mailboxId = items[0]?.mailboxId ?? '';
});

afterAll(() => world.close());

function ask(
  method: 'GET' | 'POST' | 'PUT',
  rest = '',
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<ApiReply> {
  return tenant.api(method, `/v1/mailboxes/${mailboxId}${rest}`, body, { headers });
}

async function change(fields: Partial<MailboxRecord>): Promise<void> {
  await world.services.state.mailboxes.change(tenant.tenant, mailboxId, (record) => ({
    ...record,
    ...fields,
  }));
}

describe('a mailbox', () => {
  test('shows its status and why, in the language of the caller', async () => {
    await change({
      status: 'needs-attention',
      reason: { code: 'over-quota', detail: 'NO [OVERQUOTA] full', side: 'destination' },
    });
    expect(await ask('GET', '', undefined, { 'accept-language': 'vi' })).toMatchObject({
      status: 200,
      body: {
        status: 'needs-attention',
        statusText: 'Cần chú ý',
        reason: {
          code: 'over-quota',
          summary: 'Hộp thư đích đã đầy.',
          detail: 'NO [OVERQUOTA] full',
          side: 'destination',
        },
      },
    });
    expect(await ask('GET')).toMatchObject({ body: { statusText: 'Needs attention' } });
  });

  test('shows until when it is throttled', async () => {
    await change({ status: 'throttled', throttledUntil: Date.UTC(2030, 0, 2) });
    expect(await ask('GET')).toMatchObject({ body: { throttledUntil: '2030-01-02T00:00:00.000Z' } });
  });

  test('shows what its lanes have done since the last tally', async () => {
    const { state, clock, environment } = world.services;
    const key = { tenant: tenant.tenant, mailboxId };
    const now = clock.now();
    await change({
      status: 'syncing',
      pass: { number: 1, kind: 'initial', phase: 'copying', trigger: 'start', startedAt: now - 10_000 },
      totals: {
        listed: 1000,
        pending: 1000,
        copied: 0,
        adopted: 0,
        skipped: 0,
        underOtherLabel: 0,
        failed: 0,
        bytes: 0,
        folders: 3,
      },
    });
    const owner = { owner: 'w', ownerEpoch: environment.epoch, now, leaseMs: 60_000, pass: 1 };
    const lease = await state.lanes.acquire(key, { lanes: 2, ...owner });
    if (lease === undefined) throw new Error('no lane was free');
    const figures = { copied: 390, adopted: 5, skipped: 5, underOtherLabel: 2, failed: 0 };
    const progress = { messages: 400, bytes: 4_000_000, ...figures };
    await state.lanes.renew(lease, { now, leaseMs: 60_000, progress });
    const shown = await ask('GET');
    expect(shown).toMatchObject({
      body: {
        progress: {
          messages: { listed: 1000, done: 400, pending: 600, ...figures },
          bytes: { done: 4_000_000 },
          folders: 3,
          rate: { messagesPerSecond: expect.any(Number), bytesPerSecond: expect.any(Number) },
          secondsLeft: expect.any(Number),
        },
      },
    });
  });

  test('starts, looks for new mail, stops, and starts again', async () => {
    expect(await ask('POST', '/sync')).toMatchObject({ status: 409, body: { code: 'mailbox-status' } });
    expect(await ask('POST', '/start')).toMatchObject({ status: 202, body: { status: 'starting' } });
    expect(await ask('POST', '/sync')).toMatchObject({ status: 202, body: { status: 'starting' } });
    expect(await ask('POST', '/stop')).toMatchObject({ status: 202, body: { status: 'stopped' } });
    expect(await ask('POST', '/stop')).toMatchObject({ status: 202, body: { status: 'stopped' } });
    expect(await ask('POST', '/start')).toMatchObject({ status: 202, body: { status: 'starting' } });
    expect(itemsOf(await ask('GET', '/events'))).toMatchObject([
      { type: 'start-requested' },
      { type: 'stopped' },
      { type: 'stop-requested' },
      { type: 'sync-requested' },
      { type: 'start-requested' },
    ]);
  });

  test('takes a new password and goes on if it waited for it', async () => {
    await change({
      status: 'waiting-for-user',
      reason: { code: 'credential-missing', detail: '-', side: 'source' },
    });
    const given = await ask('PUT', '/credential', { password: 'brand-new-33' });
    expect(given).toMatchObject({ status: 200, body: { status: 'starting' } });
    expect(given.body).not.toHaveProperty('reason');
    expect(JSON.stringify(given.body)).not.toContain('brand-new-33');
    const record = await world.services.state.mailboxes.get(tenant.tenant, mailboxId);
    const kept = await world.services.vault.getMailbox(
      tenant.tenant,
      record?.credentialShard ?? '',
      mailboxId,
    );
    expect(kept).toMatchObject({ source: { password: 'brand-new-33' }, destination: { kind: 'password' } });
    expect(await ask('PUT', '/credential', {})).toMatchObject({
      status: 422,
      body: { code: 'request-invalid' },
    });
  });

  test('lists its folders, the inbox first, and its items and events', async () => {
    const { state } = world.services;
    const key = { tenant: tenant.tenant, mailboxId };
    const counts = {
      listed: 3,
      pending: 0,
      copied: 1,
      adopted: 0,
      skipped: 1,
      underOtherLabel: 1,
      failed: 1,
      bytes: 10,
    };
    const folder = { sourceDelimiter: '/', epoch: 0, pages: 1, counts, touchedInPass: 1 };
    await state.folders.putAll(key, [
      { ...folder, folderId: 'a1', sourcePath: 'Zoo', destinationPath: 'Zoo', rank: 1, order: 1 },
      { ...folder, folderId: 'b2', sourcePath: 'INBOX', destinationPath: 'INBOX', rank: 0, order: 0 },
    ]);
    expect(itemsOf(await ask('GET', '/folders'))).toMatchObject([
      {
        sourcePath: 'INBOX',
        messages: { listed: 3, skipped: 1, underOtherLabel: 1, failed: 1 },
        vanished: false,
      },
      { sourcePath: 'Zoo' },
    ]);
    await state.items.put(key, [
      {
        folderId: 'b2',
        folderPath: 'INBOX',
        uid: 7,
        state: 'failed',
        reason: 'too-big',
        attempts: 3,
        subject: 'Ślub',
        at: 0,
      },
    ]);
    expect(itemsOf(await ask('GET', '/items', undefined, { 'accept-language': 'pl' }))).toMatchObject([
      {
        folder: 'INBOX',
        uid: 7,
        state: 'failed',
        subject: 'Ślub',
        reason: { code: 'too-big', summary: 'Wiadomość jest większa, niż przyjmuje serwer docelowy.' },
      },
    ]);
  });
});
