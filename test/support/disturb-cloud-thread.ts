/**
 * Loaded before anything else into a process whose services are to be disturbed (see `disturbedBy`); threads inherit
 * it, and there it works. `?dieAt=OPERATION` throws where nobody catches it once the operation is asked for, `?stay`
 * keeps the thread from ending by itself.
 */
import { subscribe } from 'node:diagnostics_channel';
import { IncomingMessage } from 'node:http';
import { isMainThread } from 'node:worker_threads';

const { searchParams } = new URL(import.meta.url);
const dieAt = searchParams.get('dieAt');

if (!isMainThread && dieAt !== null) {
  subscribe('http.server.request.start', (message) => {
    if (typeof message !== 'object' || message === null || !('request' in message)) return;
    const { request } = message;
    if (!(request instanceof IncomingMessage)) return;
    if (!String(request.headers['x-amz-target']).endsWith(`.${dieAt}`)) return;
    setImmediate(() => {
      throw new Error(`disturbed at ${dieAt}`);
    });
  });
}

if (!isMainThread && searchParams.has('stay')) setInterval(() => undefined, 60_000);
