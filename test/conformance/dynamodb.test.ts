import {
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { tableDefinition } from '../../infra/local/dynamodb/create-table.ts';
import { eventually } from '../support/eventually.ts';
import { type CloudUnderTest, cloudUnderTest } from './cloud-under-test.ts';

function keysOf(items: readonly Record<string, unknown>[] | undefined): unknown[] {
  return (items ?? []).map((item) => item['sk']);
}

describe('DynamoDB', () => {
  let cloud: CloudUnderTest;
  let client: DynamoDBClient;
  let documents: DynamoDBDocumentClient;
  let table: string;
  let partitions = 0;

  beforeAll(async () => {
    cloud = await cloudUnderTest('DYNAMODB');
    table = `mailhaul-conformance-${cloud.run}`;
    client = new DynamoDBClient(cloud.connection);
    documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
    await client.send(new CreateTableCommand(tableDefinition(table)));
    await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 1 }, { TableName: table });
  });

  afterAll(async () => {
    await client.send(new DeleteTableCommand({ TableName: table }));
    client.destroy();
    await cloud[Symbol.asyncDispose]();
  });

  function freshPartition(): string {
    partitions += 1;
    return `P#${partitions}`;
  }

  async function fill(pk: string, sks: readonly string[]): Promise<void> {
    const requests = sks.map((sk, n) => ({ PutRequest: { Item: { pk, sk, n } } }));
    for (let start = 0; start < requests.length; start += 25) {
      await documents.send(
        new BatchWriteCommand({ RequestItems: { [table]: requests.slice(start, start + 25) } }),
      );
    }
  }

  async function get(pk: string, sk: string): Promise<Record<string, unknown> | undefined> {
    const answer = await documents.send(
      new GetCommand({ TableName: table, Key: { pk, sk }, ConsistentRead: true }),
    );
    return answer.Item;
  }

  async function due(shard: string, until: number): Promise<unknown[]> {
    const answer = await documents.send(
      new QueryCommand({
        TableName: table,
        IndexName: 'due',
        KeyConditionExpression: 'dueShard = :shard AND dueAt <= :until',
        ExpressionAttributeValues: { ':shard': shard, ':until': until },
      }),
    );
    return (answer.Items ?? []).map((item) => item['mailboxId']);
  }

  describe('Put, Get and Delete', () => {
    test('keep strings, numbers, booleans, null, bytes, lists, maps and sets as they were', async () => {
      const item = {
        pk: freshPartition(),
        sk: 'kinds',
        text: 'Zażółć gęślą jaźń — tiếng Việt 📬',
        empty: '',
        number: -12.5,
        large: Number.MAX_SAFE_INTEGER,
        yes: true,
        nothing: null,
        bytes: Uint8Array.from([0, 255, 10, 13]),
        list: [1, 'two', { three: 3 }],
        map: { inner: { deep: 'x' } },
        set: new Set(['a', 'b']),
      };
      await documents.send(new PutCommand({ TableName: table, Item: item }));
      expect(await get(item.pk, item.sk)).toEqual(item);
    });

    test('a put that must create does not replace', async () => {
      const pk = freshPartition();
      const put = (v: number): PutCommand =>
        new PutCommand({
          TableName: table,
          Item: { pk, sk: 'one', v },
          ConditionExpression: 'attribute_not_exists(pk)',
        });
      await documents.send(put(1));
      await expect(documents.send(put(2))).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
      expect(await get(pk, 'one')).toMatchObject({ v: 1 });
    });

    test('of many puts that must create at the same time exactly one succeeds', async () => {
      const pk = freshPartition();
      const tries = await Promise.allSettled(
        Array.from({ length: 20 }, (_, v) =>
          documents.send(
            new PutCommand({
              TableName: table,
              Item: { pk, sk: 'one', v },
              ConditionExpression: 'attribute_not_exists(pk)',
            }),
          ),
        ),
      );
      expect(tries.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    });

    test('a get returns the attributes that are asked for, also under reserved names', async () => {
      const pk = freshPartition();
      await documents.send(
        new PutCommand({ TableName: table, Item: { pk, sk: 's', status: 'x', size: 2, other: 3 } }),
      );
      const answer = await documents.send(
        new GetCommand({
          TableName: table,
          Key: { pk, sk: 's' },
          ProjectionExpression: '#status, #size',
          ExpressionAttributeNames: { '#status': 'status', '#size': 'size' },
        }),
      );
      expect(answer.Item).toEqual({ status: 'x', size: 2 });
    });

    test('a get of what is not there returns nothing', async () => {
      expect(await get(freshPartition(), 'nowhere')).toBeUndefined();
    });

    test('a delete can be told what must be there, returns what was, and may be repeated', async () => {
      const pk = freshPartition();
      await documents.send(new PutCommand({ TableName: table, Item: { pk, sk: 'd', version: 3 } }));
      const remove = (version: number): DeleteCommand =>
        new DeleteCommand({
          TableName: table,
          Key: { pk, sk: 'd' },
          ConditionExpression: 'version = :version',
          ExpressionAttributeValues: { ':version': version },
          ReturnValues: 'ALL_OLD',
        });
      await expect(documents.send(remove(2))).rejects.toMatchObject({
        name: 'ConditionalCheckFailedException',
      });
      expect((await documents.send(remove(3))).Attributes).toMatchObject({ version: 3 });
      await documents.send(new DeleteCommand({ TableName: table, Key: { pk, sk: 'd' } }));
      expect(await get(pk, 'd')).toBeUndefined();
    });

    test('an item of 390 KB is kept; one beyond 400 KB is refused', async () => {
      const pk = freshPartition();
      const bytes = new Uint8Array(390 * 1024).fill(7);
      await documents.send(new PutCommand({ TableName: table, Item: { pk, sk: 'large', bytes } }));
      expect((await get(pk, 'large'))?.['bytes']).toEqual(bytes);
      const beyond = new Uint8Array(401 * 1024);
      await expect(
        documents.send(new PutCommand({ TableName: table, Item: { pk, sk: 'beyond', bytes: beyond } })),
      ).rejects.toMatchObject({ name: 'ValidationException' });
    });
  });

  describe('Update', () => {
    test('sets, counts, removes and nests in one expression, and returns the new item', async () => {
      const pk = freshPartition();
      await documents.send(
        new PutCommand({
          TableName: table,
          Item: { pk, sk: 'u', version: 1, gone: 'x', progress: { copied: 1 } },
        }),
      );
      const answer = await documents.send(
        new UpdateCommand({
          TableName: table,
          Key: { pk, sk: 'u' },
          UpdateExpression:
            'SET version = version + :one, #status = :status, progress.copied = :five, made = if_not_exists(made, :one), notes = list_append(if_not_exists(notes, :none), :items) REMOVE gone ADD tally :five',
          ConditionExpression: 'version = :seen AND attribute_exists(pk)',
          ExpressionAttributeNames: { '#status': 'status' },
          ExpressionAttributeValues: {
            ':one': 1,
            ':five': 5,
            ':seen': 1,
            ':status': 'on',
            ':none': [],
            ':items': ['a'],
          },
          ReturnValues: 'ALL_NEW',
        }),
      );
      expect(answer.Attributes).toEqual({
        pk,
        sk: 'u',
        version: 2,
        status: 'on',
        progress: { copied: 5 },
        made: 1,
        notes: ['a'],
        tally: 5,
      });
    });

    test('creates what is not there unless a condition forbids it', async () => {
      const pk = freshPartition();
      const touch = (condition?: string): UpdateCommand =>
        new UpdateCommand({
          TableName: table,
          Key: { pk, sk: 'c' },
          UpdateExpression: 'SET a = :a',
          ExpressionAttributeValues: { ':a': 1 },
          ...(condition === undefined ? {} : { ConditionExpression: condition }),
        });
      await expect(documents.send(touch('attribute_exists(pk)'))).rejects.toMatchObject({
        name: 'ConditionalCheckFailedException',
      });
      await documents.send(touch());
      expect(await get(pk, 'c')).toEqual({ pk, sk: 'c', a: 1 });
    });

    test('adds to sets and takes from them, and conditions look into them', async () => {
      const pk = freshPartition();
      const change = (expression: string, member: string, condition?: string): UpdateCommand =>
        new UpdateCommand({
          TableName: table,
          Key: { pk, sk: 'set' },
          UpdateExpression: expression,
          ExpressionAttributeNames: { '#members': 'members' },
          ExpressionAttributeValues: {
            ':set': new Set([member]),
            ...(condition === undefined ? {} : { ':member': member }),
          },
          ...(condition === undefined ? {} : { ConditionExpression: condition }),
          ReturnValues: 'ALL_NEW',
        });
      await documents.send(change('ADD #members :set', 'a'));
      const two = await documents.send(change('ADD #members :set', 'b'));
      expect(two.Attributes?.['members']).toEqual(new Set(['a', 'b']));
      await documents.send(change('DELETE #members :set', 'a', 'contains(#members, :member)'));
      await expect(
        documents.send(change('DELETE #members :set', 'a', 'contains(#members, :member)')),
      ).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
      const none = await documents.send(change('DELETE #members :set', 'b'));
      expect(none.Attributes).toEqual({ pk, sk: 'set' });
    });

    test('conditions combine comparison, absence, OR and parentheses, as a lease needs them', async () => {
      const pk = freshPartition();
      const acquire = (owner: string, now: number): UpdateCommand =>
        new UpdateCommand({
          TableName: table,
          Key: { pk, sk: 'lane' },
          UpdateExpression:
            'SET #owner = :owner, #until = :until, fence = if_not_exists(fence, :zero) + :one',
          ConditionExpression:
            'attribute_not_exists(pk) OR (#until < :now AND NOT #owner = :owner) OR #owner = :owner',
          ExpressionAttributeNames: { '#owner': 'owner', '#until': 'until' },
          ExpressionAttributeValues: {
            ':owner': owner,
            ':until': now + 60,
            ':now': now,
            ':zero': 0,
            ':one': 1,
          },
          ReturnValues: 'ALL_NEW',
        });
      expect((await documents.send(acquire('a', 100))).Attributes).toMatchObject({ owner: 'a', fence: 1 });
      await expect(documents.send(acquire('b', 159))).rejects.toMatchObject({
        name: 'ConditionalCheckFailedException',
      });
      expect((await documents.send(acquire('b', 161))).Attributes).toMatchObject({ owner: 'b', fence: 2 });
    });

    test('of many updates under one version exactly one succeeds', async () => {
      const pk = freshPartition();
      await documents.send(new PutCommand({ TableName: table, Item: { pk, sk: 'v', version: 1 } }));
      const tries = await Promise.allSettled(
        Array.from({ length: 20 }, () =>
          documents.send(
            new UpdateCommand({
              TableName: table,
              Key: { pk, sk: 'v' },
              UpdateExpression: 'SET version = version + :one',
              ConditionExpression: 'version = :seen',
              ExpressionAttributeValues: { ':one': 1, ':seen': 1 },
            }),
          ),
        ),
      );
      expect(tries.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
      expect(await get(pk, 'v')).toMatchObject({ version: 2 });
    });

    test('counts without a loss when many add at the same time', async () => {
      const pk = freshPartition();
      await Promise.all(
        Array.from({ length: 30 }, () =>
          documents.send(
            new UpdateCommand({
              TableName: table,
              Key: { pk, sk: 'n' },
              UpdateExpression: 'ADD n :one',
              ExpressionAttributeValues: { ':one': 1 },
            }),
          ),
        ),
      );
      expect(await get(pk, 'n')).toMatchObject({ n: 30 });
    });
  });

  describe('Query', () => {
    test('returns a range of one partition in the order of its keys, either way, as far as the limit', async () => {
      const pk = freshPartition();
      await fill(pk, ['PAGE#2', 'PAGE#1', 'PAGE#3', 'PAGE', 'PAGEANT', 'FOLDER#1', 'ZZZ']);
      await fill(freshPartition(), ['PAGE#9']);
      const query = (options: { forward?: boolean; limit?: number } = {}): QueryCommand =>
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
          ExpressionAttributeValues: { ':pk': pk, ':prefix': 'PAGE#' },
          ScanIndexForward: options.forward ?? true,
          ConsistentRead: true,
          ...(options.limit === undefined ? {} : { Limit: options.limit }),
        });
      expect(keysOf((await documents.send(query())).Items)).toEqual(['PAGE#1', 'PAGE#2', 'PAGE#3']);
      const last = await documents.send(query({ forward: false, limit: 1 }));
      expect(keysOf(last.Items)).toEqual(['PAGE#3']);
      expect(last.LastEvaluatedKey).toEqual({ pk, sk: 'PAGE#3' });
    });

    test('goes on from where a page ended, either way, and each key comes once', async () => {
      const pk = freshPartition();
      const keys = Array.from({ length: 23 }, (_, n) => `K#${String(n).padStart(3, '0')}`);
      await fill(pk, keys);
      for (const forward of [true, false]) {
        const seen: unknown[] = [];
        let start: Record<string, unknown> | undefined;
        do {
          const page = await documents.send(
            new QueryCommand({
              TableName: table,
              KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
              ExpressionAttributeValues: { ':pk': pk, ':prefix': 'K#' },
              Limit: 5,
              ScanIndexForward: forward,
              ...(start === undefined ? {} : { ExclusiveStartKey: start }),
            }),
          );
          seen.push(...keysOf(page.Items));
          start = page.LastEvaluatedKey;
        } while (start !== undefined);
        expect(seen).toEqual(forward ? keys : keys.toReversed());
      }
    });

    test('compares keys: between, less, greater', async () => {
      const pk = freshPartition();
      await fill(pk, ['a', 'b', 'c', 'd']);
      const query = async (condition: string, values: Record<string, string>): Promise<unknown[]> => {
        const answer = await documents.send(
          new QueryCommand({
            TableName: table,
            KeyConditionExpression: `pk = :pk AND ${condition}`,
            ExpressionAttributeValues: { ':pk': pk, ...values },
          }),
        );
        return keysOf(answer.Items);
      };
      expect(await query('sk BETWEEN :from AND :to', { ':from': 'b', ':to': 'c' })).toEqual(['b', 'c']);
      expect(await query('sk < :to', { ':to': 'c' })).toEqual(['a', 'b']);
      expect(await query('sk >= :from', { ':from': 'c' })).toEqual(['c', 'd']);
    });

    test('filters after reading, projects, and counts', async () => {
      const pk = freshPartition();
      await fill(pk, ['a', 'b', 'c', 'd']);
      const filtered = await documents.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :pk',
          FilterExpression: 'n > :n',
          ProjectionExpression: 'sk',
          ExpressionAttributeValues: { ':pk': pk, ':n': 1 },
        }),
      );
      expect(filtered.Items).toEqual([{ sk: 'c' }, { sk: 'd' }]);
      expect(filtered.ScannedCount).toBe(4);
      const counted = await documents.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :pk',
          Select: 'COUNT',
          ExpressionAttributeValues: { ':pk': pk },
        }),
      );
      expect(counted.Count).toBe(4);
      expect(counted.Items).toBeUndefined();
    });

    test('ends a page at 1 MB and goes on', async () => {
      const pk = freshPartition();
      const bytes = new Uint8Array(100 * 1024).fill(1);
      for (let n = 0; n < 15; n += 1) {
        await documents.send(new PutCommand({ TableName: table, Item: { pk, sk: `B#${10 + n}`, bytes } }));
      }
      const query = (start?: Record<string, unknown>): QueryCommand =>
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': pk },
          ...(start === undefined ? {} : { ExclusiveStartKey: start }),
        });
      const first = await documents.send(query());
      expect(first.LastEvaluatedKey).toBeDefined();
      const second = await documents.send(query(first.LastEvaluatedKey));
      expect(second.LastEvaluatedKey).toBeUndefined();
      expect([...keysOf(first.Items), ...keysOf(second.Items)]).toHaveLength(15);
    });
  });

  describe('an index', () => {
    test('follows its items: by number, moved by an update, gone with the attribute or the item', async () => {
      const shard = `DUE#${cloud.run}`;
      for (const [mailboxId, dueAt] of [
        ['m9', 900],
        ['m1', 1000],
        ['m2', 2000],
      ] as const) {
        await documents.send(
          new PutCommand({
            TableName: table,
            Item: {
              pk: `M#${mailboxId}`,
              sk: 'MAILBOX',
              mailboxId,
              tenant: 't',
              dueShard: shard,
              dueAt,
              other: 'x',
            },
          }),
        );
      }
      // An index may lag; what is asserted is where it comes to rest.
      await eventually('the index holds all three', async () => (await due(shard, 5000)).length === 3);
      expect(await due(shard, 1500)).toEqual(['m9', 'm1']);
      await documents.send(
        new UpdateCommand({
          TableName: table,
          Key: { pk: 'M#m9', sk: 'MAILBOX' },
          UpdateExpression: 'SET dueAt = :at',
          ExpressionAttributeValues: { ':at': 3000 },
        }),
      );
      await documents.send(
        new UpdateCommand({
          TableName: table,
          Key: { pk: 'M#m1', sk: 'MAILBOX' },
          UpdateExpression: 'REMOVE dueAt',
        }),
      );
      await documents.send(new DeleteCommand({ TableName: table, Key: { pk: 'M#m2', sk: 'MAILBOX' } }));
      await eventually('the index holds the moved one alone', async () => {
        return JSON.stringify(await due(shard, 5000)) === '["m9"]';
      });
      expect(await due(shard, 2999)).toEqual([]);
    });

    test('carries the attributes that it includes, and no others', async () => {
      const shard = `DUE#${cloud.run}#included`;
      const key = { pk: freshPartition(), sk: 'MAILBOX' };
      const index = { dueShard: shard, dueAt: 1 };
      await documents.send(
        new PutCommand({
          TableName: table,
          Item: { ...key, ...index, mailboxId: 'm', tenant: 't', other: 'x' },
        }),
      );
      const item = await eventually('the index knows the item', async () => {
        const answer = await documents.send(
          new QueryCommand({
            TableName: table,
            IndexName: 'due',
            KeyConditionExpression: 'dueShard = :shard',
            ExpressionAttributeValues: { ':shard': shard },
          }),
        );
        return answer.Items?.[0];
      });
      expect(item).toEqual({ ...key, ...index, mailboxId: 'm', tenant: 't' });
    });
  });

  describe('batches', () => {
    test('write and delete 25 items at once, and read back those that are there', async () => {
      const pk = freshPartition();
      const keys = Array.from({ length: 25 }, (_, n) => `B#${10 + n}`);
      await fill(pk, keys);
      const written = await documents.send(
        new BatchWriteCommand({
          RequestItems: {
            [table]: [
              ...keys.slice(0, 20).map((sk) => ({ DeleteRequest: { Key: { pk, sk } } })),
              { PutRequest: { Item: { pk, sk: 'new' } } },
            ],
          },
        }),
      );
      expect(Object.keys(written.UnprocessedItems ?? {})).toEqual([]);
      const answer = await documents.send(
        new BatchGetCommand({
          RequestItems: {
            [table]: { Keys: [...keys, 'new'].map((sk) => ({ pk, sk })), ConsistentRead: true },
          },
        }),
      );
      const found = (answer.Responses?.[table] ?? []).map((item) => String(item['sk']));
      expect(found.toSorted()).toEqual([...keys.slice(20), 'new']);
    });

    test('that name a key twice are refused', async () => {
      const put = { PutRequest: { Item: { pk: freshPartition(), sk: 'twice' } } };
      await expect(
        documents.send(new BatchWriteCommand({ RequestItems: { [table]: [put, put] } })),
      ).rejects.toMatchObject({ name: 'ValidationException' });
    });
  });

  test('a table that does not exist is named by its error', async () => {
    await expect(
      documents.send(new GetCommand({ TableName: `${table}-not`, Key: { pk: 'a', sk: 'b' } })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
