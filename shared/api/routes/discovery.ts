import { createDnsRecords } from '../../imap/discovery/dns-records.ts';
import { mailDomain } from '../../imap/discovery/mail-domain.ts';
import { invalidBody } from '../parse-request.ts';
import { defineRoute } from '../route.ts';
import { discoveryInputSchema, discoverySchema, showDiscovery } from '../schemas/discovery-schema.ts';

export const discoverRoute = defineRoute({
  method: 'POST',
  path: '/v1/discovery',
  operationId: 'discover',
  summary: 'Find the IMAP server of an e-mail address',
  description:
    'By the SRV records of its domain (RFC 6186), by who takes its mail (MX), by the usual names. Takes some 12 seconds at most; nobody signs in and nothing is stored.',
  access: 'mailhaul:write',
  body: discoveryInputSchema,
  answers: [{ status: 200, description: 'What was found, or what was tried' }],
  answer: discoverySchema,
  handle: async ({ body }, { services, discover, catalogue, signal }) => {
    const domain = mailDomain(body.address);
    if (domain === undefined) {
      throw invalidBody('#/address', 'Give an e-mail address or a domain, such as anna@example.org');
    }
    const discovery = await discover(domain, {
      records: createDnsRecords(),
      addressPolicy: { allowPrivate: services.environment.allowPrivateAddresses },
      signal,
      random: services.random,
    });
    return { status: 200, body: showDiscovery(discovery, catalogue) };
  },
});
