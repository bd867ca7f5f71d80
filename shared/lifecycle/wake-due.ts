import pMap from 'p-map';
import { DUE_SHARDS } from '../migration/resync-schedule.ts';
import type { Services } from '../services.ts';
import type { MailboxRecord } from '../state/mailbox-repository.ts';
import { withoutDue } from './apply-event.ts';
import { closeMailboxes } from './close-mailboxes.ts';
import { closeMigration } from './close-migration.ts';
import type { MailboxKey } from '../state/keys.ts';
import { wakeMailbox } from './wake-mailbox.ts';

export interface WakeReport {
  /** Mailboxes that were looked at. */
  readonly seen: number;
  /** Mailboxes for which wake-ups were sent. */
  readonly woken: number;
  /** Mailboxes that could not be seen to this time. */
  readonly failed: number;
  /** Mailboxes of migrations that are closing or closed. */
  readonly closing: number;
}

const PAGE = 100;
/** Mailboxes of one shard that are looked at after a restart. */
const PAGE_OF_ALL = 10_000;
export const CONCURRENCY = 16;
/** Ms; below the timer function's 50 s. What is left stays due and is seen by the next tick. */
export const BUDGET_MS = 40_000;

/**
 * One tick of the timer: sees to every mailbox whose time has come: a periodic look, the end of a throttle, a stop
 * to be completed, work that nobody is on because a message or a worker was lost. Two ticks at once, or one that
 * dies half-way, change nothing but timing.
 *
 * @param options.all at the start of one machine: looks at all that is pending, due or not
 */
export async function wakeDue(
  services: Services,
  options: { now: number; all?: boolean; budgetMs?: number },
): Promise<WakeReport> {
  const deadline = services.clock.monotonic() + (options.budgetMs ?? BUDGET_MS);
  const context = { now: options.now, all: options.all === true, epoch: services.environment.epoch };
  const ended: MailboxRecord[] = [];
  let seen = 0;
  let woken = 0;
  let failed = 0;

  const lookAt = async (key: MailboxKey): Promise<void> => {
    try {
      const result = await wakeMailbox(services, key, context);
      if (result.kind === 'woken') woken += 1;
      if (result.kind === 'migration-ended') ended.push(result.record);
    } catch (error) {
      // One mailbox that cannot be seen to does not hold up the others; it stays due, or its watchdog runs.
      failed += 1;
      services.logger.warn('The timer could not see to a mailbox', {
        mailboxId: key.mailboxId,
        error: error instanceof Error ? error.name : 'unknown',
      });
    }
  };
  for (let shard = 0; shard < DUE_SHARDS; shard += 1) {
    const known = new Set<string>();
    for (;;) {
      const rows = await services.state.mailboxes.due(
        shard,
        context.all ? Number.MAX_SAFE_INTEGER : context.now,
        context.all ? PAGE_OF_ALL : PAGE,
      );
      // An index may lag behind what we have just written: who was seen in this tick is not seen again.
      const fresh = rows.filter((row) => !known.has(`${row.tenant}/${row.mailboxId}`));
      for (const row of fresh) known.add(`${row.tenant}/${row.mailboxId}`);
      await pMap(fresh, lookAt, { concurrency: CONCURRENCY });
      seen += fresh.length;
      if (context.all || fresh.length === 0 || services.clock.monotonic() > deadline) break;
    }
  }
  await carryOnClosing(services, ended, deadline);
  return { seen, woken, failed, closing: ended.length };
}

async function carryOnClosing(
  services: Services,
  mailboxes: readonly MailboxRecord[],
  deadline: number,
): Promise<void> {
  const done = new Set<string>();
  for (const record of mailboxes) {
    const budgetMs = deadline - services.clock.monotonic();
    if (budgetMs <= 0) return;
    const migration = await services.state.migrations.get(record.tenant, record.migrationId);
    if (migration?.status === 'closing' && !done.has(migration.migrationId)) {
      done.add(migration.migrationId);
      await closeMigration(services, migration, { budgetMs });
    }
    // Closed already, so nothing carries it on any more: the mailbox itself was missed by a lagging index.
    if (migration?.status !== 'closing') await closeMailboxes(services, [record]);
    else await forgetIfClosed(services, record);
  }
}

/** The mailbox by which a closing migration was found again may be closed by now. */
async function forgetIfClosed(services: Services, { tenant, mailboxId }: MailboxRecord): Promise<void> {
  await services.state.mailboxes.change(tenant, mailboxId, (current) =>
    current.status === 'closed' && current.dueAt !== undefined && current.dueAt <= services.clock.now()
      ? withoutDue(current)
      : undefined,
  );
}
