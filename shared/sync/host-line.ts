import { transition } from '../migration/status-transition.ts';
import type { Services } from '../services.ts';
import type { HostKey, MailboxKey } from '../state/keys.ts';
import type { MailboxRecord } from '../state/mailbox-record.ts';
import { LINE_WATCHDOG_MS } from './apply-fault.ts';

/** A server whose connections are bounded over all mailboxes. */
export interface BoundedHost extends HostKey {
  /** So many at once. */
  readonly connections: number;
}

/** Gets a mailbox in line for a connection; one that was freed meanwhile wakes whoever is first. */
export async function waitInLine(
  services: Services,
  { tenant, mailboxId }: MailboxKey,
  { host, connections, since }: Omit<BoundedHost, 'tenant'> & { readonly since: number },
): Promise<void> {
  const until = services.clock.now() + 2 * LINE_WATCHDOG_MS;
  await services.state.hosts.wait({ tenant, host }, mailboxId, { since, until });
  // Later than whoever gets in line here, and has its lease still, is able to hear it.
  await wakeNext(services, { tenant, host, connections }, { delaySeconds: HEARD_AGAIN_SECONDS });
}

/** Until somebody who was woken tries again to take the lease of who is still getting in line. */
export const HEARD_AGAIN_SECONDS = 1;

/** It has what it waited for. */
export function withoutWaiting({ waitingFor: _waitingFor, ...rest }: MailboxRecord): MailboxRecord {
  return rest;
}

/** Wakes the mailbox that has waited longest, if there is a connection for it. */
export async function wakeNext(
  services: Services,
  host: BoundedHost,
  options: { readonly delaySeconds?: number } = {},
): Promise<void> {
  const { clock, environment, queues, state } = services;
  const now = clock.now();
  if (!(await state.hosts.isWaitedFor(host, now))) return;
  const held = await state.hosts.countSlots(host, { now, ownerEpoch: environment.epoch });
  if (held >= host.connections) return;
  for (;;) {
    const next = await state.hosts.nextWaiter(host, now);
    if (next === undefined) return;
    // Who was stopped meanwhile would use no connection, nor leave it to the next.
    if (!(await isWaiting(services, next))) continue;
    return queues.sendPasses([{ v: 1, ...next, reason: 'resume' }], options);
  }
}

async function isWaiting({ state }: Services, { tenant, mailboxId }: MailboxKey): Promise<boolean> {
  const mailbox = await state.mailboxes.get(tenant, mailboxId);
  if (mailbox?.waitingFor === undefined || mailbox.status === 'stopping') return false;
  return transition(mailbox.status, { type: 'planned' }).ok;
}
