import type { Services } from '../services.ts';
import type { MigrationRecord } from '../state/migration-repository.ts';
import type { ConnectionKey } from './connection-key.ts';

const PAGE = 100;

/** The migrations that read from one connection. A tenant has few: they are read page by page. */
export async function* migrationsOf(
  services: Pick<Services, 'state'>,
  { tenant, connectionId }: ConnectionKey,
): AsyncGenerator<MigrationRecord> {
  let cursor: string | undefined;
  do {
    const page = await services.state.migrations.list(tenant, {
      limit: PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const migration of page.items) if (migration.connectionId === connectionId) yield migration;
    cursor = page.cursor;
  } while (cursor !== undefined);
}
