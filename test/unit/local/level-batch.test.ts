import type { LevelDatabase, WriteOperation } from 'dynalite/db/index.js';
import { levelBatch, type WriteBatch } from '../../../infra/local/dynamodb/level-batch.ts';

interface Asked {
  readonly keys: string[];
  readonly sync: boolean;
}

/** A database whose class has the batch, as LevelDB's has. */
function writing(sync: boolean, result: () => Promise<void>): { write: WriteBatch; asked: Asked[] } {
  const asked: Asked[] = [];
  const batch: LevelDatabase['batch'] = (operations, options) => {
    asked.push({ keys: operations.map(({ key }) => key), ...options });
    return result();
  };
  // Of the database nothing but the batch is used.
  const db = Object.create({ batch }) as LevelDatabase;
  return { write: levelBatch({ db }, sync), asked };
}

function del(key: string): WriteOperation {
  return { type: 'del', key };
}

describe('batches of the embedded database', () => {
  test('that come in one turn go as one, in their order', async () => {
    const { write, asked } = writing(true, async () => undefined);
    await Promise.all([write([del('a'), del('b')]), write([del('c')])]);
    expect(asked).toEqual([{ keys: ['a', 'b', 'c'], sync: true }]);
  });

  test('that come later go by themselves, also while another is written', async () => {
    const first = Promise.withResolvers<void>();
    const results = [first.promise, Promise.resolve()];
    const { write, asked } = writing(false, () => results.shift() ?? Promise.resolve());
    const slow = write([del('a')]);
    await new Promise(setImmediate);
    await write([del('b')]);
    first.resolve();
    await slow;
    expect(asked).toEqual([
      { keys: ['a'], sync: false },
      { keys: ['b'], sync: false },
    ]);
  });

  test('fail all together when the disk refuses, and the next one is tried anew', async () => {
    const results = [Promise.reject(new Error('disk full')), Promise.resolve()];
    const { write } = writing(true, () => results.shift() ?? Promise.resolve());
    const outcomes = await Promise.allSettled([write([del('a')]), write([del('b')])]);
    expect(outcomes).toMatchObject([
      { reason: { message: 'disk full' } },
      { reason: { message: 'disk full' } },
    ]);
    await expect(write([del('c')])).resolves.toBeUndefined();
  });
});
