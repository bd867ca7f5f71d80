import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server's address on this machine, and the way to end it. */
export interface LoopbackServer {
  readonly url: string;
  readonly port: number;
  /** Takes no more connections, lets requests in flight end for up to `graceMs`, then cuts what is left. */
  close(graceMs: number): Promise<void>;
}

const TEN_MINUTES_MS = 600_000;

/** Listens on 127.0.0.1 only. `port` 0 takes a free one. Rejects with node's error, such as EADDRINUSE. */
export async function listenOnLoopback(server: Server, port = 0): Promise<LoopbackServer> {
  // Clients on this machine keep their connections; a server that drops idle ones first makes them fail on reuse.
  server.keepAliveTimeout = TEN_MINUTES_MS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  // A TCP server's address is an AddressInfo; a string only for a pipe.
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    close: (graceMs) => closeServer(server, graceMs),
  };
}

/** Ends a server as {@link LoopbackServer.close} says. */
async function closeServer(server: Server, graceMs: number): Promise<void> {
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  clearTimeout(cut);
}
