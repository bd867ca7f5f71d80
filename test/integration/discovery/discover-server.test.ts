import {
  type Discovery,
  type DiscoveryOptions,
  discoverServer,
} from '../../../shared/imap/discovery/discover-server.ts';
import { createDnsRecords } from '../../../shared/imap/discovery/dns-records.ts';
import { disposeAfterEach } from '../../support/dispose-after-each.ts';
import { type DnsZone, startDnsServer } from '../../support/dns-server.ts';
import { type Dovecot, startDovecot } from '../../support/dovecot.ts';
import { freePorts } from '../../support/free-ports.ts';
import { scriptedServer } from '../../support/scripted-server.ts';

const held = disposeAfterEach();

const NAMES = 'DNS:imap.example.test,DNS:mail.example.test,DNS:example.test,DNS:srv.example.test';
const HERE = '127.0.0.1';

let dovecot: Dovecot;
let closedPort: number;

beforeAll(async () => {
  dovecot = await startDovecot({ users: { ann: 'hunter22' }, certificateNames: NAMES });
  [closedPort = 1] = await freePorts(1);
});

afterAll(() => dovecot.stop());

async function discover(zone: DnsZone, options: Partial<DiscoveryOptions> = {}): Promise<Discovery> {
  const dns = await held(startDnsServer(zone));
  return discoverServer('example.test', {
    records: createDnsRecords([dns.address]),
    resolver: dns.resolver,
    addressPolicy: { allowPrivate: true },
    signal: new AbortController().signal,
    random: () => 0,
    ports: { tls: dovecot.tlsPort, starttls: dovecot.port },
    ca: dovecot.ca,
    ...options,
  });
}

describe('a server is found', () => {
  test('by the service record of its domain, before anything else', async () => {
    const found = await discover({
      srv: { '_imaps._tcp.example.test': [[0, 1, dovecot.tlsPort, 'srv.example.test']] },
      mx: { 'example.test': [[1, 'aspmx.l.google.com']] },
      a: { 'srv.example.test': HERE, 'imap.example.test': HERE },
    });
    expect(found).toEqual({
      domain: 'example.test',
      found: true,
      by: 'srv',
      provider: 'other',
      endpoint: { host: 'srv.example.test', port: dovecot.tlsPort, security: 'tls' },
      tried: [],
    });
  });

  test('by the record of lower priority where the first does not answer', async () => {
    const found = await discover({
      srv: {
        '_imaps._tcp.example.test': [
          [10, 0, dovecot.tlsPort, 'srv.example.test'],
          [0, 0, closedPort, 'srv.example.test'],
        ],
      },
      a: { 'srv.example.test': HERE },
    });
    expect(found).toMatchObject({
      found: true,
      by: 'srv',
      endpoint: { port: dovecot.tlsPort },
      tried: [{ by: 'srv', port: closedPort, reason: 'connection-refused' }],
    });
  });

  test('by the record for STARTTLS where there is no other', async () => {
    const found = await discover({
      srv: {
        '_imaps._tcp.example.test': [[0, 0, 0, '']],
        '_imap._tcp.example.test': [[0, 0, dovecot.port, 'srv.example.test']],
      },
      a: { 'srv.example.test': HERE },
    });
    expect(found).toMatchObject({
      found: true,
      by: 'srv',
      endpoint: { host: 'srv.example.test', port: dovecot.port, security: 'starttls' },
    });
  });

  test('by who takes its mail, in order of preference', async () => {
    const found = await discover({
      mx: {
        'example.test': [
          [20, 'mx.zoho.com'],
          [10, 'example-test.mail.protection.outlook.com'],
        ],
      },
      a: { 'imap.example.test': HERE },
    });
    expect(found).toMatchObject({
      found: true,
      by: 'mx',
      provider: 'exchange-online',
      endpoint: { host: 'outlook.office365.com', port: 993, security: 'tls' },
    });
  });

  test('by a usual name, the first that answers', async () => {
    const found = await discover({
      mx: { 'example.test': [[1, 'mx.example.test']] },
      a: { 'mail.example.test': HERE, 'example.test': HERE },
    });
    expect(found).toMatchObject({
      found: true,
      by: 'usual-name',
      provider: 'other',
      endpoint: { host: 'mail.example.test', port: dovecot.tlsPort, security: 'tls' },
      tried: [
        { by: 'usual-name', host: 'imap.example.test', security: 'tls', reason: 'host-not-found' },
        { by: 'usual-name', host: 'imap.example.test', security: 'starttls', reason: 'host-not-found' },
      ],
    });
  });

  test('by STARTTLS where the port for TLS is closed', async () => {
    const found = await discover(
      { a: { 'imap.example.test': HERE } },
      { ports: { tls: closedPort, starttls: dovecot.port } },
    );
    expect(found).toMatchObject({
      endpoint: { host: 'imap.example.test', port: dovecot.port, security: 'starttls' },
      tried: [{ reason: 'connection-refused' }],
    });
  });

  test('though the DNS does not answer a question', async () => {
    const found = await discover({
      broken: ['_imaps._tcp.example.test', 'example.test'],
      a: { 'imap.example.test': HERE },
    });
    expect(found).toMatchObject({
      found: true,
      by: 'usual-name',
      tried: expect.arrayContaining([
        { by: 'srv', reason: 'host-not-found', detail: expect.stringContaining('_imaps._tcp.example.test') },
        { by: 'mx', reason: 'host-not-found', detail: expect.stringContaining('example.test') },
      ]),
    });
  });
});

