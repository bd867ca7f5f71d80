import { ulid } from 'ulid';
import type { Clock } from '../../../shared/migration/clock.ts';
import { emptyCounts, type LedgerCounts } from '../../../shared/migration/ledger-counts.ts';
import type { State } from '../../../shared/state/create-state.ts';
import { CursorInvalidError } from '../../../shared/state/errors.ts';
import type { FolderRecord } from '../../../shared/state/folder-repository.ts';
import type { ItemRecord } from '../../../shared/state/item-repository.ts';
import type { MailboxKey } from '../../../shared/state/keys.ts';
import { startTestCloud, type TestCloud } from '../../support/test-cloud.ts';

let cloud: TestCloud;
let state: State;
let mailbox: MailboxKey;
let now: number;

beforeAll(async () => {
  cloud = await startTestCloud();
  const clock: Clock = { now: () => now, monotonic: () => now };
  state = cloud.state({ clock });
});
afterAll(() => cloud.close());
beforeEach(() => {
  now = 1_700_000_000_000;
  mailbox = { tenant: cloud.tenant(), mailboxId: ulid() };
});

const DAY_MS = 24 * 3600 * 1000;

const folder = (fields: Partial<FolderRecord> = {}): FolderRecord => ({
  folderId: 'f1',
  sourcePath: 'INBOX/Ordner ÄÖ',
  sourceDelimiter: '/',
  destinationPath: 'INBOX.Ordner ÄÖ',
  rank: 0,
  order: 1,
  epoch: 1,
  pages: 0,
  counts: emptyCounts(),
  touchedInPass: 1,
  ...fields,
});

describe('a folder', () => {
  test('is read back as it was written, a 64-bit HIGHESTMODSEQ included', async () => {
    const written = folder({
      specialUse: '\\Sent',
      source: { uidValidity: 4_294_967_295, uidNext: 7, messages: 5, highestModseq: '18446744073709551615' },
      destination: { uidValidity: 3, permanentFlags: { flags: ['\\Seen'], anyKeyword: true } },
      vanished: true,
      flagsCheckedAt: 5,
      retryPages: [3, 4],
    });
    await state.folders.put(mailbox, written);
    expect(await state.folders.get(mailbox, 'f1')).toEqual(written);
    expect(await state.folders.get({ ...mailbox, tenant: 'other' }, 'f1')).toBeUndefined();
  });

  test('is not written for a pass when a later one has planned it', async () => {
    const { folders } = state;
    expect(await folders.putInPass(mailbox, folder({ pages: 1 }), 1)).toBe(true);
    expect(await folders.putInPass(mailbox, folder({ pages: 2 }), 1)).toBe(true);
    const planned = folder({ pages: 3, touchedInPass: 2 });
    await folders.put(mailbox, planned);
    expect(await folders.putInPass(mailbox, folder({ pages: 2 }), 1)).toBe(false);
    expect(await folders.get(mailbox, 'f1')).toEqual(planned);
    expect(await folders.putInPass(mailbox, { ...planned, vanished: true }, 2)).toBe(true);
    expect(await folders.get(mailbox, 'f1')).toEqual({ ...planned, vanished: true });
  });

  test('from before messages under another label were counted has none of them', async () => {
    const { underOtherLabel: _figure, ...counts } = { ...emptyCounts(), listed: 2, copied: 1, skipped: 1 };
    // A record of former times lacks what its type has now.
    await state.folders.put(mailbox, folder({ counts: counts as LedgerCounts }));
    expect(await state.folders.get(mailbox, 'f1')).toEqual(
      folder({ counts: { ...counts, underOtherLabel: 0 } }),
    );
  });

  test('may be without a delimiter, and differ from another by case alone', async () => {
    const records = [
      folder({ folderId: 'A', sourceDelimiter: '' }),
      folder({ folderId: 'a', sourcePath: 'inbox/x' }),
    ];
    await state.folders.putAll(mailbox, records);
    expect(await state.folders.list(mailbox)).toEqual(records);
  });
});

const item = (uid: number, fields: Partial<ItemRecord> = {}): ItemRecord => ({
  folderId: 'f1',
  folderPath: 'INBOX',
  uid,
  state: 'failed',
  reason: 'too-big',
  attempts: 3,
  at: 1,
  ...fields,
});

