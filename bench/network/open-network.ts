import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { BenchSetupError } from '../errors.ts';
import type { MailServers } from '../mail/mail-servers.ts';

const PROXY_PROCESS = fileURLToPath(new URL('delay-proxy-process.ts', import.meta.url));

/** Where the tools reach the two servers. */
export interface Network extends AsyncDisposable {
  readonly sourcePort: number;
  readonly destinationPort: number;
}

const portsMessage = z.tuple([z.int(), z.int()]);

/** With `delayMs` (each way) both servers are reached through proxies in a process of their own; 0 is no proxy at all. */
export async function openNetwork(servers: MailServers, delayMs: number): Promise<Network> {
  const { source, destination } = servers;
  if (delayMs === 0) {
    return {
      sourcePort: source.port,
      destinationPort: destination.port,
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }
  const child = fork(PROXY_PROCESS, [delayMs, source.port, destination.port].map(String), {
    stdio: 'inherit',
  });
  const ended = once(child, 'exit');
  const [message] = await Promise.race([
    once(child, 'message'),
    ended.then((): unknown[] => {
      throw new BenchSetupError('The process of the delay proxies ended at once. Its words are above.');
    }),
  ]);
  const [sourcePort, destinationPort] = portsMessage.parse(message);
  return {
    sourcePort,
    destinationPort,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
