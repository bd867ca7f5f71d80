import type { LabelPolicy } from '../migration/label-policy.ts';
import type { Services } from '../services.ts';
import type { MigrationRecord } from '../state/migration-repository.ts';
import { changeMigration } from './change-migration.ts';
import { MigrationClosedError, MigrationUnknownError } from './errors.ts';
import type { MigrationKey } from './migration-key.ts';

/**
 * Chooses what becomes of labels from the next pass of a migration's mailboxes on.
 * @throws MigrationUnknownError, MigrationClosedError
 */
export async function chooseLabels(
  services: Services,
  key: MigrationKey,
  labels: LabelPolicy,
): Promise<MigrationRecord> {
  const after = await changeMigration(services, key, (record) =>
    record.status === 'active' ? { ...record, labels } : undefined,
  );
  if (after === undefined) throw new MigrationUnknownError(key.migrationId);
  if (after.status !== 'active') throw new MigrationClosedError(key.migrationId);
  return after;
}
