import { catalogueOf } from '../../shared/i18n/catalogue-of.ts';
import type { Language } from '../../shared/i18n/language.ts';
import { describeTrouble } from '../../shared/api/describe-trouble.ts';
import { showDiscovery } from '../../shared/api/schemas/discovery-schema.ts';
import { showVerdict } from '../../shared/api/schemas/verdict-schema.ts';
import type { StepOutcome } from '../../shared/imap/connection-test/connection-verdict.ts';
import {
  type ConnectionTestOptions,
  testConnection,
} from '../../shared/imap/connection-test/test-connection.ts';
import { testServer } from '../../shared/imap/connection-test/test-server.ts';
import { createDnsRecords } from '../../shared/imap/discovery/dns-records.ts';
import { type Discovery, discoverServer } from '../../shared/imap/discovery/discover-server.ts';
import type { ImapEndpoint } from '../../shared/imap/session/imap-endpoint.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { printable } from '../text/printable.ts';
import { type CheckedAccount, credentialFor } from './credential-for.ts';

export interface CheckOptions extends CheckedAccount {
  /** Where to go, or the domain whose server is to be found. */
  readonly target: { readonly endpoint: ImapEndpoint } | { readonly domain: string };
  readonly provider: string | undefined;
  readonly ca: string | undefined;
  readonly side: 'source' | 'destination';
  readonly language: Language;
  readonly json: boolean;
}

/** Who runs this command may reach what this machine reaches. */
const ADDRESS_POLICY = { allowPrivate: true };

/** Finds the server where it is not named, tries the account step by step and prints what comes of it. */
export async function runCheck(options: CheckOptions, print: (text: string) => void): Promise<ExitCode> {
  const catalogue = catalogueOf(options.language);
  const say = (line: string): void => {
    if (!options.json) print(`${line}\n`);
  };
  const discovery = 'domain' in options.target ? await discover(options, options.target.domain) : undefined;
  if (discovery !== undefined) {
    for (const { host, port, detail } of discovery.tried) {
      say(`  -  ${host === undefined ? '' : `${host}:${port} `}${printable(detail, 300)}`);
    }
    if (discovery.found) say(`  +  ${discovery.endpoint.host}:${discovery.endpoint.port} (${discovery.by})`);
  }
  const endpoint = endpointFor(options, discovery);
  if (endpoint === undefined) {
    say(catalogue.failures['host-not-found'].remedy);
    if (options.json) print(json({ discovery: discovery && showDiscovery(discovery, catalogue) }));
    return EXIT.mailboxFailed;
  }
  const testing: ConnectionTestOptions = {
    side: options.side,
    addressPolicy: ADDRESS_POLICY,
    onStep: (outcome) => say(stepLine(outcome, catalogue.connection.steps[outcome.step])),
  };
  const source = credentialFor(options, endpoint);
  const verdict =
    source === 'none-yet'
      ? await testServer(endpoint, testing)
      : await testConnection(endpoint, source, testing);
  const { failed, certificate } = verdict;
  const shown = showVerdict(verdict, catalogue);
  if (certificate !== undefined) {
    say(
      `  =  ${printable(certificate.subject)} | ${printable(certificate.issuer)} | ${certificate.validUntil}`,
    );
  }
  for (const { text, present } of shown.traits ?? []) say(`  ${present ? '+' : '-'}  ${text}`);
  if (failed !== undefined) {
    const { summary, remedy } = describeTrouble({ ...failed, code: failed.reason }, catalogue);
    say('');
    say(summary);
    say(remedy);
  }
  if (options.json) {
    print(json({ discovery: discovery && showDiscovery(discovery, catalogue), endpoint, verdict: shown }));
  }
  return verdict.ok ? EXIT.ok : EXIT.mailboxFailed;
}

function discover({ ca }: CheckOptions, domain: string): Promise<Discovery> {
  return discoverServer(domain, {
    records: createDnsRecords(),
    addressPolicy: ADDRESS_POLICY,
    // It ends by itself within seconds, and Ctrl-C ends the process.
    signal: new AbortController().signal,
    random: Math.random,
    ...(ca === undefined ? {} : { ca }),
  });
}

function endpointFor(
  { target, provider, ca }: CheckOptions,
  discovery: Discovery | undefined,
): ImapEndpoint | undefined {
  const found =
    discovery?.found === true ? { ...discovery.endpoint, provider: discovery.provider } : undefined;
  const endpoint = 'endpoint' in target ? target.endpoint : found;
  if (endpoint === undefined) return undefined;
  return {
    ...endpoint,
    ...(provider === undefined ? {} : { provider }),
    ...(ca === undefined ? {} : { ca }),
  };
}

function stepLine({ state, detail, ms }: StepOutcome, text: string): string {
  return `${state === 'ok' ? 'ok ' : '!! '} ${text} (${ms} ms): ${printable(detail, 300)}`;
}

function json(document: object): string {
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
