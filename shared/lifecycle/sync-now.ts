import type { MailboxStatus } from '../migration/mailbox-status.ts';
import type { Services } from '../services.ts';
import type { MailboxRecord } from '../state/mailbox-repository.ts';
import { MailboxStatusError, MailboxUnknownError, MigrationClosedError } from './errors.ts';
import type { MailboxKey } from '../state/keys.ts';
import { forEachMailbox, type MailboxOutcome } from './mailbox-outcome.ts';
import { openMigrations } from './open-migrations.ts';
import { recordEvent } from './record-event.ts';
import { wakeMailboxes } from './wake-mailboxes.ts';

/** Statuses in which a mailbox is in step with its source, or on the way there. */
export const SYNCHRONISING: ReadonlySet<MailboxStatus> = new Set([
  'starting',
  'queued',
  'syncing',
  'synced',
  'throttled',
]);

/**
 * Looks for new mail now rather than at the next due time. While a pass runs, another one follows it, for the
 * running one may have looked at a folder already; while throttled, it follows the throttle.
 */
export async function syncNow(services: Services, keys: readonly MailboxKey[]): Promise<MailboxOutcome[]> {
  const isOpen = openMigrations(services);
  const outcomes = await forEachMailbox(keys, (key) => syncOne(services, key, isOpen));
  const wakeable = keys.filter((_key, index) => {
    const outcome = outcomes[index];
    return outcome?.ok === true && mayWakeAtOnce(outcome.record);
  });
  await wakeMailboxes(services, wakeable, 'request');
  return outcomes;
}

async function syncOne(
  services: Services,
  key: MailboxKey,
  isOpen: (record: MailboxRecord) => Promise<boolean>,
): Promise<MailboxOutcome> {
  const { tenant, mailboxId } = key;
  const found = await services.state.mailboxes.get(tenant, mailboxId);
  if (found === undefined) return { ok: false, mailboxId, error: new MailboxUnknownError(mailboxId) };
  if (!(await isOpen(found))) {
    return { ok: false, mailboxId, error: new MigrationClosedError(found.migrationId) };
  }
  let changed = false;
  let refusal: MailboxStatusError | undefined;
  const record = await services.state.mailboxes.change(tenant, mailboxId, (current) => {
    refusal = SYNCHRONISING.has(current.status)
      ? undefined
      : new MailboxStatusError(mailboxId, current.status, 'sync');
    if (refusal !== undefined) return undefined;
    changed = true;
    if (!mayWakeAtOnce(current)) return { ...current, requestedPass: true };
    const pass = { ...current.pass, trigger: 'request' as const };
    return { ...current, requestedPass: true, pass, dueAt: services.clock.now() };
  });
  if (record === undefined) return { ok: false, mailboxId, error: new MailboxUnknownError(mailboxId) };
  if (refusal !== undefined) return { ok: false, mailboxId, error: refusal };
  await recordEvent(services, key, 'sync-requested');
  return { ok: true, mailboxId, changed, record };
}

function mayWakeAtOnce(record: MailboxRecord): boolean {
  return record.pass.phase === 'idle' && record.status !== 'throttled';
}
