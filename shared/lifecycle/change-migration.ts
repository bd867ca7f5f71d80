import type { Services } from '../services.ts';
import type { MigrationRecord } from '../state/migration-repository.ts';
import { changeRecord } from './change-record.ts';
import type { MigrationKey } from './migration-key.ts';

/** Changes a migration's record; see {@link changeRecord}. */
export function changeMigration(
  { state }: Pick<Services, 'state'>,
  { tenant, migrationId }: MigrationKey,
  change: (record: MigrationRecord) => MigrationRecord | undefined,
  known?: MigrationRecord,
): Promise<MigrationRecord | undefined> {
  return changeRecord(
    () => state.migrations.get(tenant, migrationId),
    (record) => state.migrations.put(record),
    change,
    known,
  );
}
