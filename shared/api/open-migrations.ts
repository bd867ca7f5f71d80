import type { Services } from '../services.ts';
import type { MigrationRecord } from '../state/migration-repository.ts';

const PAGE = 200;

/** The migrations of a tenant that are not closed; a tenant has few, whatever their size. */
export async function* openMigrations(
  { state }: Pick<Services, 'state'>,
  tenant: string,
): AsyncGenerator<MigrationRecord> {
  let cursor: string | undefined;
  do {
    const page = await state.migrations.list(tenant, {
      limit: PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    yield* page.items.filter(({ status }) => status !== 'closed');
    cursor = page.cursor;
  } while (cursor !== undefined);
}