describe('no server is found', () => {
  test('where the domain says that it has none, and none is guessed', async () => {
    const found = await discover({
      srv: { '_imaps._tcp.example.test': [[0, 0, 0, '']], '_imap._tcp.example.test': [[0, 0, 0, '']] },
      a: { 'imap.example.test': HERE },
    });
    expect(found).toEqual({ domain: 'example.test', found: false, notOffered: true, tried: [] });
  });

  test('where nothing answers, and everything that was tried is told', async () => {
    const found = await discover({});
    expect(found).toMatchObject({ found: false, notOffered: false });
    expect(found.tried.map(({ host, security }) => `${host} ${security}`)).toEqual([
      'imap.example.test tls',
      'imap.example.test starttls',
      'mail.example.test tls',
      'mail.example.test starttls',
      'example.test tls',
      'example.test starttls',
    ]);
  });

  test('where its certificate is for another name', async () => {
    const found = await discover({
      srv: { '_imaps._tcp.example.test': [[0, 0, dovecot.tlsPort, 'elsewhere.example.test']] },
      a: { 'elsewhere.example.test': HERE },
    });
    expect(found.found).toBe(false);
    expect(found.tried[0]).toMatchObject({ host: 'elsewhere.example.test', reason: 'tls-untrusted' });
  });

  test('inside a private network, whatever a record says', async () => {
    const peer = await held(scriptedServer((client) => client.send('* OK IMAP4rev1 ready')));
    const found = await discover(
      {
        srv: {
          '_imaps._tcp.example.test': [[0, 0, peer.port, 'srv.example.test']],
          '_imap._tcp.example.test': [[0, 0, peer.port, 'srv.example.test']],
        },
        a: { 'srv.example.test': HERE, 'imap.example.test': HERE },
      },
      { addressPolicy: { allowPrivate: false }, ports: { tls: peer.port, starttls: peer.port } },
    );
    expect(found.found).toBe(false);
    expect(found.tried.filter(({ reason }) => reason === 'address-forbidden')).toHaveLength(4);
    expect(peer.connections).toBe(0);
  });

  test('on a server without encryption', async () => {
    const plain = await held(
      scriptedServer((client) => client.send('* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready')),
    );
    const found = await discover(
      {
        srv: { '_imap._tcp.example.test': [[0, 0, plain.port, 'srv.example.test']] },
        a: { 'srv.example.test': HERE },
      },
      { ports: { tls: closedPort, starttls: closedPort } },
    );
    expect(found.found).toBe(false);
    expect(found.tried[0]).toMatchObject({ security: 'starttls', reason: 'tls-unavailable' });
    expect(plain.heard).toEqual([]);
  });

  test('once the caller has gone away', async () => {
    const silent = await held(scriptedServer(() => undefined));
    const controller = new AbortController();
    const reason = new Error('the caller went away');
    const discovering = discover(
      { a: { 'imap.example.test': HERE } },
      { signal: controller.signal, ports: { tls: silent.port, starttls: silent.port } },
    );
    controller.abort(reason);
    await expect(discovering).rejects.toBe(reason);
  });
});
