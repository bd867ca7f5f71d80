import type { Services } from '../services.ts';
import type { MailboxRecord } from '../state/mailbox-repository.ts';
import { closeMigration } from './close-migration.ts';
import { finishStopping } from './finish-stopping.ts';
import type { MailboxKey } from '../state/keys.ts';

/** Ms a worker gives to the closing of its migration; the rest is the timer's. */
const CLOSE_BUDGET_MS = 3_000;

/**
 * To be called by a worker that was told to end, or that finds a mailbox which nobody is to work on, after it has
 * released its lane (or the planner's lease). If it was the last one of a mailbox that is stopping, the mailbox is
 * stopped; if its migration is closing, that goes on.
 *
 * @returns the mailbox as it is now; undefined when there is none
 */
export async function workEnded(services: Services, key: MailboxKey): Promise<MailboxRecord | undefined> {
  const record = await finishStopping(services, key);
  if (record?.status !== 'stopped') return record;
  const migration = await services.state.migrations.get(key.tenant, record.migrationId);
  if (migration?.status !== 'closing') return record;
  await closeMigration(services, migration, { budgetMs: CLOSE_BUDGET_MS });
  return services.state.mailboxes.get(key.tenant, key.mailboxId);
}
