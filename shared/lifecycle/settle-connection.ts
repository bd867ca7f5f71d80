import type { Services } from '../services.ts';
import type { ConnectionRecord } from '../state/connection-repository.ts';
import { changeConnection } from './change-connection.ts';
import type { ConnectionKey } from './connection-key.ts';
import { migrationsOf } from './migrations-of.ts';

/** Takes a connection from closing to closed once all its migrations are closed; otherwise leaves it. */
export async function settleConnection(
  services: Services,
  key: ConnectionKey,
): Promise<ConnectionRecord | undefined> {
  const connection = await services.state.connections.get(key.tenant, key.connectionId);
  if (connection?.status !== 'closing') return connection;
  for await (const migration of migrationsOf(services, key)) {
    if (migration.status !== 'closed') return connection;
  }
  // "closed" is never shown while its secret exists
  await services.vault.destroyService({ kind: 'connection', ...key }, { seal: true });
  return changeConnection(services, key, (current) =>
    current.status === 'closing'
      ? { ...current, status: 'closed', closedAt: services.clock.now() }
      : undefined,
  );
}
