import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { ulid } from 'ulid';
import { emptyCounts, type LedgerCounts } from '../../../shared/migration/ledger-counts.ts';
import type { FolderRecord, FolderRepository } from '../../../shared/state/folder-repository.ts';
import { folderKey, type MailboxKey } from '../../../shared/state/keys.ts';
import { loseFirstAnswer } from '../../support/cut-clients.ts';
import { startTestCloud, type TestCloud } from '../../support/test-cloud.ts';

let cloud: TestCloud;
let folders: FolderRepository;
let mailbox: MailboxKey;
/** Writes of single items. */
let puts: number;
/** Reads of whatever kind. */
let reads: number;

beforeAll(async () => {
  cloud = await startTestCloud();
  const clients = cloud.clients();
  clients.documents.middlewareStack.add(
    (next, context) => (args) => {
      if (context['commandName'] === 'PutItemCommand') puts += 1;
      if (/^(Query|GetItem|BatchGetItem)Command$/.test(String(context['commandName']))) reads += 1;
      return next(args);
    },
    { step: 'deserialize' },
  );
  ({ folders } = cloud.state({ clients }));
});
afterAll(() => cloud.close());
beforeEach(() => {
  mailbox = { tenant: cloud.tenant(), mailboxId: ulid() };
  puts = 0;
  reads = 0;
});

const countsOf = (copied: number, pending = 0): LedgerCounts => ({
  ...emptyCounts(),
  listed: copied + pending,
  copied,
  pending,
  bytes: copied * 75_000,
});

function folder(index: number, fields: Partial<FolderRecord> = {}): FolderRecord {
  return {
    folderId: `f${String(index).padStart(5, '0')}`,
    sourcePath: `Folder ${index}`,
    sourceDelimiter: '/',
    destinationPath: `Folder ${index}`,
    rank: 10,
    order: index,
    epoch: 1,
    pages: 1,
    counts: countsOf(0, index),
    touchedInPass: 1,
    ...fields,
  };
}

/** As the planner leaves them: all is pending. */
async function plan(count: number, fields: Partial<FolderRecord> = {}): Promise<FolderRecord[]> {
  const planned = Array.from({ length: count }, (_, index) => folder(index, fields));
  await folders.putAll(mailbox, planned);
  return planned;
}

/** As the end of a pass finds it. */
const finished = (planned: FolderRecord, fields: Partial<FolderRecord> = {}): FolderRecord => ({
  ...planned,
  counts: countsOf(planned.counts.listed),
  retryPages: [],
  ...fields,
});

async function saveAll(count = (planned: FolderRecord) => finished(planned), pass = 1): Promise<boolean> {
  const read = await folders.listToCount(mailbox);
  return read.saveCounts(read.folders.map(count), pass);
}

