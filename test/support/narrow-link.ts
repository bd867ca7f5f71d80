import { connect, createServer, type Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** A TCP proxy on 127.0.0.1 that lets only so many bytes a second through on the way to the server. */
export interface NarrowLink extends AsyncDisposable {
  readonly port: number;
}

const SLICE_BYTES = 16 * 1024;

/** @param limits.bytesPerSecond towards the server, over all connections together */
export async function startNarrowLink(
  server: { readonly port: number },
  limits: { readonly bytesPerSecond: number },
): Promise<NarrowLink> {
  const sockets = new Set<Socket>();
  let free: Promise<unknown> = Promise.resolve();
  const pass = (bytes: number): Promise<unknown> => {
    free = free.then(() => delay((bytes * 1000) / limits.bytesPerSecond));
    return free;
  };
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
    return socket;
  };
  const listener = createServer((client) => {
    keep(client);
    const upstream = keep(connect(server.port, '127.0.0.1'));
    // A connection that breaks ends here as it ends for its two sides.
    pipeline(client, (chunks: AsyncIterable<Buffer>) => narrow(chunks, pass), upstream).catch(
      () => undefined,
    );
    upstream.pipe(client);
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  await new Promise<void>((resolve) => {
    listener.listen(0, '127.0.0.1', resolve);
  });
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new TypeError('The proxy has no port.');
  return {
    port: address.port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => {
        listener.close(resolve);
      });
    },
  };
}

async function* narrow(
  client: AsyncIterable<Buffer>,
  pass: (bytes: number) => Promise<unknown>,
): AsyncGenerator<Buffer> {
  for await (const chunk of client) {
    for (let from = 0; from < chunk.length; from += SLICE_BYTES) {
      const slice = chunk.subarray(from, from + SLICE_BYTES);
      await pass(slice.length);
      yield slice;
    }
  }
}
