import { createApp } from '../../../shared/api/create-app.ts';
import { createDnsRecords } from '../../../shared/imap/discovery/dns-records.ts';
import { discoverServer } from '../../../shared/imap/discovery/discover-server.ts';
import { createServices } from '../../../shared/services.ts';
import { apiClient, type ApiClient } from '../../support/api-client.ts';
import { disposeAfterEach } from '../../support/dispose-after-each.ts';
import { type DnsZone, startDnsServer } from '../../support/dns-server.ts';
import { startTestCloud, type TestCloud } from '../../support/test-cloud.ts';

const held = disposeAfterEach();

let cloud: TestCloud;

beforeAll(async () => {
  cloud = await startTestCloud();
});

afterAll(() => cloud.close());

async function clientWith(zone: DnsZone): Promise<ApiClient> {
  const dns = await held(startDnsServer(zone));
  const variables = { ...cloud.cloud.environment, MAILHAUL_LOG_LEVEL: 'SILENT' };
  const app = createApp(createServices('test', variables), {
    discover: (domain, options) =>
      discoverServer(domain, {
        ...options,
        records: createDnsRecords([dns.address]),
        resolver: dns.resolver,
      }),
  });
  return apiClient(app, { tenant: cloud.tenant() });
}

describe('POST /v1/discovery', () => {
  test('finds the provider of an address, ready for a connection', async () => {
    const api = await clientWith({ mx: { 'example.test': [[5, 'aspmx.l.google.com']] } });
    expect(await api('POST', '/v1/discovery', { address: 'anna@Example.TEST' })).toMatchObject({
      status: 200,
      body: {
        domain: 'example.test',
        found: true,
        by: 'mx',
        provider: 'google-workspace',
        endpoint: { host: 'imap.gmail.com', port: 993, security: 'tls' },
      },
    });
  });

  test('says what was tried in vain, in the language of the caller', async () => {
    const api = await clientWith({});
    const reply = await api(
      'POST',
      '/v1/discovery',
      { address: 'example.test' },
      {
        headers: { 'accept-language': 'vi' },
      },
    );
    expect(reply).toMatchObject({ status: 200, body: { found: false, notOffered: false } });
    expect(reply.body).toMatchObject({
      tried: expect.arrayContaining([
        expect.objectContaining({
          by: 'usual-name',
          host: 'imap.example.test',
          reason: 'host-not-found',
          summary: 'Tên máy chủ không tồn tại.',
        }),
      ]),
    });
  });

  test.each(['anna', 'anna@', 'anna@127.0.0.1', 'anna@example.test/x'])(
    'refuses %j before anything is looked up',
    async (address) => {
      const api = await clientWith({});
      expect(await api('POST', '/v1/discovery', { address })).toMatchObject({
        status: 422,
        body: { code: 'request-invalid', errors: [{ pointer: '#/address' }] },
      });
    },
  );
});
