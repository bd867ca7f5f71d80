import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { startDelayProxy } from '../../../bench/network/start-delay-proxy.ts';

describe('a delay proxy', () => {
  test('brings every byte in order, both ways, and the ends after them', async () => {
    const echo = createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket)).listen(
      0,
      '127.0.0.1',
    );
    await once(echo, 'listening');
    const { port } = echo.address() as AddressInfo; // a TCP server's address is no string
    const proxy = await startDelayProxy(port, 3);
    const client = connect({ port: proxy.port, host: '127.0.0.1', allowHalfOpen: true });
    const sent = randomBytes(3 * 1024 * 1024);
    for (let at = 0; at < sent.length; at += 50_000) client.write(sent.subarray(at, at + 50_000));
    client.end();
    const received = await buffer(client);
    expect(received.equals(sent)).toBe(true);
    proxy.close();
    echo.close();
  });
});
