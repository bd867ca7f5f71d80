/**
 * Loaded into each thread of our own processes before anything else (`node --import`, which threads inherit): the
 * embedded AWS services run in a thread of their own, and requests are counted where they arrive.
 */
import { isMainThread } from 'node:worker_threads';
import { type FromCountingThread, openAwsCountsChannel } from './aws-counts-channel.ts';
import { watchAwsRequests } from './watch-aws-requests.ts';

if (!isMainThread) {
  const counts = watchAwsRequests();
  const channel = openAwsCountsChannel();
  const tell = (message: FromCountingThread): void => channel.postMessage(message);
  tell({ kind: 'counting' });
  process.once('exit', () => tell({ kind: 'counted', counts: counts() }));
}
