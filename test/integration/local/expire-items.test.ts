import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { expireItems } from '../../../infra/local/dynamodb/expire-items.ts';
import { type LocalCloud, startLocalCloud } from '../../../infra/local/local-cloud.ts';

describe('the time to live of items', () => {
  let stateDir: string;
  let cloud: LocalCloud;
  let client: DynamoDBClient;

  beforeEach(async () => {
    stateDir = await mkdtemp(join(tmpdir(), 'mailhaul-expiry-'));
    cloud = await startLocalCloud({ stateDir });
    client = new DynamoDBClient({
      region: cloud.environment['AWS_REGION'] ?? '',
      endpoint: cloud.environment['AWS_ENDPOINT_URL_DYNAMODB'] ?? '',
      credentials: cloud.credentials,
    });
  });
  afterEach(async () => {
    client.destroy();
    await cloud.close();
    await rm(stateDir, { recursive: true, force: true });
  });

  test('ends those whose time is over, and only those', async () => {
    const documents = DynamoDBDocumentClient.from(client);
    const table = cloud.environment['MAILHAUL_TABLE'] ?? '';
    const now = Date.UTC(2030, 0, 1);
    const lives: Record<string, unknown> = {
      over: now / 1000 - 1,
      'at this moment': now / 1000,
      later: now / 1000 + 1,
      'a text': '1',
    };
    for (const [sk, expiresAt] of Object.entries(lives)) {
      await documents.send(new PutCommand({ TableName: table, Item: { pk: 'p', sk, expiresAt } }));
    }
    await documents.send(new PutCommand({ TableName: table, Item: { pk: 'p', sk: 'for ever' } }));
    const large = new Uint8Array(300_000);
    for (let n = 0; n < 8; n += 1) {
      await documents.send(
        new PutCommand({ TableName: table, Item: { pk: `large ${n}`, sk: 'over', large, expiresAt: 1 } }),
      );
    }
    const { signal } = new AbortController();
    expect(await expireItems(client, { table, now, signal })).toBe(9);
    const left = await documents.send(new ScanCommand({ TableName: table }));
    expect((left.Items ?? []).map((item) => String(item['sk'])).toSorted()).toEqual([
      'a text',
      'at this moment',
      'for ever',
      'later',
    ]);
  });
});
