/** The process of one worker, as Lambda has one for each invocation at a time: `node worker-process.ts NAME`. */
import { watchMailConnections } from '../measure/watch-mail-connections.ts';
import { MAIL_PORTS } from '../measure/own-measurements.ts';
import { type FromWorker, fromWorker, toWorker, WORKERS } from './worker-messages.ts';

const connections = watchMailConnections(new Set((process.env[MAIL_PORTS] ?? '').split(',').map(Number)));
const name = WORKERS.find((each) => each === process.argv[2]);
if (name === undefined) throw new TypeError(`no worker has the name ${process.argv[2] ?? ''}`);
const create = {
  'plan-pass': async () =>
    (await import('../../functions/plan-pass/handler.ts')).createPlanPassHandler(process.env),
  'sync-chunk': async () =>
    (await import('../../functions/sync-chunk/handler.ts')).createSyncChunkHandler(process.env),
};
const handler = await create[name]();
let ending = new AbortController();

function tell(message: FromWorker): void {
  process.send?.(message);
}

async function invoke(event: unknown, remainingMs: number): Promise<void> {
  ending = new AbortController();
  const endsAt = performance.now() + remainingMs;
  const context = {
    awsRequestId: 'bench',
    functionName: name,
    signal: ending.signal,
    getRemainingTimeInMillis: () => Math.max(0, endsAt - performance.now()),
  };
  try {
    // the pool has the event and the context from the event source, which knows their types
    const value: unknown = await Reflect.apply(handler, undefined, [event, context]);
    tell(fromWorker.parse({ kind: 'returned', value }));
  } catch (error) {
    tell({
      kind: 'failed',
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
}

process.on('message', (text) => {
  const message = toWorker.parse(text);
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
