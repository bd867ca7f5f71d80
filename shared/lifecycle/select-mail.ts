import type { MailSelection } from '../migration/selection/mail-selection.ts';
import type { Services } from '../services.ts';
import type { MigrationRecord } from '../state/migration-repository.ts';
import { changeMigration } from './change-migration.ts';
import { MigrationClosedError, MigrationUnknownError } from './errors.ts';
import type { MigrationKey } from './migration-key.ts';

/**
 * Chooses what of a migration's mailboxes is copied from their next pass on.
 * @throws MigrationUnknownError, MigrationClosedError
 */
export async function selectMail(
  services: Services,
  key: MigrationKey,
  selection: MailSelection,
): Promise<MigrationRecord> {
  const after = await changeMigration(services, key, (record) =>
    record.status === 'active' ? { ...record, selection } : undefined,
  );
  if (after === undefined) throw new MigrationUnknownError(key.migrationId);
  if (after.status !== 'active') throw new MigrationClosedError(key.migrationId);
  return after;
}
