import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { MeasurementMissingError } from '../errors.ts';
import { type AwsCounts, type FromCountingThread, openAwsCountsChannel } from './aws-counts-channel.ts';

const NONE: AwsCounts = { requests: {}, apiRequests: 0, units: { read: 0, write: 0 } };

/**
 * Collects what the thread of the embedded services has counted (see `count-in-threads.ts`); to be called before
 * that thread begins. The function returned is for the time after it has ended.
 * @throws MeasurementMissingError (the function returned) when the thread did not tell
 */
export function collectAwsCounts(): () => AwsCounts {
  const channel = openAwsCountsChannel();
  let last: FromCountingThread | undefined;
  // both sides share the type
  const hear = (message: unknown): void => void (last = message as FromCountingThread);
  channel.addEventListener('message', (event) => hear('data' in event ? event.data : undefined));
  channel.unref(); // a listener holds it
  return () => {
    // What has arrived in this very turn; Node takes a BroadcastChannel here, its types do not know it yet.
    const received = receiveMessageOnPort(channel as unknown as MessagePort);
    if (received !== undefined) hear(received.message);
    if (last === undefined) return NONE;
    if (last.kind === 'counted') return last.counts;
    throw new MeasurementMissingError('The thread of the services did not tell how many requests it had.');
  };
}
