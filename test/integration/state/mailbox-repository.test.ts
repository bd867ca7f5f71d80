import { ulid } from 'ulid';
import { emptyCounts } from '../../../shared/migration/ledger-counts.ts';
import { dueShardOf } from '../../../shared/migration/resync-schedule.ts';
import { CursorInvalidError, RecordCorruptError, StaleWriteError } from '../../../shared/state/errors.ts';
import { mailboxKey, mailboxPartition } from '../../../shared/state/keys.ts';
import type { MailboxRecord, MailboxRepository } from '../../../shared/state/mailbox-repository.ts';
import { PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { cutAfter, loseFirstAnswer } from '../../support/cut-clients.ts';
import { mailboxRecord } from '../../support/mailbox-record-factory.ts';
import { startTestCloud, type TestCloud } from '../../support/test-cloud.ts';

let cloud: TestCloud;
let mailboxes: MailboxRepository;
let tenant: string;

beforeAll(async () => {
  cloud = await startTestCloud();
  mailboxes = cloud.state().mailboxes;
});
afterAll(() => cloud.close());
beforeEach(() => {
  tenant = cloud.tenant();
});

const create = async (fields: Partial<MailboxRecord> = {}): Promise<MailboxRecord> => {
  const record = mailboxRecord({ tenant, ...fields });
  await mailboxes.create([record]);
  return record;
};
const listAll = async (migrationId = 'migration-1', limit = 100): Promise<MailboxRecord[]> => {
  const all: MailboxRecord[] = [];
  let cursor: string | undefined;
  do {
    const page = await mailboxes.list(tenant, migrationId, { limit, cursor });
    all.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return all;
};

describe('a mailbox', () => {
  test('is read back as it was written, with every field', async () => {
    const record = await create({
      userRoot: 'Archiv/Jürgen',
      displayName: 'Jürgen Groß',
      reason: { code: 'over-quota', detail: 'Mailbox full', side: 'destination' },
      status: 'needs-attention',
      throttledUntil: 5,
      requestedPass: true,
      finalPass: false,
      sourceDelimiter: '/',
      lastSyncedAt: 9,
      dueAt: 77,
      pass: {
        number: 3,
        kind: 'incremental',
        phase: 'copying',
        trigger: 'timer',
        startedAt: 1,
        finishedAt: 2,
      },
    });
    expect(await mailboxes.get(tenant, record.mailboxId)).toEqual(record);
  });

  test('of another tenant is not there', async () => {
    const { mailboxId } = await create();
    expect(await mailboxes.get(cloud.tenant(), mailboxId)).toBeUndefined();
    expect(await mailboxes.change(cloud.tenant(), mailboxId, (record) => record)).toBeUndefined();
  });

  test('may have an empty delimiter and an empty detail', async () => {
    const record = await create({ sourceDelimiter: '', reason: { code: 'internal', detail: '' } });
    expect(await mailboxes.get(tenant, record.mailboxId)).toEqual(record);
  });

  test('that is created again keeps what has become of it', async () => {
    const record = await create();
    await mailboxes.change(tenant, record.mailboxId, (now) => ({ ...now, status: 'syncing' }));
    await mailboxes.create([record]);
    expect(await mailboxes.get(tenant, record.mailboxId)).toMatchObject({ status: 'syncing', version: 2 });
  });

  test('that another version wrote is reported with its fields and none of its values', async () => {
    const record = await create({ sourceUser: 'secret-name' });
    await cloud.clients().documents.send(
      new PutCommand({
        TableName: cloud.table,
        Item: { ...record, ...mailboxKey(record), status: 'odd', failures: 'x' },
      }),
    );
    const reading = mailboxes.get(tenant, record.mailboxId);
    await expect(reading).rejects.toThrow(RecordCorruptError);
    await expect(reading).rejects.toMatchObject({ paths: ['status', 'failures'] });
  });
});

describe('a change', () => {
  test('by many at once loses none of them', async () => {
    const { mailboxId } = await create();
    const writers = 8;
    await Promise.all(
      Array.from({ length: writers }, () =>
        mailboxes.change(tenant, mailboxId, (record) => ({ ...record, failures: record.failures + 1 })),
      ),
    );
    expect(await mailboxes.get(tenant, mailboxId)).toMatchObject({ failures: writers, version: 1 + writers });
  });

  test('that is sent twice because an answer was lost counts once', async () => {
    const { mailboxId } = await create();
    const clients = cloud.clients();
    const { lost } = loseFirstAnswer(clients, 'PutItem');
    const answer = await cloud
      .state({ clients })
      .mailboxes.change(tenant, mailboxId, (record) => ({ ...record, failures: record.failures + 1 }));
    expect(lost()).toBe(true);
    expect(answer).toMatchObject({ failures: 1, version: 2 });
    expect(await mailboxes.get(tenant, mailboxId)).toEqual(answer);
  });

  test('of nothing writes nothing, and tells how the mailbox stands', async () => {
    const record = await create();
    expect(await mailboxes.change(tenant, record.mailboxId, () => undefined)).toEqual(record);
  });

  test('gives up with a typed error when others interfere each time', async () => {
    const { mailboxId } = await create();
    const clients = cloud.clients();
    clients.documents.middlewareStack.add(
      (next, context) => async (args) => {
        if (context.commandName === 'PutItemCommand') {
          await mailboxes.change(tenant, mailboxId, (record) => ({ ...record, failures: 1 }));
        }
        return next(args);
      },
      { step: 'build' },
    );
    const changing = cloud
      .state({ clients })
      .mailboxes.change(tenant, mailboxId, (record) => ({ ...record, failures: 9 }));
    await expect(changing).rejects.toThrow(StaleWriteError);
  });
});

describe('due mailboxes', () => {
  test('are found in their shard when their time has come, the longest waiting first', async () => {
    const ids = Array.from({ length: 60 }, () => ulid());
    const shard = dueShardOf(ids[0] ?? '');
    const mine = ids.filter((id) => dueShardOf(id) === shard);
    await mailboxes.create(
      ids.map((mailboxId, index) => mailboxRecord({ tenant, mailboxId, dueAt: 1_000_000 - index })),
    );
    const due = await mailboxes.due(shard, 1_000_000, 100);
    expect(due.filter((found) => found.tenant === tenant)).toEqual(
      mine
        .toReversed()
        .map((mailboxId) => ({ tenant, mailboxId, dueAt: 1_000_000 - ids.indexOf(mailboxId) })),
    );
    expect(
      (await mailboxes.due(shard, 1_000_000 - 61, 100)).filter((found) => found.tenant === tenant),
    ).toEqual([]);
    expect(await mailboxes.due(shard, 1_000_000, 1)).toHaveLength(1);
  });

  test('leave the index with their due time, and come back with it', async () => {
    const { mailboxId } = await create({ dueAt: 5 });
    const shard = dueShardOf(mailboxId);
    const isDue = async () =>
      (await mailboxes.due(shard, 100, 1000)).some((found) => found.mailboxId === mailboxId);
    expect(await isDue()).toBe(true);
    await mailboxes.change(tenant, mailboxId, ({ dueAt: _dueAt, ...rest }) => rest);
    expect(await isDue()).toBe(false);
    await mailboxes.change(tenant, mailboxId, (record) => ({ ...record, dueAt: 6 }));
    expect(await isDue()).toBe(true);
  });
});

describe('the mailboxes of a migration', () => {
  test('are listed page by page, each once, in the order of their ids', async () => {
    const records = Array.from({ length: 25 }, () => mailboxRecord({ tenant }));
    await mailboxes.create(records);
    await mailboxes.create([mailboxRecord({ tenant, migrationId: 'migration-2' })]);
    const ids = (await listAll('migration-1', 7)).map(({ mailboxId }) => mailboxId);
    expect(ids).toEqual(records.map(({ mailboxId }) => mailboxId).toSorted());
  });

  test('are listed and counted by status, which follows every change', async () => {
    const records = Array.from({ length: 9 }, () => mailboxRecord({ tenant }));
    await mailboxes.create(records);
    for (const { mailboxId } of records.slice(0, 5)) {
      await mailboxes.change(tenant, mailboxId, (record) => ({ ...record, status: 'synced' }));
    }
    const synced: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await mailboxes.list(tenant, 'migration-1', { limit: 2, cursor, status: 'synced' });
      synced.push(...page.items.map(({ mailboxId }) => mailboxId));
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(synced).toEqual(
      records
        .slice(0, 5)
        .map(({ mailboxId }) => mailboxId)
        .toSorted(),
    );
    expect(await mailboxes.countByStatus(tenant, 'migration-1')).toMatchObject({
      starting: 4,
      synced: 5,
      failed: 0,
    });
  });

  test('more than a hundred fit on one page', async () => {
    await mailboxes.create(Array.from({ length: 130 }, () => mailboxRecord({ tenant })));
    const page = await mailboxes.list(tenant, 'migration-1', { limit: 1000 });
    expect(page.items).toHaveLength(130);
    expect(page.cursor).toBeUndefined();
  });

  test('are not listed by a cursor of another tenant, migration or status, or by a forged one', async () => {
    await mailboxes.create(Array.from({ length: 4 }, () => mailboxRecord({ tenant })));
    const other = cloud.tenant();
    await mailboxes.create(Array.from({ length: 4 }, () => mailboxRecord({ tenant: other })));
    const { cursor } = await mailboxes.list(other, 'migration-1', { limit: 1 });
    const { cursor: ofStatus } = await mailboxes.list(tenant, 'migration-1', {
      limit: 1,
      status: 'starting',
    });
    const forged = Buffer.from(JSON.stringify({ pk: `T#${other}#MIGRATION#migration-1`, sk: 'MAILBOX#0' }));
    for (const wrong of [cursor, ofStatus, forged.toString('base64url'), 'garbage', '']) {
      expect(wrong).toBeDefined();
      await expect(mailboxes.list(tenant, 'migration-1', { limit: 1, cursor: wrong })).rejects.toThrow(
        CursorInvalidError,
      );
    }
    const page = await mailboxes.list(tenant, 'migration-1', { limit: 1, status: 'synced' });
    expect(page.items).toEqual([]);
    await expect(
      mailboxes.list(tenant, 'migration-1', { limit: 1, status: 'synced', cursor: ofStatus }),
    ).rejects.toThrow(CursorInvalidError);
  });

  test.each(['request', 'answer'] as const)(
    'are all there after a creation killed at any %s and repeated',
    async (lost) => {
      let killed = true;
      for (let passes = 0; killed; passes += 1) {
        tenant = cloud.tenant();
        const records = Array.from({ length: 8 }, () => mailboxRecord({ tenant }));
        const clients = cloud.clients();
        const cut = cutAfter(clients, passes, lost);
        await cloud
          .state({ clients })
          .mailboxes.create(records)
          .catch(() => undefined);
        killed = cut.happened();
        // what stands is never a mailbox that no list shows
        const standing = await Promise.all(records.map(({ mailboxId }) => mailboxes.get(tenant, mailboxId)));
        const seen = (await listAll()).map(({ mailboxId }) => mailboxId);
        expect(seen).toEqual(expect.arrayContaining(standing.flatMap((record) => record?.mailboxId ?? [])));
        await mailboxes.create(records);
        expect(await listAll()).toHaveLength(8);
      }
    },
  );
});

async function itemsOf(partition: string): Promise<unknown[]> {
  const query = new QueryCommand({
    TableName: cloud.table,
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': partition },
  });
  return (await cloud.clients().documents.send(query)).Items ?? [];
}

test('removing a mailbox, killed at any request and repeated, leaves nothing of it', async () => {
  let killed = true;
  for (let passes = 0; killed; passes += 1) {
    const record = await create({ migrationId: `migration-${passes}` });
    const { events, folders } = cloud.state();
    const key = { tenant, mailboxId: record.mailboxId };
    for (let index = 0; index < 30; index += 1) {
      await events.add(key, { at: Date.now(), type: 'started', text: 'Started.' });
    }
    await folders.putAll(
      key,
      ['f1', 'f2'].map((folderId) => ({
        folderId,
        sourcePath: folderId,
        sourceDelimiter: '/',
        destinationPath: folderId,
        rank: 10,
        order: 0,
        epoch: 1,
        pages: 0,
        counts: emptyCounts(),
        touchedInPass: 1,
      })),
    );
    const read = await folders.listToCount(key);
    await read.saveCounts(read.folders, 1);
    const clients = cloud.clients();
    const cut = cutAfter(clients, passes, passes % 2 === 0 ? 'request' : 'answer');
    await cloud
      .state({ clients })
      .mailboxes.remove(tenant, record.mailboxId)
      .catch(() => undefined);
    killed = cut.happened();
    await mailboxes.remove(tenant, record.mailboxId);
    expect(await mailboxes.get(tenant, record.mailboxId)).toBeUndefined();
    expect(await listAll(record.migrationId)).toEqual([]);
    expect((await events.list(key, { limit: 10 })).items).toEqual([]);
    expect(await folders.list(key)).toEqual([]);
    expect(await itemsOf(mailboxPartition(key))).toEqual([]);
  }
});
