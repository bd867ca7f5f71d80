import type { Services } from '../services.ts';
import { applyEvent, withoutDue } from './apply-event.ts';
import type { MailboxKey } from '../state/keys.ts';
import pMap from 'p-map';
import { recordEvent } from './record-event.ts';

/** Marks mailboxes closed; their credentials are gone already. */
export async function closeMailboxes(services: Services, keys: readonly MailboxKey[]): Promise<void> {
  await pMap(keys, (key) => closeOne(services, key), { concurrency: 16 });
}

async function closeOne(services: Services, key: MailboxKey): Promise<void> {
  let closed = false;
  await services.state.mailboxes.change(key.tenant, key.mailboxId, (current) => {
    const applied = applyEvent(current, { type: 'close' }, services.clock.now());
    closed = applied.ok && applied.changed;
    return applied.ok && applied.changed ? withoutDue(applied.record) : undefined;
  });
  if (closed) await recordEvent(services, key, 'closed');
}