describe('skipped and failed messages', () => {
  test('are listed by folder and UID, page by page', async () => {
    await state.items.put(mailbox, [item(4_000_000_000), item(9), item(10), item(1, { folderId: 'f2' })]);
    const first = await state.items.list(mailbox, { limit: 3 });
    expect(first.items.map(({ uid }) => uid)).toEqual([9, 10, 4_000_000_000]);
    const second = await state.items.list(mailbox, { limit: 3, cursor: first.cursor });
    expect(second.items.map(({ folderId }) => folderId)).toEqual(['f2']);
    const own = await state.items.list(mailbox, { limit: 9, filter: { folderId: 'f2' } });
    expect(own.items).toEqual([item(1, { folderId: 'f2' })]);
    await expect(
      state.items.list(mailbox, { limit: 3, filter: { folderId: 'f2' }, cursor: first.cursor }),
    ).rejects.toThrow(CursorInvalidError);
  });

  test('that come twice are kept once, with what was said last', async () => {
    await state.items.put(mailbox, [item(1), item(1, { state: 'skipped', reason: 'vanished' })]);
    await state.items.put(mailbox, [item(2)]);
    await state.items.removeAll(mailbox, 'f1', [2]);
    expect((await state.items.list(mailbox, { limit: 9 })).items).toEqual([
      item(1, { state: 'skipped', reason: 'vanished' }),
    ]);
  });

  test('keep of hostile headers what a report needs, cut within no character', async () => {
    const subject = `${'a'.repeat(999)}😀${'b'.repeat(1_000_000)}`;
    await state.items.put(mailbox, [item(1, { subject })]);
    const [read] = (await state.items.list(mailbox, { limit: 1 })).items;
    expect(read?.subject).toHaveLength(1000);
    expect(read?.subject?.isWellFormed()).toBe(true);
  });
});

describe('the history of a mailbox', () => {
  test('is told with the newest first', async () => {
    for (const type of ['one', 'two', 'three']) {
      await state.events.add(mailbox, { at: now, type, text: type, data: { lane: 1, side: 'source' } });
      now += 1000;
    }
    const { items } = await state.events.list(mailbox, { limit: 10 });
    expect(items.map(({ type }) => type).toSorted()).toEqual(['one', 'three', 'two']);
    expect(items[0]).toEqual({
      at: expect.any(Number),
      type: expect.any(String),
      text: expect.any(String),
      data: { lane: 1, side: 'source' },
    });
  });

  test('is forgotten after ninety days, also where nobody sweeps', async () => {
    await state.events.add(mailbox, { at: now, type: 'old', text: 'Old.' });
    now += 89 * DAY_MS;
    await state.events.add(mailbox, { at: now, type: 'new', text: 'New.' });
    expect((await state.events.list(mailbox, { limit: 10 })).items).toHaveLength(2);
    now += 2 * DAY_MS;
    expect((await state.events.list(mailbox, { limit: 10 })).items.map(({ type }) => type)).toEqual(['new']);
  });
});

const begin = (hash = 'hash-1') => state.idempotency.begin(mailbox.tenant, 'key-1', hash);

const begun = async (): Promise<string> => {
  const start = await begin();
  if (start.kind !== 'begun') throw new Error(start.kind);
  return start.token;
};

describe('a request with an idempotency key', () => {
  test('is begun by one of many at once; the others are told to wait', async () => {
    const starts = await Promise.all(Array.from({ length: 10 }, () => begin()));
    expect(starts.map(({ kind }) => kind).toSorted()).toEqual([
      'begun',
      ...Array.from({ length: 9 }, () => 'in-progress'),
    ]);
  });

  test('is answered again with what was answered first', async () => {
    const response = { status: 201, body: { id: 'm1', list: [1, null, ''], empty: {} } };
    await state.idempotency.finish(mailbox.tenant, 'key-1', await begun(), response);
    expect(await begin()).toEqual({ kind: 'finished', response });
    expect(await begin('hash-2')).toEqual({ kind: 'mismatch' });
    expect(await state.idempotency.get(mailbox.tenant, 'key-1')).toMatchObject({
      requestHash: 'hash-1',
      response,
    });
  });

  test('of another tenant is another request', async () => {
    await begun();
    expect((await state.idempotency.begin(cloud.tenant(), 'key-1', 'hash-1')).kind).toBe('begun');
  });

  test('that was abandoned may be begun anew', async () => {
    await state.idempotency.abandon(mailbox.tenant, 'key-1', await begun());
    expect((await begin()).kind).toBe('begun');
  });

  test('whose server died is taken over after a minute, and the dead one changes nothing any more', async () => {
    const dead = await begun();
    now += 59_000;
    expect((await begin()).kind).toBe('in-progress');
    now += 2000;
    expect((await begin('hash-2')).kind).toBe('mismatch');
    const heir = await begun();
    await state.idempotency.finish(mailbox.tenant, 'key-1', dead, { status: 500, body: 'dead' });
    await state.idempotency.abandon(mailbox.tenant, 'key-1', dead);
    expect((await begin()).kind).toBe('in-progress');
    await state.idempotency.finish(mailbox.tenant, 'key-1', heir, { status: 200, body: 'heir' });
    expect(await begin()).toMatchObject({ response: { body: 'heir' } });
  });

  test('is forgotten after a day, also where nobody sweeps', async () => {
    await state.idempotency.finish(mailbox.tenant, 'key-1', await begun(), { status: 200, body: null });
    now += DAY_MS;
    expect(await state.idempotency.get(mailbox.tenant, 'key-1')).toBeUndefined();
    expect((await begin('hash-2')).kind).toBe('begun');
  });
});
