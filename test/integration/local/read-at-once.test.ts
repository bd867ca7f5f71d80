import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import database, { type DynaliteStore, type LevelRange } from 'dynalite/db/index.js';
import { levelBatch } from '../../../infra/local/dynamodb/level-batch.ts';
import { readAtOnce } from '../../../infra/local/dynamodb/read-at-once.ts';

/** More than are read in one go. */
const ITEMS = 2500;

describe('reading the embedded database', () => {
  let folder: string;
  let store: DynaliteStore;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mailhaul-reads-'));
    store = database.create({ path: folder, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
    await store.db.open();
  });
  afterEach(async () => {
    await new Promise((resolve) => store.db.close(resolve));
    await rm(folder, { recursive: true, force: true });
  });

  function get(key: string): Promise<[error: unknown, value: unknown]> {
    return new Promise((resolve) => store.db.get(key, (error, value) => resolve([error, value])));
  }

  function values(range: LevelRange): Promise<unknown[]> {
    const stream = store.db.createValueStream(range);
    const found: unknown[] = [];
    return new Promise((resolve, reject) => {
      stream.on('data', (value) => found.push(value));
      stream.on('end', () => resolve(found));
      stream.on('error', reject);
    });
  }

  async function fill(): Promise<void> {
    await levelBatch(
      store,
      false,
    )(Array.from({ length: ITEMS }, (_, n) => ({ type: 'put', key: `key-${1000 + n}`, value: { n } })));
  }

  test('gives of single items what dynalite gives by itself', async () => {
    await fill();
    const keys = ['key-1000', 'key-3499', 'nothing'];
    const plain = await Promise.all(keys.map(get));
    readAtOnce(store);
    expect(await Promise.all(keys.map(get))).toEqual(plain);
    expect(plain).toEqual([
      [null, { n: 0 }],
      [null, { n: 2499 }],
      [null, undefined],
    ]);
  });

  test('answers in a later turn, and tells an error there', async () => {
    readAtOnce(store);
    const answers: string[] = [];
    const answered = new Promise((resolve) => {
      store.db.get('nothing', (error) => resolve(answers.push(`answer ${String(error)}`)));
    });
    answers.push('asked');
    await answered;
    await new Promise((resolve) => store.db.close(resolve));
    const [error] = await get('nothing');
    expect(answers).toEqual(['asked', 'answer null']);
    expect(error).toMatchObject({ code: 'LEVEL_DATABASE_NOT_OPEN' });
  });

  test.each<[string, LevelRange]>([
    ['whole', {}],
    ['from and to', { gte: 'key-1010', lt: 'key-3300' }],
    ['of the other direction', { reverse: true, lte: 'key-2200' }],
    ['with a limit', { gt: 'key-1010', limit: 3 }],
    ['of the usual length without a limit', { gt: 'key-1010', lt: 'key-1020', limit: -1 }],
    ['empty', { gt: 'none' }],
  ])('gives of a range that is %s what dynalite gives by itself', async (_name, range) => {
    await fill();
    const plain = await values(range);
    readAtOnce(store);
    expect(await values(range)).toEqual(plain);
  });

  test('ends a range when nobody wants more of it', async () => {
    await fill();
    readAtOnce(store);
    const stream = store.db.createValueStream({});
    let seen = 0;
    await new Promise((resolve) => {
      stream.on('end', resolve);
      stream.on('data', () => {
        seen += 1;
        if (seen === 3) stream.destroy();
      });
    });
    expect(seen).toBe(3);
  });

  test('tells an error of a range, and lets go of it', async () => {
    readAtOnce(store);
    let open = true;
    store.db.values = () => ({
      nextv: () => Promise.reject(new Error('the disk failed')),
      close: async () => {
        open = false;
      },
    });
    await expect(values({})).rejects.toThrow('the disk failed');
    expect(open).toBe(false);
  });
});