describe('the counts of folders', () => {
  test('are written by one request for hundreds of them, and read with their folders by one', async () => {
    const planned = await plan(700);
    const read = await folders.listToCount(mailbox);
    const counted = planned.map((each, index) =>
      finished(each, index % 50 === 0 ? { retryPages: [0, 7] } : {}),
    );
    expect(await read.saveCounts(counted, 1)).toBe(true);
    expect(puts).toBe(1);
    reads = 0;
    expect(await folders.list(mailbox)).toEqual(counted);
    expect(reads).toBe(1);
    const some = counted.filter((_, index) => index % 70 === 0);
    expect(await Promise.all(some.map(({ folderId }) => folders.get(mailbox, folderId)))).toEqual(some);
    expect(reads).toBe(2);
    expect(await folders.get(mailbox, 'unknown')).toBeUndefined();
    expect(await folders.list({ ...mailbox, tenant: cloud.tenant() })).toEqual([]);
  });

  test('are those of what is written of a folder afterwards, in the same pass as well, until it is counted again', async () => {
    const [first, second, third] = await plan(3);
    if (first === undefined || second === undefined || third === undefined) throw new RangeError();
    expect(await saveAll()).toBe(true);
    expect(puts).toBe(1);

    const matched = { ...finished(first), destination: { uidValidity: 9 } };
    expect(await folders.putInPass(mailbox, matched, 1)).toBe(true);
    const plannedAnew = { ...second, epoch: 2, counts: countsOf(1, 5) };
    await folders.put(mailbox, plannedAnew);
    expect(await folders.list(mailbox)).toEqual([matched, plannedAnew, finished(third)]);
    expect(await folders.get(mailbox, second.folderId)).toEqual(plannedAnew);

    // A worker that has kept an older record in mind takes its folder back to it, counts included.
    expect(await folders.putInPass(mailbox, { ...third, vanished: true }, 1)).toBe(true);
    expect(await folders.get(mailbox, third.folderId)).toEqual({ ...third, vanished: true });

    expect(await saveAll()).toBe(true);
    expect(await folders.list(mailbox)).toEqual([
      finished(matched),
      finished(plannedAnew),
      finished({ ...third, vanished: true }),
    ]);
  });

  test('of who slept while others counted do not take the place of theirs', async () => {
    const planned = await plan(20);
    const late = await folders.listToCount(mailbox);
    expect(await saveAll()).toBe(true);
    expect(await late.saveCounts(planned, 1)).toBe(false);
    expect(await folders.list(mailbox)).toEqual(planned.map((each) => finished(each)));

    const lateAgain = await folders.listToCount(mailbox);
    expect(await saveAll((each) => ({ ...each, counts: countsOf(3) }), 1)).toBe(true);
    expect(await lateAgain.saveCounts(planned, 1)).toBe(false);
    expect((await folders.list(mailbox)).every(({ counts }) => counts.copied === 3)).toBe(true);
  });

  test('of who slept while a later pass was planned mean nothing to its folders', async () => {
    const planned = await plan(20);
    expect(await saveAll()).toBe(true);
    const late = await folders.listToCount(mailbox);
    const anew = planned.map((each) => ({ ...finished(each), touchedInPass: 2, counts: countsOf(4, 2) }));
    await folders.putAll(mailbox, anew.slice(0, 10));
    await late.saveCounts(planned, 1);
    expect((await folders.list(mailbox)).slice(0, 10)).toEqual(anew.slice(0, 10));
    // Who read them only now must not count them for a pass that is over.
    const later = await folders.listToCount(mailbox);
    expect(await later.saveCounts(later.folders.slice(0, 10), 1)).toBe(false);
    expect((await folders.list(mailbox)).slice(0, 10)).toEqual(anew.slice(0, 10));
  });

  test('of a few among many go to their own records, where that costs less', async () => {
    const planned = await plan(300);
    expect(await saveAll()).toBe(true);
    const read = await folders.listToCount(mailbox);
    const some = read.folders.slice(0, 3).map((each) => ({ ...each, counts: countsOf(9_999) }));
    puts = 0;
    expect(await read.saveCounts(some, 1)).toBe(true);
    expect(puts).toBe(3);
    const now = await folders.list(mailbox);
    expect(now).toEqual([...some, ...planned.slice(3).map((each) => finished(each))]);

    // What stands of the others stays when many are counted again.
    const again = await folders.listToCount(mailbox);
    puts = 0;
    const many = again.folders.slice(0, 100).map((each) => ({ ...each, counts: countsOf(7) }));
    expect(await again.saveCounts(many, 1)).toBe(true);
    expect(puts).toBe(1);
    expect(await folders.list(mailbox)).toEqual([
      ...many,
      ...planned.slice(100).map((each) => finished(each)),
    ]);
  });

  test('of one among few that somebody wrote meanwhile are not written', async () => {
    const [planned] = await plan(1);
    if (planned === undefined) throw new RangeError();
    const late = await folders.listToCount(mailbox);
    const matched = { ...planned, destination: { uidValidity: 9 } };
    expect(await folders.putInPass(mailbox, matched, 1)).toBe(true);
    expect(await late.saveCounts([finished(planned)], 1)).toBe(false);
    expect(await folders.list(mailbox)).toEqual([matched]);
  });

  test('go to the own records of those for which the common item has no room', async () => {
    const planned = await plan(450);
    const retryPages = Array.from({ length: 870 }, (_, index) => 2 * index);
    const counted = planned.map((each) => finished(each, { retryPages }));
    const read = await folders.listToCount(mailbox);
    expect(await read.saveCounts(counted, 1)).toBe(true);
    expect(puts).toBeGreaterThan(1);
    expect(puts).toBeLessThan(90);
    expect(await folders.list(mailbox)).toEqual(counted);
    // Counted again they are found in the item and in their records alike.
    expect(await saveAll()).toBe(true);
    expect(await folders.list(mailbox)).toEqual(planned.map((each) => finished(each)));
  });

  test('of folders that a former version has written go to their own records, and into the item the next time', async () => {
    const planned = Array.from({ length: 5 }, (_, index) => folder(index));
    const { documents } = cloud.clients();
    for (const each of planned) {
      const Item = { ...each, ...folderKey(mailbox, each.folderId) };
      await documents.send(new PutCommand({ TableName: cloud.table, Item }));
    }
    expect(await folders.list(mailbox)).toEqual(planned);
    const late = await folders.listToCount(mailbox);
    expect(await saveAll()).toBe(true);
    expect(puts).toBe(5);
    expect(await folders.list(mailbox)).toEqual(planned.map((each) => finished(each)));
    expect(await late.saveCounts(planned, 1)).toBe(false);
    puts = 0;
    expect(await saveAll((each) => ({ ...each, counts: countsOf(1) }))).toBe(true);
    expect(puts).toBe(1);
    expect((await folders.list(mailbox)).map(({ counts }) => counts.copied)).toEqual([1, 1, 1, 1, 1]);
  });

  test('of a folder that a former version has planned for a later pass are not written', async () => {
    const { documents } = cloud.clients();
    const put = (each: FolderRecord) =>
      documents.send(
        new PutCommand({ TableName: cloud.table, Item: { ...each, ...folderKey(mailbox, each.folderId) } }),
      );
    await put(folder(1));
    const late = await folders.listToCount(mailbox);
    await put(folder(1, { touchedInPass: 2 }));
    expect(await late.saveCounts([finished(folder(1))], 1)).toBe(false);
    expect(await folders.list(mailbox)).toEqual([folder(1, { touchedInPass: 2 })]);
  });

  test.each([1, 5])(
    'of %d folders whose write was sent twice for a lost answer are written',
    async (count) => {
      const planned = await plan(count);
      const clients = cloud.clients();
      const { lost } = loseFirstAnswer(clients, 'PutItem');
      const read = await cloud.state({ clients }).folders.listToCount(mailbox);
      expect(
        await read.saveCounts(
          planned.map((each) => finished(each)),
          1,
        ),
      ).toBe(true);
      expect(lost()).toBe(true);
      expect(await folders.list(mailbox)).toEqual(planned.map((each) => finished(each)));
    },
  );

  test('are not written at all where nothing was counted', async () => {
    await plan(3);
    const read = await folders.listToCount(mailbox);
    expect(await read.saveCounts([], 1)).toBe(true);
    expect(puts).toBe(0);
  });
});
