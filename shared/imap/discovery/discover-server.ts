import type { FailureReason } from '../../migration/failure-reason.ts';
import { ImapError } from '../errors.ts';
import { profileForHost, providerByMailExchanger } from '../providers/provider-catalogue.ts';
import type { AddressPolicy, HostResolver } from '../session/address-policy.ts';
import type { Wait } from '../wire/wait.ts';
import type { DnsRecords, ServiceRecord } from './dns-records.ts';
import { orderServices } from './order-services.ts';
import { tryServer } from './try-server.ts';

/** How a server was found: the domain's own word (RFC 6186), who takes its mail, or a usual name. */
export const DISCOVERY_WAYS = ['srv', 'mx', 'usual-name'] as const;
type DiscoveryWay = (typeof DISCOVERY_WAYS)[number];

/** Encryption is always asked for: nobody learns a password by publishing a record. */
interface DiscoveredEndpoint {
  readonly host: string;
  readonly port: number;
  readonly security: 'tls' | 'starttls';
}

interface DiscoveryAttempt extends Partial<DiscoveredEndpoint> {
  readonly by: DiscoveryWay;
  readonly reason: FailureReason;
  /** What exactly, in English. */
  readonly detail: string;
}

export type Discovery = {
  readonly domain: string;
  /** What was tried before, or in vain, in this order. */
  readonly tried: readonly DiscoveryAttempt[];
} & (
  | {
      readonly found: true;
      readonly by: DiscoveryWay;
      /** Id of the provider's profile; `other` where nobody is known. */
      readonly provider: string;
      readonly endpoint: DiscoveredEndpoint;
    }
  | {
      readonly found: false;
      /** The domain itself says that it has no IMAP (RFC 6186 3.4). */
      readonly notOffered: boolean;
    }
);

export interface DiscoveryOptions {
  readonly records: DnsRecords;
  /** Host names to addresses; the system's where it is left out. */
  readonly resolver?: HostResolver;
  /** Holds for everything that is found. */
  readonly addressPolicy: AddressPolicy;
  readonly signal: AbortSignal;
  /** 0 <= n < 1 */
  readonly random: () => number;
  /** Where the usual names are tried. */
  readonly ports?: { readonly tls: number; readonly starttls: number };
  /** PEM certificates trusted beside those of the system. */
  readonly ca?: string;
}

const USUAL_PORTS = { tls: 993, starttls: 143 };
/** Of one question to the DNS, all tries together, in ms. */
const DNS_MS = 4_000;
const MOST_CANDIDATES = 6;

/**
 * Finds the IMAP server of a mail domain: by its SRV records (RFC 6186), by who takes its mail (MX), by the usual
 * names. What the domain says and what is only usual is believed when an IMAP server with a trusted encryption
 * answers there; a known provider needs no trial. Takes some 12 s at most.
 * @param domain as `mailDomain` gives it
 * @throws the reason of the signal; what cannot be found is an answer
 */
export async function discoverServer(domain: string, options: DiscoveryOptions): Promise<Discovery> {
  const { records } = options;
  const wait: Wait = { signal: options.signal, deadlineMs: DNS_MS };
  const tried: DiscoveryAttempt[] = [];
  const [implicit, upgraded, exchangers] = await Promise.all([
    orTold(records.services(`_imaps._tcp.${domain}`, wait), 'srv', tried),
    orTold(records.services(`_imap._tcp.${domain}`, wait), 'srv', tried),
    orTold(records.exchangers(domain, wait), 'mx', tried),
  ]);
  options.signal.throwIfAborted();
  const byMail = exchangers
    .map(({ exchange }) => providerByMailExchanger(exchange))
    .find((known) => known !== undefined);
  const providerOf = (host: string): string =>
    byMail?.host === host ? byMail.profile.id : profileForHost(host).id;

  const published = [
    ...servicesOf(implicit, 'tls', options.random),
    ...servicesOf(upgraded, 'starttls', options.random),
  ];
  const spoken = await firstThatAnswers(published, 'srv', options, tried);
  if (spoken !== undefined) {
    return { domain, found: true, by: 'srv', provider: providerOf(spoken.host), endpoint: spoken, tried };
  }
  if (isRefused(implicit) && (isRefused(upgraded) || upgraded.length === 0)) {
    return { domain, found: false, notOffered: true, tried };
  }
  if (byMail !== undefined) {
    const { port, security, id } = byMail.profile;
    const endpoint = { host: byMail.host, port, security };
    return { domain, found: true, by: 'mx', provider: id, endpoint, tried };
  }
  const usual = await firstThatAnswers(
    usualEndpoints(domain, options.ports ?? USUAL_PORTS, isRefused(upgraded)),
    'usual-name',
    options,
    tried,
  );
  return usual === undefined
    ? { domain, found: false, notOffered: false, tried }
    : { domain, found: true, by: 'usual-name', provider: providerOf(usual.host), endpoint: usual, tried };
}

/** Records, or none and a word about why. */
async function orTold<Record>(
  asked: Promise<readonly Record[]>,
  by: DiscoveryWay,
  tried: DiscoveryAttempt[],
): Promise<readonly Record[]> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof ImapError)) throw error;
    tried.push({ by, reason: error.reason, detail: error.message });
    return [];
  }
}

/** A single record without a target: "decidedly not available" (RFC 2782). */
function isRefused(services: readonly ServiceRecord[]): boolean {
  return services.length > 0 && services.every(({ target }) => target === '');
}

function servicesOf(
  services: readonly ServiceRecord[],
  security: 'tls' | 'starttls',
  random: () => number,
): DiscoveredEndpoint[] {
  return orderServices(
    services.filter(({ target, port }) => target !== '' && port > 0),
    random,
  ).map(({ target, port }) => ({ host: target.toLowerCase(), port, security }));
}

function usualEndpoints(
  domain: string,
  ports: { readonly tls: number; readonly starttls: number },
  tlsOnly: boolean,
): DiscoveredEndpoint[] {
  return [`imap.${domain}`, `mail.${domain}`, domain].flatMap((host): DiscoveredEndpoint[] => [
    { host, port: ports.tls, security: 'tls' },
    ...(tlsOnly ? [] : [{ host, port: ports.starttls, security: 'starttls' as const }]),
  ]);
}

/** All are tried at once, for silence costs seconds; the first in order that answers is taken. */
async function firstThatAnswers(
  endpoints: readonly DiscoveredEndpoint[],
  by: DiscoveryWay,
  { ca, addressPolicy, resolver, signal }: DiscoveryOptions,
  tried: DiscoveryAttempt[],
): Promise<DiscoveredEndpoint | undefined> {
  const enough = new AbortController();
  const attempts = endpoints.slice(0, MOST_CANDIDATES).map((endpoint) => ({
    endpoint,
    outcome: tryServer(
      { ...endpoint, ...(ca === undefined ? {} : { ca }) },
      { addressPolicy, resolver, signal: AbortSignal.any([signal, enough.signal]) },
    ).then(
      () => undefined,
      (error: unknown) => error ?? new Error('no reason'),
    ),
  }));
  try {
    for (const { endpoint, outcome } of attempts) {
      const error = await outcome;
      if (error === undefined) return endpoint;
      if (!(error instanceof ImapError)) throw error;
      tried.push({ by, ...endpoint, reason: error.reason, detail: error.message });
    }
    return undefined;
  } finally {
    enough.abort();
  }
}
