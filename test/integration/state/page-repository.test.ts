import fc from 'fast-check';
import { ulid } from 'ulid';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { countEntries, emptyCounts } from '../../../shared/migration/ledger-counts.ts';
import type { LedgerEntry } from '../../../shared/migration/ledger-entry.ts';
import { RecordCorruptError, RecordTooBigError, StaleWriteError } from '../../../shared/state/errors.ts';
import { type MailboxKey, pageKey } from '../../../shared/state/keys.ts';
import type { PackedPage } from '../../../shared/state/page-record.ts';
import type { PageRecord, PageRepository } from '../../../shared/state/page-repository.ts';
import { cutAfter, loseFirstAnswer } from '../../support/cut-clients.ts';
import { startTestCloud, type TestCloud } from '../../support/test-cloud.ts';

let cloud: TestCloud;
let pages: PageRepository;
let mailbox: MailboxKey;

beforeAll(async () => {
  cloud = await startTestCloud();
  pages = cloud.state().pages;
});
afterAll(() => cloud.close());
beforeEach(() => {
  mailbox = { tenant: cloud.tenant(), mailboxId: ulid() };
});

function page(number: number, fields: Partial<PageRecord> = {}): PageRecord {
  const entries: LedgerEntry[] = Array.from({ length: 500 }, (_unused, index) => ({
    uid: number * 500 + index + 1,
    state: 'copied',
    destinationUid: 10_000 + index,
    flags: ['\\Seen', '$Forwarded'],
    fingerprint: BigInt(index) * 0x1234_5678_9abcn,
    size: 1000 + index,
  }));
  return {
    folderId: 'f1',
    epoch: 1,
    number,
    firstUid: number * 500 + 1,
    lastUid: number * 500 + 500,
    entries,
    counts: countEntries(entries),
    version: 1,
    ...fields,
  };
}
const all = async <Item>(items: AsyncIterable<Item>): Promise<Item[]> => {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
};
const folder = { folderId: 'f1', epoch: 1 };

describe('a ledger page', () => {
  test('is read back as it was written, intent and 64-bit fingerprints included', async () => {
    const written = page(0, {
      intent: { lane: 2, fence: 7, destinationUidNext: 4_294_967_295, destinationUidValidity: 1 },
    });
    await pages.create(mailbox, [written]);
    expect(await pages.get(mailbox, { ...folder, number: 0 })).toEqual(written);
    expect(await pages.get(mailbox, { ...folder, number: 1 })).toBeUndefined();
  });

  test('without entries is read back', async () => {
    const empty = page(3, { entries: [], counts: emptyCounts() });
    await pages.create(mailbox, [empty]);
    expect(await pages.get(mailbox, empty)).toEqual(empty);
  });

  test('is saved by one of two that read the same version, and the other is told', async () => {
    const first = page(0);
    await pages.create(mailbox, [first]);
    const saving = await Promise.allSettled([
      pages.save(mailbox, { ...first, firstUid: 11 }, 1),
      pages.save(mailbox, { ...first, firstUid: 22 }, 1),
    ]);
    const saved = saving.filter((result) => result.status === 'fulfilled');
    const refused = saving.filter((result) => result.status === 'rejected');
    expect(saved).toHaveLength(1);
    expect(refused[0]?.reason).toBeInstanceOf(StaleWriteError);
    expect(await pages.get(mailbox, first)).toEqual(saved[0]?.value);
    expect(saved[0]?.value.version).toBe(2);
  });

  test('whose save was sent twice because an answer was lost is not taken for stale', async () => {
    await pages.create(mailbox, [page(0)]);
    const clients = cloud.clients();
    const { lost } = loseFirstAnswer(clients, 'PutItem');
    const saved = await cloud.state({ clients }).pages.save(mailbox, page(0), 1);
    expect(lost()).toBe(true);
    expect(saved.version).toBe(2);
    await expect(pages.save(mailbox, page(0), 1)).rejects.toThrow(StaleWriteError);
  });

  test('loses its intent when it is saved without one', async () => {
    const intent = { lane: 0, fence: 1, destinationUidNext: 1, destinationUidValidity: 1, at: 1 };
    await pages.create(mailbox, [page(0, { intent })]);
    await pages.save(mailbox, page(0), 1);
    expect(await pages.get(mailbox, page(0))).not.toHaveProperty('intent');
  });

  test('is refused with a typed error when its flags make it too large for an item', async () => {
    const entries = page(0).entries.map(
      (entry, index): LedgerEntry =>
        entry.state === 'copied' ? { ...entry, flags: [`${'x'.repeat(900)}${index}`] } : entry,
    );
    await expect(pages.create(mailbox, [page(0, { entries })])).rejects.toThrow(RecordTooBigError);
  });

  test('with broken entries is reported as corrupt', async () => {
    const broken = { ...page(0), entries: new Uint8Array([255, 1, 2]), ...pageKey(mailbox, page(0)) };
    await cloud.clients().documents.send(new PutCommand({ TableName: cloud.table, Item: broken }));
    await expect(pages.get(mailbox, page(0))).rejects.toThrow(RecordCorruptError);
    for (const listed of [pages.listPacked(mailbox, folder), pages.listAllPacked(mailbox)]) {
      const [packed] = await all(listed);
      expect(() => packed?.forEachEntry(() => undefined)).toThrow(RecordCorruptError);
    }
  });

  test('is told apart from a fault of whoever looks at its entries', async () => {
    await pages.create(mailbox, [page(0)]);
    const [packed] = await all(pages.listPacked(mailbox, folder));
    const fault = new RangeError('not the page');
    expect(() =>
      packed?.forEachEntry(() => {
        throw fault;
      }),
    ).toThrow(fault);
  });
});

