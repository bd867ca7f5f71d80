import { Resolver } from 'node:dns/promises';
import { ConnectError } from '../errors.ts';
import { boundedWait } from '../session/bounded-wait.ts';
import type { Wait } from '../wire/wait.ts';

/** Where a service is (RFC 2782). */
export interface ServiceRecord {
  /** Host name; empty where the domain says that it does not offer the service (RFC 2782, "Target"). */
  readonly target: string;
  readonly port: number;
  readonly priority: number;
  readonly weight: number;
}

interface ExchangerRecord {
  readonly exchange: string;
  readonly priority: number;
}

/** What the DNS says of a domain's services. Names that do not exist have no records. */
export interface DnsRecords {
  /** @throws ConnectError when the DNS does not answer, or the signal's reason */
  services(name: string, wait: Wait): Promise<readonly ServiceRecord[]>;
  /** The preferred first. @throws as `services` */
  exchangers(domain: string, wait: Wait): Promise<readonly ExchangerRecord[]>;
}

/** Nobody needs more, and a domain may publish any number. */
const MOST_RECORDS = 10;
/** One question to one server, in ms; it is asked twice. */
const QUESTION_MS = 1_500;
const NOTHING = new Set(['ENOTFOUND', 'ENODATA']);

/** @param servers `address` or `address:port` of the resolvers to ask; those of the system where it is left out */
export function createDnsRecords(servers?: readonly string[]): DnsRecords {
  const ask = async <Record>(
    name: string,
    wait: Wait,
    question: (resolver: Resolver) => Promise<Record[]>,
  ): Promise<Record[]> => {
    const resolver = new Resolver({ timeout: QUESTION_MS, tries: 2 });
    if (servers !== undefined) resolver.setServers([...servers]);
    return boundedWait<Record[]>(
      wait,
      () => unanswered(name, undefined),
      ({ resolve, reject }) => {
        question(resolver).then(resolve, (error: unknown) => {
          if (NOTHING.has(codeOf(error))) resolve([]);
          else reject(unanswered(name, error));
        });
        return () => resolver.cancel();
      },
    );
  };
  return {
    async services(name, wait) {
      const found = await ask(name, wait, (resolver) => resolver.resolveSrv(name));
      return found.slice(0, MOST_RECORDS).map(({ name: target, port, priority, weight }) => ({
        target: target.replace(/\.$/, ''),
        port,
        priority,
        weight,
      }));
    },
    async exchangers(domain, wait) {
      const found = await ask(domain, wait, (resolver) => resolver.resolveMx(domain));
      return found.toSorted((a, b) => a.priority - b.priority).slice(0, MOST_RECORDS);
    },
  };
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

function unanswered(name: string, cause: unknown): ConnectError {
  return new ConnectError(`The DNS did not answer what is known of ${name}. Try again in a while.`, {
    reason: 'host-not-found',
    retryable: true,
    cause,
  });
}
