import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import database from 'dynalite/db/index.js';
import { DynamoDBDocumentClient, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type LocalCloud, startLocalCloud } from '../../../infra/local/local-cloud.ts';
import { TABLE } from '../../../infra/resources.ts';
import { eventually } from '../../support/eventually.ts';

const WRITER = fileURLToPath(new URL('./write-until-killed.ts', import.meta.url));
const KILLS = 4;

describe('the state folder', () => {
  let stateDir: string;
  let child: ChildProcess | undefined;

  beforeEach(async () => {
    stateDir = await mkdtemp(join(tmpdir(), 'mailhaul-state-'));
  });
  afterEach(async () => {
    await kill();
    await rm(stateDir, { recursive: true, force: true });
  });

  /** Starts the writing process; the function returned tells the last number it has stored. */
  function startWriter(secretName: string): () => number {
    let printed = '';
    const writer = spawn(process.execPath, [WRITER, stateDir, secretName], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    writer.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
    child = writer;
    return () => Number(printed.slice(0, printed.lastIndexOf('\n')).split('\n').at(-1) || '-1');
  }

  async function kill(): Promise<void> {
    if (child === undefined) return;
    const ended = once(child, 'close');
    if (child.kill('SIGKILL')) await ended;
    child = undefined;
  }

  async function withCloud(use: (cloud: LocalCloud) => Promise<void>): Promise<void> {
    const cloud = await startLocalCloud({ stateDir });
    try {
      await use(cloud);
    } finally {
      await cloud.close();
    }
  }

  test('is refused to a second local cloud, and free again after the first has closed', async () => {
    const first = await startLocalCloud({ stateDir });
    await expect(startLocalCloud({ stateDir })).rejects.toMatchObject({ code: 'StateFolderBusy', stateDir });
    await first.close();
    await withCloud(async () => undefined);
  });

  test('is refused while another process works in it, and free once that is killed', async () => {
    const stored = startWriter('s');
    await eventually('the other process works', () => stored() >= 0);
    await expect(startLocalCloud({ stateDir })).rejects.toMatchObject({ code: 'StateFolderBusy', stateDir });
    await kill();
    await withCloud(async () => undefined);
  });

  test('is usable after a kill in the middle of making its table', async () => {
    const path = join(stateDir, 'dynamodb');
    const store = database.create({ path, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
    await store.db.open();
    await new Promise((resolve) => store.tableDb.put(TABLE.name, { TableStatus: 'CREATING' }, resolve));
    await new Promise((resolve) => store.db.close(resolve));
    await withCloud(async (cloud) => {
      expect(await readMailbox(cloud)).toBeUndefined();
    });
  });

  test('keeps every answered write through SIGKILL, and index entries in step with their items', async () => {
    for (let round = 0; round < KILLS; round += 1) {
      const stored = startWriter(`secret-${round}`);
      await eventually('some writes are stored', () => stored() >= 20 + 7 * round);
      await kill();
      const last = stored();
      await withCloud(async (cloud) => {
        const item = await readMailbox(cloud);
        expect(item?.['dueAt']).toBeGreaterThanOrEqual(last);
        expect(await indexEntries(cloud)).toEqual({
          due: [[item?.['dueShard'], item?.['dueAt']]],
          status: [item?.['statusKey']],
        });
        expect(await readSecret(cloud, `secret-${round}`)).toBe('kept');
      });
    }
  });
});

function documentsOf(cloud: LocalCloud): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(
    new DynamoDBClient({
      region: cloud.environment['AWS_REGION'] ?? '',
      endpoint: cloud.environment['AWS_ENDPOINT_URL_DYNAMODB'] ?? '',
      credentials: cloud.credentials,
    }),
  );
}

async function readMailbox(cloud: LocalCloud): Promise<Record<string, unknown> | undefined> {
  const documents = documentsOf(cloud);
  const answer = await documents.send(
    new GetCommand({
      TableName: cloud.environment['MAILHAUL_TABLE'],
      Key: { pk: 'T#t#MAILBOX#m', sk: 'MAILBOX' },
    }),
  );
  documents.destroy();
  return answer.Item;
}

/** All entries of both indexes, whichever key they are under. */
async function indexEntries(cloud: LocalCloud): Promise<{ due: unknown[]; status: unknown[] }> {
  const documents = documentsOf(cloud);
  const query = async (index: string, key: string, value: string): Promise<Record<string, unknown>[]> => {
    const answer = await documents.send(
      new QueryCommand({
        TableName: cloud.environment['MAILHAUL_TABLE'],
        IndexName: index,
        KeyConditionExpression: `${key} = :value`,
        ExpressionAttributeValues: { ':value': value },
      }),
    );
    return answer.Items ?? [];
  };
  const due = await Promise.all(Array.from({ length: 16 }, (_, n) => query('due', 'dueShard', `DUE#${n}`)));
  const status = await Promise.all(
    Array.from({ length: 3 }, (_, n) => query('status', 'statusKey', `t#x#${n}`)),
  );
  documents.destroy();
  return {
    due: due.flat().map((entry) => [entry['dueShard'], entry['dueAt']]),
    status: status.flat().map((entry) => entry['statusKey']),
  };
}

async function readSecret(cloud: LocalCloud, name: string): Promise<string | undefined> {
  const client = new SecretsManagerClient({
    region: cloud.environment['AWS_REGION'] ?? '',
    endpoint: cloud.environment['AWS_ENDPOINT_URL_SECRETS_MANAGER'] ?? '',
    credentials: cloud.credentials,
  });
  const answer = await client.send(new GetSecretValueCommand({ SecretId: name }));
  client.destroy();
  return answer.SecretString;
}
