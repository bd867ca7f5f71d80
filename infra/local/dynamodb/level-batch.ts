import type { DynaliteStore, WriteOperation } from 'dynalite/db/index.js';

/** Writes all of the operations or none; what is written outlives the process. */
export type WriteBatch = (operations: WriteOperation[]) => Promise<void>;

/**
 * LevelDB's own batch; dynalite's takes no options.
 * @param sync resolves when the operations are on the disk, so that they outlive a power cut too
 */
export function levelBatch(store: DynaliteStore, sync: boolean): WriteBatch {
  // dynalite puts its batch on the object, which leaves that of the class (abstract-level's) as it was.
  const { batch } = Object.getPrototypeOf(store.db) as LevelDatabase;
  return (operations) => batch.call(store.db, operations, { sync });
}

interface LevelDatabase {
  readonly batch: (this: unknown, operations: WriteOperation[], options: { sync: boolean }) => Promise<void>;
}
