import type { Services } from '../services.ts';
import type { MailboxRecord } from '../state/mailbox-repository.ts';
import { finishStopping } from './finish-stopping.ts';
import type { MailboxKey } from '../state/keys.ts';
import { decideWake, type WakeContext, type WakeDecision } from './wake-decision.ts';
import { wakeLanes, wakeMailboxes } from './wake-mailboxes.ts';

export type WakeResult =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'woken' }
  /** The mailbox's migration is closing or closed: it is not woken, its closing is to be carried on. */
  | { readonly kind: 'migration-ended'; readonly record: MailboxRecord };

const LANES_AT_MOST = 32;

/** Sees to one mailbox that is due. The decision is taken again under the write, against the record as it is then. */
export async function wakeMailbox(
  services: Services,
  key: MailboxKey,
  context: WakeContext,
): Promise<WakeResult> {
  const { state } = services;
  const found = await state.mailboxes.get(key.tenant, key.mailboxId);
  if (found === undefined) return { kind: 'nothing' };
  const migration = await state.migrations.get(key.tenant, found.migrationId);
  if (migration?.status !== 'active') return { kind: 'migration-ended', record: found };

  const { lanes } = await state.work.snapshot(key, LANES_AT_MOST);
  let decision: WakeDecision = { kind: 'leave' };
  await state.mailboxes.change(key.tenant, key.mailboxId, (current) => {
    decision = decideWake(current, lanes, context);
    return decision.kind === 'leave' ? undefined : decision.record;
  });
  return carryOut(services, key, decision);
}

async function carryOut(services: Services, key: MailboxKey, decision: WakeDecision): Promise<WakeResult> {
  if (decision.kind === 'plan' || decision.kind === 'copy') {
    if (decision.kind === 'plan') await wakeMailboxes(services, [key], 'due');
    else await wakeLanes(services, key, decision.record);
    return { kind: 'woken' };
  }
  if (decision.kind === 'finish-stop') {
    const record = await finishStopping(services, key);
    // Whoever asked for the stop may have died before the lanes were told.
    if (record?.status === 'stopping') await services.state.lanes.requestStop(key);
  }
  return { kind: 'nothing' };
}
