import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { readBody } from '../../../infra/local/read-body.ts';

const MOST_BYTES = 1000;

describe('the body of a request', () => {
  let server: Server;
  let read: PromiseWithResolvers<Buffer | undefined>;

  beforeEach(async () => {
    read = Promise.withResolvers();
    read.promise.catch(() => undefined);
    server = createServer((request, response) => {
      readBody(request, MOST_BYTES)
        .finally(() => response.end())
        .then(read.resolve, read.reject);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  function send(length: number, body: string) {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(`POST / HTTP/1.1\r\nHost: here\r\nContent-Length: ${length}\r\n\r\n${body}`);
    return socket;
  }

  test('is read whole up to what is allowed, and is nothing beyond', async () => {
    send(MOST_BYTES, 'x'.repeat(MOST_BYTES));
    expect((await read.promise)?.toString()).toBe('x'.repeat(MOST_BYTES));
    read = Promise.withResolvers();
    send(MOST_BYTES + 1, 'x'.repeat(MOST_BYTES + 1));
    expect(await read.promise).toBeUndefined();
  });

  test('is not waited for when the client has hung up', async () => {
    const asked = once(server, 'request');
    const socket = send(100, 'a part of it');
    await asked;
    socket.destroy();
    await expect(read.promise).rejects.toThrow('aborted');
  });
});