describe('the pages of a folder', () => {
  test('are listed by number, of their own epoch and folder only', async () => {
    const own = Array.from({ length: 60 }, (_unused, index) => page(index));
    await pages.create(mailbox, own.toReversed());
    await pages.create(mailbox, [
      page(0, { epoch: 2 }),
      page(0, { folderId: 'f10' }),
      page(0, { folderId: 'f' }),
    ]);
    expect((await all(pages.list(mailbox, folder))).map(({ number }) => number)).toEqual(
      own.map(({ number }) => number),
    );
    const outlines = await all(pages.listOutlines(mailbox, folder));
    expect(outlines[59]).toEqual((({ entries: _entries, ...outline }) => outline)(page(59)));
    expect(await pages.last(mailbox, folder)).toEqual(page(59));
    expect(await pages.last(mailbox, { folderId: 'f3', epoch: 1 })).toBeUndefined();
  });

  test('are the same when they are looked at without an object for each entry', async () => {
    const entries: LedgerEntry[] = [
      { uid: 3, state: 'pending', attempts: 1 },
      { uid: 9, state: 'adopted', destinationUid: 0, flags: [], fingerprint: 1n, size: 1 },
      { uid: 4_294_967_295, state: 'failed', reason: 'refused', attempts: 2, fingerprint: 0n, size: 2 },
    ];
    await pages.create(mailbox, [page(0), page(1, { entries }), page(0, { folderId: 'f2' })]);
    const shown = (packed: PackedPage) => {
      const list: unknown[] = [];
      packed.forEachEntry(({ uid, state, destinationUid }) => list.push({ uid, state, destinationUid }));
      const { forEachEntry: _forEachEntry, ...outline } = packed;
      return { ...outline, entries: list };
    };
    const wanted = (whole: PageRecord) => ({
      ...whole,
      entries: whole.entries.map((entry) => ({
        uid: entry.uid,
        state: entry.state,
        destinationUid: 'destinationUid' in entry ? entry.destinationUid : 0,
      })),
    });
    const own = [page(0), page(1, { entries })].map(wanted);
    expect((await all(pages.listPacked(mailbox, folder))).map(shown)).toEqual(own);
    const everybody = [...own, wanted(page(0, { folderId: 'f2' }))];
    expect((await all(pages.listAllPacked(mailbox))).map(shown)).toEqual(everybody);
  });

  test('beyond one answer of DynamoDB (1 MB) are all listed', async () => {
    const count = 120;
    await pages.create(
      mailbox,
      Array.from({ length: count }, (_unused, index) => page(index)),
    );
    expect(await all(pages.listOutlines(mailbox, folder))).toHaveLength(count);
  });

  test('are removed with their epoch, also when that was killed at any request and repeated', async () => {
    let killed = true;
    for (let passes = 0; killed; passes += 1) {
      await pages.create(
        mailbox,
        Array.from({ length: 60 }, (_unused, index) => page(index)),
      );
      await pages.create(mailbox, [page(0, { epoch: 2 })]);
      const clients = cloud.clients();
      const cut = cutAfter(clients, passes, passes % 2 === 0 ? 'request' : 'answer');
      await cloud
        .state({ clients })
        .pages.removeEpoch(mailbox, folder)
        .catch(() => undefined);
      killed = cut.happened();
      await pages.removeEpoch(mailbox, folder);
      expect(await all(pages.listOutlines(mailbox, folder))).toEqual([]);
      expect(await pages.get(mailbox, { folderId: 'f1', epoch: 2, number: 0 })).toBeDefined();
    }
  });

  test('are all there after a creation killed at any request and repeated', async () => {
    const wanted = Array.from({ length: 60 }, (_unused, index) => page(index));
    let killed = true;
    for (let passes = 0; killed; passes += 1) {
      mailbox = { tenant: cloud.tenant(), mailboxId: ulid() };
      const clients = cloud.clients();
      const cut = cutAfter(clients, passes, 'answer');
      await cloud
        .state({ clients })
        .pages.create(mailbox, wanted)
        .catch(() => undefined);
      killed = cut.happened();
      await pages.create(mailbox, wanted);
      expect(await all(pages.list(mailbox, folder))).toEqual(wanted);
    }
  });
});

