/** The thread in which the services of one machine run; `cloud-thread.ts` starts it and talks to it. */
import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import type { LocalLogger } from '../local-logger.ts';
import { carryData } from './carried-data.ts';
import { carryError } from './carried-error.ts';
import { type ServedCloud, serveCloud } from './serve-cloud.ts';
import type { CloudSettings, FromCloudThread, ToCloudThread } from './thread-messages.ts';

if (parentPort === null) throw new TypeError('This module is the beginning of a thread.');
const port = parentPort;

function tell(message: FromCloudThread): void {
  port.postMessage(message);
}

function logs(level: keyof LocalLogger): LocalLogger[typeof level] {
  return (message, data = {}) => tell({ kind: 'log', level, message, data: carryData(data) });
}

const logger: LocalLogger = {
  debug: logs('debug'),
  info: logs('info'),
  warn: logs('warn'),
  error: logs('error'),
};

async function serve(): Promise<ServedCloud | undefined> {
  try {
    // what `cloud-thread.ts` has given, whose type both sides share
    return await serveCloud(workerData as CloudSettings, logger);
  } catch (error) {
    tell({ kind: 'failed', error: carryError(error) });
    return undefined;
  }
}

const cloud = await serve();
if (cloud !== undefined) {
  tell({ kind: 'ready', endpoints: cloud.endpoints });
  // With its only listener gone the port holds the thread no longer: it ends when the services have.
  const [{ graceMs }] = (await once(port, 'message')) as [ToCloudThread];
  await cloud.close(graceMs);
}
