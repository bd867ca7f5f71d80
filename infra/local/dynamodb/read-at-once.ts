import type { DynaliteStore } from 'dynalite/db/index.js';
import { ValueStream } from './value-stream.ts';

/**
 * Lets dynalite's reads take no longer way than they must.
 *
 * A single item is read in the thread that asks. LevelDB has it in memory, or the operating system has, and answers
 * within microseconds; to libuv's thread pool and back takes many times as long. The answer still comes in a turn of
 * its own, as dynalite expects. A range is read in large pieces instead of item by item.
 */
export function readAtOnce(store: DynaliteStore): void {
  const { db } = store;
  db.get = (key, done) => {
    const [error, value] = attempt(() => db.getSync(key));
    process.nextTick(done, error, value);
  };
  db.createValueStream = (range) => new ValueStream(db, range);
}

function attempt(read: () => unknown): [error: unknown, value?: unknown] {
  try {
    return [null, read()];
  } catch (error) {
    return [error];
  }
}
