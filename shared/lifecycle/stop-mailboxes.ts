import type { Services } from '../services.ts';
import { applyEvent } from './apply-event.ts';
import { MailboxStatusError, MailboxUnknownError } from './errors.ts';
import { finishStopping } from './finish-stopping.ts';
import type { MailboxKey } from '../state/keys.ts';
import { forEachMailbox, type MailboxOutcome } from './mailbox-outcome.ts';
import { recordEvent } from './record-event.ts';

/** Ms after which the timer looks whether a stop has come to its end. */
const STOP_WATCH_MS = 60_000;

/**
 * Stops mailboxes: at once where nobody works on them, else within seconds, when the lanes have ended their message
 * in hand.
 *
 * The order makes it safe: the status first, so that no new lane begins; then the lanes are told; then a look
 * whether any is left. If we die in between, the timer finds the mailbox by `dueAt` and goes on from there.
 */
export function stopMailboxes(services: Services, keys: readonly MailboxKey[]): Promise<MailboxOutcome[]> {
  return forEachMailbox(keys, (key) => stopOne(services, key));
}

async function stopOne(services: Services, key: MailboxKey): Promise<MailboxOutcome> {
  const { tenant, mailboxId } = key;
  let changed = false;
  let refusal: MailboxStatusError | undefined;
  const record = await services.state.mailboxes.change(tenant, mailboxId, (current) => {
    const now = services.clock.now();
    const applied = applyEvent(current, { type: 'stop' }, now);
    refusal = applied.ok
      ? undefined
      : new MailboxStatusError(mailboxId, current.status, 'stop', { cause: applied.error });
    changed = applied.ok && applied.changed;
    if (!applied.ok || !applied.changed) return undefined;
    const { requestedPass: _requestedPass, ...rest } = applied.record;
    return { ...rest, dueAt: now + STOP_WATCH_MS };
  });
  if (record === undefined) return { ok: false, mailboxId, error: new MailboxUnknownError(mailboxId) };
  if (refusal !== undefined) return { ok: false, mailboxId, error: refusal };
  if (record.status !== 'stopping') return { ok: true, mailboxId, changed, record };
  await services.state.lanes.requestStop(key);
  if (changed) await recordEvent(services, key, 'stop-requested');
  const ended = await finishStopping(services, key);
  return { ok: true, mailboxId, changed, record: ended ?? record };
}
