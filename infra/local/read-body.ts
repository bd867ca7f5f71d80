import type { IncomingMessage } from 'node:http';

/** A request's body; undefined when it is longer than `maxBytes`, of which no more than that is ever held. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let bytes = 0;
  // A request without a set encoding yields buffers.
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes <= maxBytes) parts.push(part);
    else parts.length = 0;
  }
  return bytes > maxBytes ? undefined : Buffer.concat(parts, bytes);
}
