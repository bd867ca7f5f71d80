import { once } from 'node:events';
import { appendFile, chmod } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';

/** Takes what a server writes to syslog. */
export interface LogListener {
  close(): Promise<void>;
}

/**
 * Listens at a private `/dev/log` and writes what comes into a file. The C library goes over to a stream where no one
 * takes datagrams, and ends each entry with a zero byte.
 */
export async function listenForLog(socketPath: string, logFile: string): Promise<LogListener> {
  const clients = new Set<Socket>();
  const server = createServer((client) => {
    clients.add(client);
    client.on('error', () => undefined);
    client.on('close', () => clients.delete(client));
    client.setEncoding('utf8').on('data', (entries: string) => {
      // the folder may be gone with the server
      appendFile(logFile, entries.replaceAll('\0', '\n')).catch(() => undefined);
    });
  });
  server.listen(socketPath);
  await once(server, 'listening');
  await chmod(socketPath, 0o666);
  return {
    async close() {
      server.close();
      for (const client of clients) client.destroy();
      await once(server, 'close');
    },
  };
}