test('any entry of the ledger survives the table', async () => {
  const copied = fc.record({
    state: fc.constantFrom('copied' as const, 'adopted' as const),
    destinationUid: fc.integer({ min: 0, max: 4_294_967_295 }),
    flags: fc.uniqueArray(fc.constantFrom('\\Seen', '\\Flagged', '$MDNSent', 'NonJunk')),
    fingerprint: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    size: fc.integer({ min: 0, max: 4_294_967_295 }),
  });
  const failed = fc.record({
    state: fc.constantFrom('skipped' as const, 'failed' as const),
    reason: fc.constantFrom('too-big' as const, 'refused' as const),
    attempts: fc.integer({ min: 0, max: 100 }),
    fingerprint: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    size: fc.integer({ min: 0, max: 4_294_967_295 }),
  });
  const pending = fc.record({
    state: fc.constant('pending' as const),
    attempts: fc.integer({ min: 0, max: 100 }),
  });
  const uids = fc.uniqueArray(fc.integer({ min: 1, max: 4_294_967_295 }), { maxLength: 20 });
  const entries = fc
    .tuple(uids, fc.array(fc.oneof(copied, failed, pending), { minLength: 20, maxLength: 20 }))
    .map(([numbers, fates]) =>
      numbers
        .toSorted((a, b) => a - b)
        .flatMap((uid, index): LedgerEntry[] => {
          const fate = fates[index];
          return fate === undefined ? [] : [{ uid, ...fate }];
        }),
    );
  await fc.assert(
    fc.asyncProperty(entries, async (list) => {
      const written = page(1, { entries: list, counts: countEntries(list) });
      await pages.create(mailbox, [written]);
      expect(await pages.get(mailbox, written)).toEqual(written);
    }),
    { numRuns: 30 },
  );
});
