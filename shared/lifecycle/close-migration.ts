import type { Services } from '../services.ts';
import type { MailboxRecord } from '../state/mailbox-repository.ts';
import type { MigrationRecord } from '../state/migration-repository.ts';
import { changeMigration } from './change-migration.ts';
import { closeMailboxes } from './close-mailboxes.ts';
import { MigrationUnknownError } from './errors.ts';
import type { MigrationKey } from './migration-key.ts';
import { mailboxesIn, UNCLOSED, UNSTOPPED } from './mailboxes-in.ts';
import { settleConnection } from './settle-connection.ts';
import { stopMailboxes } from './stop-mailboxes.ts';

/** Ms that one call works: well under the API function's 29 s and the timer's 50 s. */
const BUDGET_MS = 12_000;

/**
 * Ends a migration for good: stops what still runs, destroys every credential, closes the mailboxes. Reports stay.
 *
 * May be called any number of times, by the API, by the worker that ended last and by the timer; each call goes on
 * where the state stands. The order is status closing (nothing can start any more), stop everything, destroy the
 * credentials, close the mailboxes, close the migration: "closed" is never shown while a credential exists. Where a
 * call ends early, a mailbox is left due, by which the timer finds the migration again.
 *
 * @returns the migration: `closing` while somebody still works or time ran out, else `closed`
 * @throws MigrationUnknownError
 */
export async function closeMigration(
  services: Services,
  key: MigrationKey,
  options: { budgetMs?: number } = {},
): Promise<MigrationRecord> {
  const { clock } = services;
  const deadline = clock.monotonic() + (options.budgetMs ?? BUDGET_MS);
  const migration = await changeMigration(services, key, (current) =>
    current.status === 'active' ? { ...current, status: 'closing' } : undefined,
  );
  if (migration === undefined) throw new MigrationUnknownError(key.migrationId);
  if (migration.status === 'closed') return migration;

  let busy = false;
  for await (const page of mailboxesIn(services, key, UNSTOPPED)) {
    if (clock.monotonic() > deadline) return leaveToTimer(services, migration, page[0]);
    const outcomes = await stopMailboxes(services, page);
    busy ||= outcomes.some((outcome) => outcome.ok && outcome.record.status === 'stopping');
  }
  if (busy) return migration;

  await services.vault.destroyMigration(key.tenant, key.migrationId);
  for await (const page of mailboxesIn(services, key, UNCLOSED)) {
    if (clock.monotonic() > deadline) return leaveToTimer(services, migration, page[0]);
    await closeMailboxes(services, page);
  }
  const closed = await changeMigration(services, key, (current) =>
    current.status === 'closed' ? undefined : { ...current, status: 'closed', closedAt: clock.now() },
  );
  await settleConnection(services, { tenant: key.tenant, connectionId: migration.connectionId });
  return closed ?? migration;
}

/** Makes one mailbox due: the timer sees that its migration is closing and calls again. */
async function leaveToTimer(
  services: Services,
  migration: MigrationRecord,
  mailbox: MailboxRecord | undefined,
): Promise<MigrationRecord> {
  if (mailbox !== undefined) {
    await services.state.mailboxes.change(mailbox.tenant, mailbox.mailboxId, (current) => ({
      ...current,
      dueAt: services.clock.now(),
    }));
  }
  return migration;
}
