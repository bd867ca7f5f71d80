import { lanesOf } from '../lifecycle/lanes-of.ts';
import type { Services } from '../services.ts';
import type { MailboxKey } from '../state/mailbox-record.ts';
import { applyFault, type FaultyRun } from './apply-fault.ts';
import { classifyFault, describeFault, type Fault } from './fault.ts';
import { waitInLine } from './host-line.ts';

/**
 * Writes what a fault means into the mailbox: a status people see and the time at which it is looked at again.
 */
export async function recordFault(
  services: Services,
  key: MailboxKey,
  error: unknown,
  run: FaultyRun = { progressed: false },
): Promise<Fault> {
  const fault = classifyFault(error);
  services.logger.warn('mailbox fault', {
    tenant: key.tenant,
    mailboxId: key.mailboxId,
    fault: fault.kind,
    error: error instanceof Error ? error.name : 'unknown',
    reason: 'reason' in fault ? fault.reason : undefined,
    detail: error instanceof Error ? error.message : undefined,
    stack: error instanceof Error ? error.stack : undefined,
  });
  if (fault.kind === 'leave') return fault;
  const { clock, random, state } = services;
  let wasWaiting = false;
  const changed = await state.mailboxes.change(key.tenant, key.mailboxId, (record) => {
    wasWaiting = record.waitingFor !== undefined;
    return applyFault(record, fault, { now: clock.now(), random, lanes: lanesOf(record, services), ...run });
  });
  if (changed !== undefined) {
    const { waitingFor } = changed;
    if (fault.kind === 'host-busy' && waitingFor !== undefined) {
      await waitInLine(services, key, { ...waitingFor, connections: fault.error.connections });
      if (wasWaiting) return fault;
    }
    await state.events.add(key, { at: clock.now(), type: fault.kind, text: describeFault(fault) });
  }
  return fault;
}
