import type { PassMessage } from '../queue/queue-messages.ts';
import type { Services } from '../services.ts';
import type { InvocationBudget } from './invocation-budget.ts';
import { planPass, type ReadyPass } from './plan-pass.ts';
import { syncChunk } from './sync-chunk.ts';

/**
 * Ms that whoever planned a pass also works on it: most passes of most mailboxes are over by then, with one sign-in at
 * each end. Long enough work goes to the chunks queue, so that planning never waits behind copying.
 */
const GO_ON_MS = 20_000;

/** Plans a pass and goes on as its first lane, over the connections that are open already; wakes the other lanes. */
export async function runPass(
  services: Services,
  message: PassMessage,
  budget: InvocationBudget,
): Promise<void> {
  const { clock } = services;
  const ready = await planPass(services, message, budget);
  if (ready === undefined) return;
  if (ready.ends === undefined || budget.isUsed()) {
    await ready.ends?.close();
    await wakeLanes(services, message, ready.pass, ready.lanes);
    return;
  }
  const until = clock.monotonic() + GO_ON_MS;
  const { tenant, mailboxId } = message;
  try {
    await wakeLanes(services, message, ready.pass, ready.lanes - 1);
  } catch (error) {
    await ready.ends.abandon();
    throw error;
  }
  const rest = { signal: budget.signal, isUsed: () => budget.isUsed() || clock.monotonic() >= until };
  await syncChunk(services, { v: 1, tenant, mailboxId, pass: ready.pass }, rest, ready.ends);
}

/** Gives so many lanes of a mailbox a turn. */
export async function wakeLanes(
  services: Services,
  { tenant, mailboxId }: { readonly tenant: string; readonly mailboxId: string },
  pass: ReadyPass['pass'],
  lanes: number,
): Promise<void> {
  if (lanes < 1) return;
  const wake = { v: 1, tenant, mailboxId, pass } as const;
  await services.queues.sendChunks(Array.from({ length: lanes }, () => wake));
}
