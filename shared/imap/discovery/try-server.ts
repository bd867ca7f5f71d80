import { ConnectError } from '../errors.ts';
import { type AddressPolicy, type HostResolver, resolveHost } from '../session/address-policy.ts';
import { connectSocket } from '../session/connect-socket.ts';
import type { ImapEndpoint } from '../session/imap-endpoint.ts';
import { negotiate } from '../session/negotiate.ts';

/** For name, TCP, TLS and greeting together, in ms. */
const ATTEMPT_MS = 4_000;

/**
 * Whether an IMAP server with an encryption that can be trusted answers there; nobody signs in.
 * @throws ImapError saying what is there instead, or the reason of the signal
 */
export async function tryServer(
  endpoint: ImapEndpoint,
  options: {
    readonly addressPolicy: AddressPolicy;
    readonly resolver?: HostResolver | undefined;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const timeUp = AbortSignal.timeout(ATTEMPT_MS);
  const wait = { signal: AbortSignal.any([options.signal, timeUp]), deadlineMs: ATTEMPT_MS };
  const { host, port } = endpoint;
  try {
    const addresses = await resolveHost(host, options.addressPolicy, wait, options.resolver);
    const socket = await connectSocket(host, addresses, port, wait);
    try {
      await negotiate(socket, endpoint, wait, { done: () => undefined });
    } finally {
      socket.destroy();
    }
  } catch (error) {
    if (error !== timeUp.reason) throw error;
    throw new ConnectError(`${host} did not answer on port ${port} within ${ATTEMPT_MS} ms.`, {
      reason: 'connection-timeout',
      cause: error,
    });
  }
}
