import { getCompileCacheDir } from 'node:module';
import { Worker } from 'node:worker_threads';
import { LocalCloudDiedError } from '../errors.ts';
import type { LocalLogger } from '../local-logger.ts';
import { reviveData } from './carried-data.ts';
import { reviveError } from './carried-error.ts';
import type { CloudSettings, FromCloudThread, ServiceEndpoints, ToCloudThread } from './thread-messages.ts';

/** The services of one machine in a thread of their own. */
export interface CloudThread {
  /** Settles when the services listen, or when they did not start: MasterKeyError, LocalServiceError, LocalCloudDiedError. */
  readonly endpoints: Promise<ServiceEndpoints>;
  /** Fires when the thread has ended without being asked to, or by a fault; the reason is a LocalCloudDiedError. */
  readonly died: AbortSignal;
  /**
   * Lets requests in flight end for up to `graceMs`; resolves when the thread has ended and the state folder's files
   * are closed. A thread that does not end is ended.
   * @throws LocalCloudDiedError when a fault ended it instead; not when it was dead before
   */
  close(graceMs: number): Promise<void>;
}

/** The nearest package.json says where it is: one file of the sources, another of a bundle. */
const ENTRY = new URL(import.meta.resolve('#cloud-thread-entry'));

/** What closing takes beside the requests in flight: a few milliseconds, unless the disk is very busy. */
const CLOSE_MS = 5000;

/** @param logger gets what the services have to say */
export function startCloudThread(settings: CloudSettings, logger: LocalLogger): CloudThread {
  const worker = new Worker(ENTRY, {
    name: 'mailhaul-cloud',
    workerData: settings,
    env: threadVariables(),
    // Standard output belongs to reports and pages; whatever a service prints goes to standard error.
    stdout: true,
  });
  worker.stdout.on('data', (text: Uint8Array) => process.stderr.write(text));

  const started = Promise.withResolvers<ServiceEndpoints>();
  started.promise.catch(() => undefined); // whoever awaits it learns of the failure
  const exited = Promise.withResolvers<void>();
  const death = new AbortController();
  let mayEnd = false;
  let fault: unknown;

  worker.on('message', (message: FromCloudThread) => {
    switch (message.kind) {
      case 'ready':
        started.resolve(message.endpoints);
        return;
      case 'failed':
        mayEnd = true;
        started.reject(reviveError(message.error));
        return;
      case 'log':
        logger[message.level](message.message, reviveData(message.data));
    }
  });
  worker.once('error', (error) => {
    fault = error;
  });
  worker.once('exit', (exitCode) => {
    if (!mayEnd || fault !== undefined) {
      const error = new LocalCloudDiedError(exitCode, fault);
      started.reject(error);
      death.abort(error);
    }
    exited.resolve();
  });

  const end = async (graceMs: number): Promise<void> => {
    if (death.signal.aborted) return;
    mayEnd = true;
    worker.postMessage({ kind: 'close', graceMs } satisfies ToCloudThread);
    const cut = setTimeout(() => void worker.terminate(), graceMs + CLOSE_MS);
    await exited.promise;
    clearTimeout(cut);
    death.signal.throwIfAborted();
  };
  let ending: Promise<void> | undefined;
  return {
    endpoints: started.promise,
    died: death.signal,
    close: (graceMs) => (ending ??= end(graceMs)),
  };
}

/** Those of the process. What this thread keeps compiled for the next start, the other shall keep too. */
function threadVariables(): NodeJS.ProcessEnv {
  const folder = getCompileCacheDir();
  return folder === undefined ? process.env : { ...process.env, NODE_COMPILE_CACHE: folder };
}
