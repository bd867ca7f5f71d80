import type { IncomingMessage } from 'node:http';

/**
 * A request's body; undefined when it is longer than `maxBytes`, of which no more than that is ever held. Rejects when
 * the client hangs up before its end. (By events: every request comes through here, and an iterator costs more than
 * all the rest.)
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  const read = Promise.withResolvers<Buffer | undefined>();
  const parts: Buffer[] = [];
  let bytes = 0;
  request.on('data', (part: Buffer) => {
    bytes += part.length;
    if (bytes <= maxBytes) parts.push(part);
    else parts.length = 0;
  });
  request.once('end', () => read.resolve(bytes > maxBytes ? undefined : Buffer.concat(parts, bytes)));
  request.once('error', read.reject);
  return read.promise;
}
