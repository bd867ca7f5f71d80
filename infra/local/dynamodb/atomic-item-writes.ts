import type { Done, DynaliteStore, SubDatabase, WriteOperation } from 'dynalite/db/index.js';
import type { WriteBatch } from './level-batch.ts';

/**
 * Makes an item and its index entries one write.
 *
 * dynalite deletes the old index entries, puts the new ones and then puts the item, each by itself: a process killed
 * in between would leave a mailbox that the due index does not know, which nothing would ever wake again. Here the
 * index entries are held back, and go with the item in one LevelDB batch, which a crash leaves done or undone.
 * They are held only within one turn of the event loop: dynalite calls the item's put or del from the very callback
 * of its index writes.
 */
export function writeItemsAtomically(store: DynaliteStore, writeBatch: WriteBatch): DynaliteStore {
  let held: WriteOperation[] = [];

  const getIndexDb = (type: string, table: string, index: string): SubDatabase => {
    const prefix = `index-${type.toLowerCase()}~${table}~${index}~`;
    return derive(store.getIndexDb(type, table, index), {
      put: (key, value, done) => {
        held.push({ type: 'put', key: prefix + key, value });
        done(null);
      },
      del: (key, done) => {
        held.push({ type: 'del', key: prefix + key });
        done(null);
      },
    });
  };

  const write = (operation: WriteOperation, done: Done): void => {
    const operations = [...held, operation];
    held = [];
    // Out of the promise: what a callback throws is no failure of the batch.
    writeBatch(operations).then(
      () => setImmediate(done, null),
      (error: Error) => setImmediate(done, error),
    );
  };

  const getItemDb = (table: string): SubDatabase => {
    const prefix = `item-${table}~`;
    return derive(store.getItemDb(table), {
      put: (key, value, done) => write({ type: 'put', key: prefix + key, value }, done),
      del: (key, done) => write({ type: 'del', key: prefix + key }, done),
    });
  };

  return derive(store, { getIndexDb, getItemDb });
}

/** An object with some methods replaced; what is not replaced stays the original's own. */
function derive<T extends object>(original: T, replaced: Partial<T>): T {
  // Object.create is typed `any`; the prototype is a T and the additions are part of one.
  return Object.assign(Object.create(original) as T, replaced);
}
