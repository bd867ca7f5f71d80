import type { DynaliteStore, LevelDatabase, WriteOperation } from 'dynalite/db/index.js';

/** Writes all of the operations or none; what is written outlives the process. */
export type WriteBatch = (operations: readonly WriteOperation[]) => Promise<void>;

/**
 * LevelDB's own batch; dynalite's takes no options. What comes before the event loop turns, such as the items of a
 * BatchWriteItem, goes as one, for which the disk is waited for once.
 * @param sync resolves when the operations are on the disk, so that they outlive a power cut too
 */
export function levelBatch({ db }: Pick<DynaliteStore, 'db'>, sync: boolean): WriteBatch {
  // dynalite puts its batch on the object, which leaves that of the class (abstract-level's) as it was.
  const { batch } = Object.getPrototypeOf(db) as Pick<LevelDatabase, 'batch'>;
  let gathered: WriteOperation[] = [];
  let writing: Promise<void> | undefined;

  const write = async (): Promise<void> => {
    await Promise.resolve(); // goes on when all callbacks have run whose turn it is
    const operations = gathered;
    gathered = [];
    writing = undefined;
    await batch.call(db, operations, { sync });
  };
  return (operations) => {
    gathered.push(...operations);
    return (writing ??= write());
  };
}
