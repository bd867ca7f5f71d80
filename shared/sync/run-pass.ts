import type { ChunkMessage, PassMessage } from '../queue/queue-messages.ts';
import type { Services } from '../services.ts';
import type { InvocationBudget } from './invocation-budget.ts';
import { planPass, type ReadyPass } from './plan-pass.ts';
import { syncChunk } from './sync-chunk.ts';

/**
 * Ms that whoever planned a pass also works on it: most passes of most mailboxes are over by then, with one sign-in at
 * each end. Long enough work goes to the chunks queue, so that planning never waits behind copying.
 */
export const GO_ON_MS = 20_000;

/** Plans a pass and goes on as its first lane, over the connections that are open already; wakes the other lanes. */
export async function runPass(
  services: Services,
  message: PassMessage,
  budget: InvocationBudget,
): Promise<void> {
  const { clock } = services;
  const ready = await planPass(services, message, budget, { goesOn: true });
  if (ready === undefined) return;
  const { ends, lanes, mailbox, pass } = ready;
  if (ends === undefined) return wakeLanes(services, message, pass, lanes);
  const until = clock.monotonic() + GO_ON_MS;
  const { tenant, mailboxId } = message;
  const rest = { signal: budget.signal, isUsed: () => budget.isUsed() || clock.monotonic() >= until };
  const own: ChunkMessage = { v: 1, tenant, mailboxId, pass, lane: 0 };
  const [woken, worked] = await Promise.allSettled([
    wakeLanes(services, message, pass, lanes - 1, 1),
    syncChunk(services, own, rest, { mailbox, ends }),
  ]);
  // The message that brought us here comes again and wakes the others then.
  if (worked.status === 'rejected') throw worked.reason;
  if (woken.status === 'rejected') throw woken.reason;
}

/** Gives so many lanes of a mailbox a turn, from lane `first` on. */
export async function wakeLanes(
  services: Services,
  { tenant, mailboxId }: { readonly tenant: string; readonly mailboxId: string },
  pass: ReadyPass['pass'],
  lanes: number,
  first = 0,
): Promise<void> {
  if (lanes < 1) return;
  const wake = { v: 1, tenant, mailboxId, pass } as const;
  await services.queues.sendChunks(
    Array.from({ length: lanes }, (_, lane) => ({ ...wake, lane: first + lane })),
  );
}
