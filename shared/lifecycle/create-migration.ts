import type { LabelPolicy } from '../migration/label-policy.ts';
import type { MailSelection } from '../migration/selection/mail-selection.ts';
import type { Services } from '../services.ts';
import type { MigrationRecord } from '../state/migration-repository.ts';
import { type AddedMailboxes, addMailboxes, type NewMailbox } from './add-mailboxes.ts';
import { closeMigration } from './close-migration.ts';
import { MigrationClosedError } from './errors.ts';

export interface NewMigration {
  readonly tenant: string;
  /** For a new one; the migration that an earlier attempt of the same request has begun keeps its own. */
  readonly migrationId: string;
  /** Names the request, if it may be made again. */
  readonly requestKey?: string;
  readonly connectionId: string;
  readonly name?: string;
  readonly selection?: MailSelection;
  readonly labels?: LabelPolicy;
  readonly mailboxes: readonly NewMailbox[];
  readonly laneLimit: number;
}

/**
 * Makes a migration with its first mailboxes.
 *
 * The migration's record comes first, then credentials, then mailboxes. So whatever a crash leaves is visible and
 * has a way out: the same request under the same Idempotency-Key goes on where it ended, mailboxes that are missing
 * can be added, and closing the migration destroys every credential that was stored. The other order would hide
 * secrets that nothing refers to.
 *
 * @throws MigrationClosedError when the connection was closed at the same moment
 */
export async function createMigration(
  services: Services,
  input: NewMigration,
): Promise<{ migration: MigrationRecord } & AddedMailboxes> {
  const { tenant, migrationId, connectionId } = input;
  const { state, clock } = services;
  const migration =
    (await findRequested(services, input)) ??
    (await state.migrations.put({
      tenant,
      migrationId,
      connectionId,
      ...(input.name === undefined ? {} : { name: input.name }),
      ...(input.selection === undefined ? {} : { selection: input.selection }),
      ...(input.labels === undefined ? {} : { labels: input.labels }),
      status: 'active',
      mailboxCount: 0,
      createdAt: clock.now(),
      ...(input.requestKey === undefined ? {} : { options: { requestKey: input.requestKey } }),
      version: 0,
    }));
  const connection = await state.connections.get(tenant, connectionId);
  if (connection?.status !== 'verified') {
    await closeMigration(services, migration);
    throw new MigrationClosedError(migration.migrationId);
  }
  const result = await addMailboxes(services, migration, input.mailboxes, { laneLimit: input.laneLimit });
  const isAsItWas = input.mailboxes.length === 0;
  const after = isAsItWas ? migration : await state.migrations.get(tenant, migration.migrationId);
  return { migration: after ?? migration, ...result };
}

/** Attempts of one request follow each other within a day, and a tenant makes few migrations in a day. */
const REQUEST_MS = 24 * 3600 * 1000;
const RECENT = 100;

/** What an earlier attempt of the same request has begun. Attempts never run at once: the request's key is a lock. */
async function findRequested(
  { state, clock }: Services,
  { tenant, requestKey }: NewMigration,
): Promise<MigrationRecord | undefined> {
  if (requestKey === undefined) return undefined;
  const since = clock.now() - REQUEST_MS;
  const { items } = await state.migrations.list(tenant, { limit: RECENT });
  return items.find((item) => item.createdAt >= since && item.options?.['requestKey'] === requestKey);
}
