import type { Services } from '../services.ts';
import type { MailboxRecord } from '../state/mailbox-repository.ts';
import { applyEvent, withoutDue } from './apply-event.ts';
import { liveLanes } from './live-lanes.ts';
import type { MailboxKey } from '../state/keys.ts';
import { recordEvent } from './record-event.ts';

/**
 * Takes a mailbox from stopping to stopped once nobody works on it; otherwise leaves it.
 *
 * Sound because of the order that every worker keeps: take the lane, then read the mailbox, and end if it is
 * stopping or stopped. A lane that appears after our look therefore ends without having done anything.
 *
 * @returns the mailbox as it is now; undefined when there is none
 */
export async function finishStopping(
  services: Services,
  key: MailboxKey,
): Promise<MailboxRecord | undefined> {
  const record = await services.state.mailboxes.get(key.tenant, key.mailboxId);
  if (record?.status !== 'stopping') return record;
  if ((await liveLanes(services, key)).length > 0) return record;
  let stopped = false;
  const after = await services.state.mailboxes.change(key.tenant, key.mailboxId, (current) => {
    const applied = applyEvent(current, { type: 'work-ended' }, services.clock.now());
    stopped = applied.ok && applied.changed;
    return applied.ok && applied.changed ? withoutDue(applied.record) : undefined;
  });
  if (stopped) await recordEvent(services, key, 'stopped');
  return after;
}
