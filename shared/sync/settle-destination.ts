import { statusOfMailbox } from '../imap/mailbox/status-of-mailbox.ts';
import { LeaseLostError } from './errors.ts';
import type { LaneContext } from './lane-context.ts';
import { pause } from './pause.ts';

/**
 * Waits until the destination's UIDNEXT has not moved for the settling time: a server may still be executing what a
 * connection that is no more had sent.
 */
export async function settleDestination(lane: LaneContext, path: string): Promise<void> {
  const { clock, environment } = lane.services;
  const step = Math.max(50, Math.floor(environment.settleMs / 6));
  let last = -1;
  let stillSince = clock.monotonic();
  for (;;) {
    if (!lane.keeper.mayWrite()) throw new LeaseLostError();
    const { uidNext } = await statusOfMailbox(lane.destination.connection, path, lane.wait);
    if (uidNext !== last) {
      last = uidNext;
      stillSince = clock.monotonic();
    } else if (clock.monotonic() - stillSince >= environment.settleMs) {
      return;
    }
    await pause(step, lane.wait.signal);
  }
}
