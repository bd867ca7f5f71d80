import type { Services } from '../services.ts';
import type { ConnectionRecord } from '../state/connection-repository.ts';
import { changeConnection } from './change-connection.ts';
import { closeMigration } from './close-migration.ts';
import { migrationsOf } from './migrations-of.ts';
import type { ConnectionKey } from './connection-key.ts';
import { settleConnection } from './settle-connection.ts';

/**
 * Closes a source connection with all its migrations. Nothing new can begin on it from the first write on; what
 * still runs is stopped first.
 *
 * @returns the connection, `closing` or `closed`; undefined when there is none
 */
export async function closeConnection(
  services: Services,
  key: ConnectionKey,
): Promise<ConnectionRecord | undefined> {
  const closing = await changeConnection(services, key, (current) =>
    current.status === 'verified' ? { ...current, status: 'closing' } : undefined,
  );
  if (closing === undefined || closing.status === 'closed') return closing;
  const deadline = services.clock.monotonic() + BUDGET_MS;
  for await (const migration of migrationsOf(services, key)) {
    const budgetMs = Math.max(0, deadline - services.clock.monotonic());
    if (migration.status !== 'closed') await closeMigration(services, migration, { budgetMs });
  }
  return settleConnection(services, key);
}

/** Ms for all its migrations; a migration that gets none of it is still marked closing and left to the timer. */
const BUDGET_MS = 15_000;
