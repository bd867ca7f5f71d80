/**
 * The process of one worker, as Lambda has one for each invocation at a time: `worker-process BUNDLE PORTS`. It is run
 * from a bundle and loads the function's own, so that its memory is that of a function.
 */
import { pathToFileURL } from 'node:url';
import { watchMailConnections } from '../measure/watch-mail-connections.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

const [, , bundle = '', ports = ''] = process.argv;
const connections = watchMailConnections(new Set(ports.split(',').map(Number)));
const { handler } = await import(pathToFileURL(bundle).href);
let ending = new AbortController();

function tell(message: FromWorker): void {
  process.send?.(message);
}

async function invoke(event: unknown, remainingMs: number): Promise<void> {
  ending = new AbortController();
  const endsAt = performance.now() + remainingMs;
  const context = {
    awsRequestId: 'bench',
    signal: ending.signal,
    getRemainingTimeInMillis: () => Math.max(0, endsAt - performance.now()),
  };
  try {
    tell({ kind: 'returned', value: await handler(event, context) });
  } catch (error) {
    tell({
      kind: 'failed',
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
}

process.on('message', (message: ToWorker) => {
  switch (message.kind) {
    case 'invoke':
      void invoke(message.event, message.remainingMs);
      return;
    case 'abort':
      ending.abort(new Error('the process ends'));
      return;
    case 'end': {
      const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
      const cpuSeconds = (userCPUTime + systemCPUTime) / 1e6;
      tell({ kind: 'ended', usage: { cpuSeconds, peakRssBytes: maxRSS * 1024, ...connections() } });
      process.disconnect();
    }
  }
});
