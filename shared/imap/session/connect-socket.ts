import { connect, type Socket } from 'node:net';
import { ConnectError, ConnectionClosedError, type ImapError } from '../errors.ts';
import type { Wait } from '../wire/wait.ts';
import type { ServerAddress } from './address-policy.ts';
import { boundedWait } from './bounded-wait.ts';

const KEEP_ALIVE_AFTER_MS = 30_000;
/** An address gets at least this long before the next one is tried. */
const LEAST_PER_ADDRESS_MS = 1_000;

/**
 * Connects to the first address that answers, in the order given.
 * @param wait its deadline covers all addresses together.
 * @throws ConnectError, ConnectionClosedError
 */
export async function connectSocket(
  host: string,
  addresses: readonly ServerAddress[],
  port: number,
  wait: Wait,
): Promise<Socket> {
  const perAddressMs = Math.min(
    wait.deadlineMs,
    Math.max(LEAST_PER_ADDRESS_MS, Math.floor(wait.deadlineMs / Math.max(1, addresses.length))),
  );
  const failures: ConnectError[] = [];
  for (const address of addresses) {
    try {
      return await connectTo(host, address, port, { signal: wait.signal, deadlineMs: perAddressMs });
    } catch (error) {
      if (!(error instanceof ConnectError)) throw error;
      failures.push(error);
    }
  }
  // "Refused" says more than silence: a machine was there.
  const telling = failures.find(({ reason }) => reason === 'connection-refused') ?? failures[0];
  throw telling ?? new ConnectError(`There is no address to reach ${host} at.`, { reason: 'host-not-found' });
}

function connectTo(host: string, address: ServerAddress, port: number, wait: Wait): Promise<Socket> {
  const socket = connect({
    host: address.address,
    family: address.family,
    port,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_AFTER_MS,
  });
  // A late error of a socket that nobody listens to any more must not end the process.
  socket.on('error', () => undefined);
  return boundedWait<Socket>(
    wait,
    () =>
      new ConnectError(`${host} did not answer on port ${port} within ${wait.deadlineMs} ms.`, {
        reason: 'connection-timeout',
      }),
    ({ resolve, reject }) => {
      const onConnect = (): void => resolve(socket);
      const onError = (error: NodeJS.ErrnoException): void => reject(connectError(host, port, error));
      socket.once('connect', onConnect);
      socket.once('error', onError);
      return () => {
        socket.removeListener('connect', onConnect);
        socket.removeListener('error', onError);
      };
    },
  ).catch((error: unknown) => {
    socket.destroy();
    throw error;
  });
}

function connectError(host: string, port: number, cause: NodeJS.ErrnoException): ImapError {
  // A reset, unlike a refusal, comes after the connection was made.
  if (cause.code === 'ECONNRESET') {
    return new ConnectionClosedError(`${host} closed the connection at once.`, { cause });
  }
  if (cause.code === 'ECONNREFUSED') {
    return new ConnectError(`${host} refuses connections on port ${port}.`, {
      reason: 'connection-refused',
      cause,
    });
  }
  return new ConnectError(`${host} cannot be reached on port ${port} (${cause.code ?? 'no code'}).`, {
    reason: 'connection-timeout',
    cause,
  });
}
