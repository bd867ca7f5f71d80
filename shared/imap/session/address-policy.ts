import { lookup } from 'node:dns/promises';
import ipaddr from 'ipaddr.js';
import { AddressForbiddenError, ConnectError } from '../errors.ts';
import type { Wait } from '../wire/wait.ts';
import { boundedWait } from './bounded-wait.ts';

export interface AddressPolicy {
  /** False keeps server names from leading into the operator's own network; one machine allows it. */
  allowPrivate: boolean;
}

export interface ServerAddress {
  address: string;
  family: 4 | 6;
}

/** Names to addresses; the system's own resolver unless a caller brings another. */
export type HostResolver = (host: string) => Promise<readonly ServerAddress[]>;

const MAX_ADDRESSES = 8;
const MAX_HOST_LENGTH = 253;

export const systemResolver: HostResolver = async (host) => {
  const found = await lookup(host, { all: true, order: 'verbatim' });
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
};

/**
 * True for an address of the public internet. An IPv4 address inside an IPv6 one counts as what it is; every
 * range with a special purpose (RFC 6890) does not count as public.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  return ipaddr.process(address).range() === 'unicast';
}

/**
 * The addresses of a host that may be connected to. Connect to these and nothing else: looking the name up again
 * could give another answer. Messages name no address, so that they do not map the operator's network.
 * @throws ConnectError, AddressForbiddenError
 */
export async function resolveHost(
  host: string,
  policy: AddressPolicy,
  wait: Wait,
  resolver: HostResolver = systemResolver,
): Promise<ServerAddress[]> {
  if (host.length === 0 || host.length > MAX_HOST_LENGTH || /[^\x21-\x7e]/.test(host)) {
    throw new ConnectError('The server name is not a valid host name.', {
      reason: 'host-not-found',
      retryable: false,
    });
  }
  const found = await boundedWait<readonly ServerAddress[]>(
    wait,
    () =>
      new ConnectError(`Looking up the name ${host} took too long.`, {
        reason: 'host-not-found',
        retryable: true,
      }),
    ({ resolve, reject }) => {
      resolver(host).then(resolve, (error: unknown) => reject(lookupError(host, error)));
      return () => undefined;
    },
  );
  if (found.length === 0) throw lookupError(host, undefined);
  const allowed = policy.allowPrivate ? found : found.filter(({ address }) => isPublicAddress(address));
  if (allowed.length === 0) {
    throw new AddressForbiddenError(
      `${host} leads to an address that is not part of the public internet. Use the public name of the server.`,
    );
  }
  return allowed.slice(0, MAX_ADDRESSES);
}

function lookupError(host: string, cause: unknown): ConnectError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  const temporary = code === 'EAI_AGAIN' || code === 'ETIMEOUT' || code === 'ESERVFAIL';
  return new ConnectError(
    temporary
      ? `The name ${host} could not be looked up just now. Try again in a while.`
      : `There is no server named ${host}. Check the spelling.`,
    { reason: 'host-not-found', retryable: temporary, cause },
  );
}
