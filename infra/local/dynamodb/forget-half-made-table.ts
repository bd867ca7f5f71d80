import type { DynaliteStore } from 'dynalite/db/index.js';
import { z } from 'zod';

const halfMade = z.object({ TableStatus: z.literal('CREATING') });

/**
 * Removes the record of a table whose creation a crash cut short: it would stay in CREATING for ever. Such a table
 * has no items yet, and is made again.
 */
export async function forgetHalfMadeTable(store: DynaliteStore, name: string): Promise<void> {
  const record = await new Promise<unknown>((resolve, reject) => {
    store.tableDb.get(name, (error, value) => (error ? reject(error) : resolve(value)));
  });
  if (!halfMade.safeParse(record).success) return;
  await new Promise<void>((resolve, reject) => {
    store.tableDb.del(name, (error) => (error ? reject(error) : resolve()));
  });
}
