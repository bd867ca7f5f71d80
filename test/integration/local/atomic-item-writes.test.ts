import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import database, { type DynaliteStore } from 'dynalite/db/index.js';
import { writeItemsAtomically } from '../../../infra/local/dynamodb/atomic-item-writes.ts';
import { tableDefinition } from '../../../infra/local/dynamodb/create-table.ts';
import { runAction } from '../../../infra/local/dynamodb/dynalite-actions.ts';
import { levelBatch } from '../../../infra/local/dynamodb/level-batch.ts';
import { readAtOnce } from '../../../infra/local/dynamodb/read-at-once.ts';
import { eventually } from '../../support/eventually.ts';

const TABLE = 'items';

describe('a write of an item', () => {
  let folder: string;
  let store: DynaliteStore;
  let batches: string[][];
  /** What went to the disk together. */
  let written: unknown[][];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mailhaul-atomic-'));
    const plain = database.create({ path: folder, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
    await plain.db.open();
    readAtOnce(plain);
    batches = [];
    const writeBatch = levelBatch(plain, true);
    store = writeItemsAtomically(plain, (operations) => {
      batches.push(operations.map(({ type, key }) => `${type} ${key.slice(0, key.lastIndexOf('~'))}`));
      return writeBatch(operations);
    });
    await run('CreateTable', tableDefinition(TABLE));
    await eventually('the table is active', async () => {
      const { body } = await runAction(store, 'DescribeTable', { TableName: TABLE }, () => undefined);
      return JSON.stringify(body).includes('"TableStatus":"ACTIVE"');
    });
    written = [];
    plain.db.on('write', (operations: unknown[]) => written.push(operations));
  });
  afterEach(async () => {
    await new Promise((resolve) => store.db.close(resolve));
    await rm(folder, { recursive: true, force: true });
  });

  async function run(name: string, request: object): Promise<void> {
    const { status, body } = await runAction(store, name, request, () => undefined);
    if (status !== 200) throw new TypeError(JSON.stringify(body));
  }

  async function put(dueAt: number | undefined): Promise<void> {
    await run('PutItem', {
      TableName: TABLE,
      Item: {
        pk: { S: 'p' },
        sk: { S: 's' },
        mailboxId: { S: 'm' },
        ...(dueAt === undefined ? {} : { dueShard: { S: 'd' }, dueAt: { N: String(dueAt) } }),
      },
    });
  }

  test('and of its index entries is one batch, whether they come, move or go', async () => {
    const item = `put item-${TABLE}`;
    const index = `index-global~${TABLE}~due`;
    await put(undefined);
    await put(1);
    await put(2);
    await put(undefined);
    await put(3);
    await run('DeleteItem', { TableName: TABLE, Key: { pk: { S: 'p' }, sk: { S: 's' } } });
    expect(batches).toEqual([
      [item],
      [`put ${index}`, item],
      [`del ${index}`, `put ${index}`, item],
      [`del ${index}`, item],
      [`put ${index}`, item],
      [`del ${index}`, `del item-${TABLE}`],
    ]);
  });

  test('goes to the disk with those of the same request', async () => {
    const writes = ['a', 'b', 'c'].map((sk) => ({ PutRequest: { Item: { pk: { S: 'p' }, sk: { S: sk } } } }));
    await run('BatchWriteItem', { RequestItems: { [TABLE]: writes } });
    expect(batches).toEqual([[`put item-${TABLE}`], [`put item-${TABLE}`], [`put item-${TABLE}`]]);
    expect(written).toMatchObject([[{ type: 'put' }, { type: 'put' }, { type: 'put' }]]);
  });

  test('that the disk refuses is answered with an error that clients try again, and reported', async () => {
    const reported: unknown[] = [];
    const failing = writeItemsAtomically(store, () => Promise.reject(new Error('disk full')));
    const Item = { pk: { S: 'p' }, sk: { S: 's' } };
    const answer = await runAction(failing, 'PutItem', { TableName: TABLE, Item }, (error) =>
      reported.push(error),
    );
    expect(answer.status).toBe(500);
    expect(reported).toMatchObject([{ message: 'disk full' }]);
  });

  test('takes nothing of another write with it when many run at the same time', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        run('PutItem', {
          TableName: TABLE,
          Item: { pk: { S: `p${n}` }, sk: { S: 's' }, dueShard: { S: 'd' }, dueAt: { N: String(n) } },
        }),
      ),
    );
    expect(batches).toEqual(
      Array.from({ length: 20 }, () => [`put index-global~${TABLE}~due`, `put item-${TABLE}`]),
    );
  });
});
