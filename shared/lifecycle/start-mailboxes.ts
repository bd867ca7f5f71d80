import type { Services } from '../services.ts';
import type { MailboxRecord } from '../state/mailbox-repository.ts';
import { applyEvent } from './apply-event.ts';
import { MailboxStatusError, MailboxUnknownError, MigrationClosedError } from './errors.ts';
import type { MailboxKey } from '../state/keys.ts';
import { laneLimitOf } from './lane-limit-of.ts';
import { forEachMailbox, type MailboxOutcome } from './mailbox-outcome.ts';
import { openMigrations } from './open-migrations.ts';
import { recordEvent } from './record-event.ts';
import { wakeMailboxes } from './wake-mailboxes.ts';

/**
 * Starts mailboxes, or starts them again: a stopped one goes on with the work that is left, for `pass` stays as it
 * is. Each is due at once, so that the timer finds it even if its wake-up is lost. Its lanes are those that the
 * budgets of both sides allow now.
 */
export async function startMailboxes(
  services: Services,
  keys: readonly MailboxKey[],
): Promise<MailboxOutcome[]> {
  const isOpen = openMigrations(services);
  const lanesFor = laneLimits(services);
  const outcomes = await forEachMailbox(keys, (key) => startOne(services, key, isOpen, lanesFor));
  const started = keys.filter((_key, index) => outcomes[index]?.ok === true);
  await wakeMailboxes(services, started, 'start');
  return outcomes;
}

async function startOne(
  services: Services,
  key: MailboxKey,
  isOpen: (record: MailboxRecord) => Promise<boolean>,
  lanesFor: (record: MailboxRecord) => Promise<number>,
): Promise<MailboxOutcome> {
  const { tenant, mailboxId } = key;
  const found = await services.state.mailboxes.get(tenant, mailboxId);
  if (found === undefined) return { ok: false, mailboxId, error: new MailboxUnknownError(mailboxId) };
  if (!(await isOpen(found))) {
    return { ok: false, mailboxId, error: new MigrationClosedError(found.migrationId) };
  }
  const laneLimit = await lanesFor(found);
  let changed = false;
  let refusal: MailboxStatusError | undefined;
  const record = await services.state.mailboxes.change(tenant, mailboxId, (current) => {
    const now = services.clock.now();
    const applied = applyEvent(current, { type: 'start' }, now);
    refusal = applied.ok
      ? undefined
      : new MailboxStatusError(mailboxId, current.status, 'start', { cause: applied.error });
    if (!applied.ok) return undefined;
    changed = applied.changed;
    const next = { ...applied.record, laneLimit, failures: 0, consecutiveThrottles: 0, dueAt: now };
    if (next.pass.phase !== 'idle') return next;
    return { ...next, requestedPass: true, pass: { ...next.pass, trigger: 'start' } };
  });
  if (record === undefined) return { ok: false, mailboxId, error: new MailboxUnknownError(mailboxId) };
  if (refusal !== undefined) return { ok: false, mailboxId, error: refusal };
  await recordEvent(services, key, 'start-requested');
  return { ok: true, mailboxId, changed, record };
}

/** Asked once for each connection: a migration starts with thousands of mailboxes. */
function laneLimits(services: Services): (record: MailboxRecord) => Promise<number> {
  const known = new Map<string, Promise<number>>();
  const read = async ({ tenant, connectionId, laneLimit }: MailboxRecord): Promise<number> => {
    const connection = await services.state.connections.get(tenant, connectionId);
    return connection === undefined ? laneLimit : laneLimitOf(services, connection);
  };
  return (record) => {
    const name = JSON.stringify([record.tenant, record.connectionId]);
    const limit = known.get(name) ?? read(record);
    known.set(name, limit);
    return limit;
  };
}
