import { BroadcastChannel } from 'node:worker_threads';
import type { OwnMeasurements } from './own-measurements.ts';

/** What was asked of the embedded AWS services. */
export type AwsCounts = Pick<OwnMeasurements, 'requests' | 'apiRequests' | 'units'>;

/** What a thread tells that counts: that it does, so that nobody takes its silence for no requests, and at its end how many. */
export type FromCountingThread =
  | { readonly kind: 'counting' }
  | { readonly kind: 'counted'; readonly counts: AwsCounts };

/** From threads that serve to the one that writes the measurements. It keeps no thread from ending. */
export function openAwsCountsChannel(): BroadcastChannel {
  const channel = new BroadcastChannel('mailhaul-bench-aws-counts');
  channel.unref();
  return channel;
}
