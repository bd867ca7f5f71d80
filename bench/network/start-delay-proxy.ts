import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { BenchSetupError } from '../errors.ts';
import { DelayLine } from './delay-line.ts';

/** SYN, SYN-ACK and ACK travel too before the server hears of a connection; here they cost nothing by themselves. */
const HANDSHAKE_JOURNEYS = 3;

/**
 * A way to a server on this machine that takes `delayMs` in each direction, whatever the speed.
 * @returns the port on 127.0.0.1 at which it begins; `close` takes no more connections
 */
export async function startDelayProxy(
  targetPort: number,
  delayMs: number,
): Promise<{ readonly port: number; close(): void }> {
  const server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, (client) => {
    client.on('error', () => client.destroy());
    setTimeout(() => {
      if (client.destroyed) return;
      const upstream = connect({ port: targetPort, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
      upstream.on('error', () => upstream.destroy());
      void new DelayLine(client, upstream, delayMs);
      void new DelayLine(upstream, client, delayMs);
      client.resume();
    }, delayMs * HANDSHAKE_JOURNEYS);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new BenchSetupError('The delay proxy has no port.');
  return { port: address.port, close: () => void server.close() };
}
