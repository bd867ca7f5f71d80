/** The thread in which the services of one machine run; `cloud-thread.ts` starts it and talks to it. */
import { parentPort, workerData } from 'node:worker_threads';
import type { LocalLogger } from '../local-logger.ts';
import { carryData } from './carried-data.ts';
import { carryError } from './carried-error.ts';
import { serveCloud } from './serve-cloud.ts';
import type { CloudSettings, FromCloudThread, ToCloudThread } from './thread-messages.ts';

function tell(message: FromCloudThread): void {
  parentPort?.postMessage(message);
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

try {
  // what `cloud-thread.ts` has given, whose type both sides share
  const cloud = await serveCloud(workerData as CloudSettings, logger);
  // With its only listener gone the port holds the thread no longer: it ends when the services have.
  parentPort?.once('message', ({ graceMs }: ToCloudThread) => void cloud.close(graceMs));
  tell({ kind: 'ready', endpoints: cloud.endpoints });
} catch (error) {
  tell({ kind: 'failed', error: carryError(error) });
}
