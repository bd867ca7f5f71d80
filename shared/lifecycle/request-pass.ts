import type { MailboxStatus } from '../migration/mailbox-status.ts';
import type { Services } from '../services.ts';
import type { MailboxKey } from '../state/keys.ts';
import type { MailboxRecord } from '../state/mailbox-repository.ts';
import { MailboxStatusError, MailboxUnknownError, MigrationClosedError } from './errors.ts';
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

/** Why a pass is wanted, and what goes with it. */
export interface PassRequest {
  readonly action: 'sync' | 'retry';
  /**
   * Writes what the pass is to do, before the pass is asked for.
   * @returns attributes of the mailbox by which a planning sees it; undefined where there is nothing to do
   */
  readonly prepare?: (record: MailboxRecord) => Promise<Partial<MailboxRecord> | undefined>;
}

/**
 * Asks for a pass now rather than at the next due time. While a pass runs, another one follows it, for the
 * running one may have looked at a folder already; while throttled, it follows the throttle.
 */
export async function requestPass(
  services: Services,
  keys: readonly MailboxKey[],
  request: PassRequest,
): Promise<MailboxOutcome[]> {
  const isOpen = openMigrations(services);
  const outcomes = await forEachMailbox(keys, (key) => requestOne(services, key, isOpen, request));
  const wakeable = keys.filter((_key, index) => {
    const outcome = outcomes[index];
    return outcome?.ok === true && outcome.changed && mayWakeAtOnce(outcome.record);
  });
  await wakeMailboxes(services, wakeable, 'request');
  return outcomes;
}

async function requestOne(
  services: Services,
  key: MailboxKey,
  isOpen: (record: MailboxRecord) => Promise<boolean>,
  { action, prepare }: PassRequest,
): Promise<MailboxOutcome> {
  const { tenant, mailboxId } = key;
  const found = await services.state.mailboxes.get(tenant, mailboxId);
  if (found === undefined) return { ok: false, mailboxId, error: new MailboxUnknownError(mailboxId) };
  if (!(await isOpen(found))) {
    return { ok: false, mailboxId, error: new MigrationClosedError(found.migrationId) };
  }
  let refusal = refusalOf(found, action);
  if (refusal !== undefined) return { ok: false, mailboxId, error: refusal };
  const more = await prepare?.(found);
  if (prepare !== undefined && more === undefined) {
    return { ok: true, mailboxId, changed: false, record: found };
  }
  const record = await services.state.mailboxes.change(tenant, mailboxId, (current) => {
    refusal = refusalOf(current, action);
    if (refusal !== undefined) return undefined;
    const next = { ...current, ...more, requestedPass: true };
    if (!mayWakeAtOnce(current)) return next;
    return { ...next, pass: { ...current.pass, trigger: 'request' }, dueAt: services.clock.now() };
  });
  if (record === undefined) return { ok: false, mailboxId, error: new MailboxUnknownError(mailboxId) };
  if (refusal !== undefined) return { ok: false, mailboxId, error: refusal };
  await recordEvent(services, key, `${action}-requested`);
  return { ok: true, mailboxId, changed: true, record };
}

function refusalOf(
  { mailboxId, status }: MailboxRecord,
  action: PassRequest['action'],
): MailboxStatusError | undefined {
  return SYNCHRONISING.has(status) ? undefined : new MailboxStatusError(mailboxId, status, action);
}

function mayWakeAtOnce(record: MailboxRecord): boolean {
  return record.pass.phase === 'idle' && record.status !== 'throttled';
}
