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
export function startMailboxes(services: Services, keys: readonly MailboxKey[]): Promise<MailboxOutcome[]> {
  const isOpen = openMigrations(services);
  const lanesFor = laneLimits(services);
  return startEach(services, keys, async ({ tenant, mailboxId }) => {
    const found = await services.state.mailboxes.get(tenant, mailboxId);
    if (found === undefined) return { ok: false, mailboxId, error: new MailboxUnknownError(mailboxId) };
    const [open, laneLimit] = await Promise.all([isOpen(found), lanesFor(found)]);
    if (!open) return { ok: false, mailboxId, error: new MigrationClosedError(found.migrationId) };
    return startOne(services, found, laneLimit);
  });
}

/**
 * The same for mailboxes that have just been added to their migration: what that has read is not read again.
 * @param laneLimit of them all, as their connection and its destination allow
 */
export function startAddedMailboxes(
  services: Services,
  records: readonly MailboxRecord[],
  laneLimit: number,
): Promise<MailboxOutcome[]> {
  return startEach(services, records, (record) => startOne(services, record, laneLimit));
}

async function startEach<Key extends MailboxKey>(
  services: Services,
  keys: readonly Key[],
  start: (key: Key) => Promise<MailboxOutcome>,
): Promise<MailboxOutcome[]> {
  const outcomes = await forEachMailbox(keys, start);
  const started = keys.filter((_key, index) => outcomes[index]?.ok === true);
  await wakeMailboxes(services, started, 'start');
  return outcomes;
}

/** @param found if it has been changed since, it is read again */
async function startOne(
  services: Services,
  found: MailboxRecord,
  laneLimit: number,
): Promise<MailboxOutcome> {
  const { tenant, mailboxId } = found;
  let changed = false;
  let refusal: MailboxStatusError | undefined;
  const start = (current: MailboxRecord): MailboxRecord | undefined => {
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
  };
  const record = await services.state.mailboxes.change(tenant, mailboxId, start, found);
  if (record === undefined) return { ok: false, mailboxId, error: new MailboxUnknownError(mailboxId) };
  if (refusal !== undefined) return { ok: false, mailboxId, error: refusal };
  await recordEvent(services, { tenant, mailboxId }, 'start-requested');
  return { ok: true, mailboxId, changed, record };
}

/** Asked once for each connection: a migration starts with thousands of mailboxes. */
function laneLimits(services: Services): (record: MailboxRecord) => Promise<number> {
  const known = new Map<string, Promise<number>>();
  const read = async ({ tenant, connectionId, laneLimit }: MailboxRecord): Promise<number> => {
    const { connections, destinations } = services.state;
    const [connection, destination] = await Promise.all([
      connections.get(tenant, connectionId),
      destinations.get(tenant),
    ]);
    return connection === undefined ? laneLimit : laneLimitOf(services, connection, destination);
  };
  return (record) => {
    const name = JSON.stringify([record.tenant, record.connectionId]);
    const limit = known.get(name) ?? read(record);
    known.set(name, limit);
    return limit;
  };
}
