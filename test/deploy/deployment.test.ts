import { compareMailboxes } from '../support/compare-mailboxes.ts';
import { deepText } from '../support/deep-text.ts';
import { startDovecot, type Dovecot } from '../support/dovecot.ts';
import { eventually } from '../support/eventually.ts';
import { appendMessage, fillMailbox } from '../support/fill-mailbox.ts';
import { ImapTestClient } from '../support/imap-test-client.ts';
import { mailCorpus } from '../support/mail-corpus.ts';
import { snapshotMailbox } from '../support/mailbox-snapshot.ts';
import type { HttpReply } from '../support/running-service.ts';
import { withResource } from '../support/with-resource.ts';
import { callApi } from './call-api.ts';
import type { CloudEndpoint } from './cloud-endpoint.ts';
import { type DeployedCloud, deployCloud } from './deploy-cloud.ts';
import { openCloudEndpoint } from './open-cloud-endpoint.ts';
import { secretNames } from './secret-names.ts';
import { signIn } from './sign-in.ts';

const DEPLOYMENT_MS = 600_000;
const MESSAGES = 600;
const ANNA = 'anna@new.example';
const SOURCE_SECRET = 'source-pass-4711';
const DESTINATION_SECRET = 'destination-pass-4711';

/** The steps build on one another: one deployment, from the templates to its end. */
describe('the templates, deployed', () => {
  let source: Dovecot;
  let destination: Dovecot;
  let endpoint: CloudEndpoint;
  let cloud: DeployedCloud;
  let deployed = false;
  let finished = false;
  let token = '';
  let connectionId = '';
  let migrationId = '';
  let mailboxId = '';

  const call = (method: string, path: string, body?: unknown): Promise<HttpReply> =>
    callApi(cloud.apiAddress, token, method, path, body);
  const mailbox = async (): Promise<HttpReply['body']> =>
    (await call('GET', `/v1/mailboxes/${mailboxId}`)).body;
  const mailboxIs = (status: string): Promise<unknown> =>
    eventually(
      status,
      async () => {
        const now = await mailbox();
        if (now['status'] !== status) throw new Error(JSON.stringify(now));
        return true;
      },
      { withinMs: 150_000, everyMs: 500 },
    );
  const comparison = async (): Promise<string> =>
    compareMailboxes(
      await snapshotMailbox(source.access('anna')),
      await snapshotMailbox(destination.access(ANNA)),
    ).report;
  const serverOf = (server: Dovecot) => ({
    host: 'localhost',
    port: server.tlsPort,
    security: 'tls',
    ca: server.ca,
  });
  const newMail = (subject: string): Promise<unknown> =>
    withResource(ImapTestClient.connect(source.access('anna')), (client) =>
      appendMessage(client, 'INBOX', {
        flags: ['\\Flagged'],
        internalDate: '15-Mar-2026 12:00:00 +0100',
        bytes: () => Buffer.from(`Subject: ${subject}\r\n\r\nnew\r\n`),
      }),
    );

  beforeAll(async () => {
    [source, destination, endpoint] = await Promise.all([
      startDovecot({ users: { anna: SOURCE_SECRET } }),
      startDovecot({ users: { [ANNA]: DESTINATION_SECRET } }),
      openCloudEndpoint(),
    ]);
    await fillMailbox(
      source.access('anna'),
      mailCorpus({ messages: MESSAGES, largeMessageBytes: 5_000_000 }),
    );
    cloud = await deployCloud(endpoint);
    deployed = true;
  }, DEPLOYMENT_MS);
  afterAll(async () => {
    try {
      const log = finished ? undefined : await endpoint?.keepLog();
      if (log !== undefined) process.stderr.write(`What the emulator and the functions said is in ${log}\n`);
      if (deployed) await cloud.destroy();
    } finally {
      await Promise.all([endpoint?.close(), source?.stop(), destination?.stop()]);
    }
  }, DEPLOYMENT_MS);

  test('answers health to everybody, and nothing else without a token', async () => {
    expect(await callApi(cloud.apiAddress, undefined, 'GET', '/v1/health')).toMatchObject({ status: 200 });
    expect(await callApi(cloud.apiAddress, undefined, 'GET', '/v1/users')).toMatchObject({ status: 401 });
    expect(await callApi(cloud.apiAddress, 'not.a.token', 'GET', '/v1/users')).toMatchObject({ status: 401 });
  });

  test('lets in a user of the pool, whose token names the tenant', async () => {
    token = await signIn(endpoint, cloud, {
      email: 'admin@example.org',
      password: 'Correct-horse-battery-4711',
      tenant: 'acme',
    });
    expect(await call('GET', '/v1/users')).toMatchObject({ status: 200, body: { items: [] } });
    const broken = `${token.slice(0, -4)}${token.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`;
    expect(await callApi(cloud.apiAddress, broken, 'GET', '/v1/users')).toMatchObject({ status: 401 });
  });

  test('takes destination, user and a connection that it has tried', async () => {
    expect(
      await call('PUT', '/v1/destination', {
        endpoint: serverOf(destination),
        signIn: { kind: 'user-password' },
        test: { user: ANNA, password: DESTINATION_SECRET },
      }),
    ).toMatchObject({ status: 200 });
    expect(await call('POST', '/v1/users', { email: ANNA, displayName: 'Anna' })).toMatchObject({
      status: 201,
    });
    const connection = { provider: 'other', endpoint: serverOf(source) };
    expect(
      await call('POST', '/v1/connections', { ...connection, account: { user: 'anna', password: 'wrong' } }),
    ).toMatchObject({ status: 422 });
    const made = await call('POST', '/v1/connections', {
      ...connection,
      account: { user: 'anna', password: SOURCE_SECRET },
    });
    expect(made).toMatchObject({ status: 201 });
    connectionId = deepText(made.body, 'connectionId');
  });

  test('copies a mailbox until it is Synced, with nothing missing, doubled or altered', async () => {
    const created = await call('POST', '/v1/migrations', {
      connectionId,
      mailboxes: [
        { email: ANNA, sourceUser: 'anna', password: SOURCE_SECRET, destinationPassword: DESTINATION_SECRET },
      ],
      start: true,
    });
    expect(created).toMatchObject({ status: 201 });
    migrationId = deepText(created.body, 'migrationId');
    mailboxId = deepText((await call('GET', `/v1/migrations/${migrationId}/mailboxes`)).body, 'mailboxId');
    await mailboxIs('synced');
    expect(await mailbox()).toMatchObject({
      progress: { messages: { listed: MESSAGES, copied: MESSAGES, failed: 0 } },
    });
    expect(await comparison()).toBe(`equal: ${MESSAGES} messages`);
  });

  test('brings new mail when it is told to look', async () => {
    await newMail('asked for');
    expect((await call('POST', `/v1/mailboxes/${mailboxId}/sync`)).status).toBeLessThan(300);
    await newMailArrives();
    await mailboxIs('synced');
    expect(await comparison()).toBe(`equal: ${MESSAGES + 1} messages`);
  });

  test(
    'brings new mail by itself, when the timer finds the mailbox due',
    async () => {
      await newMail('unasked for');
      await newMailArrives();
      await mailboxIs('synced');
      expect(await comparison()).toBe(`equal: ${MESSAGES + 2} messages`);
    },
    DEPLOYMENT_MS,
  );

  test('stops, and looks no more', async () => {
    expect((await call('POST', `/v1/migrations/${migrationId}/stop`)).status).toBeLessThan(300);
    await mailboxIs('stopped');
    expect(await call('POST', `/v1/mailboxes/${mailboxId}/sync`)).toMatchObject({ status: 409 });
    expect(await comparison()).toBe(`equal: ${MESSAGES + 2} messages`);
  });

  test('destroys the credentials at Close', async () => {
    expect(await secretNames(endpoint)).not.toEqual([]);
    expect((await call('POST', `/v1/connections/${connectionId}/close`)).status).toBeLessThan(300);
    await mailboxIs('closed');
    const left = await secretNames(endpoint);
    // of the destination there is none: each mailbox has its own password there
    expect(left).toEqual([]);
  });

  test(
    'is taken down without a rest of the API',
    async () => {
      await cloud.destroy();
      deployed = false;
      expect((await callApi(cloud.apiAddress, token, 'GET', '/v1/users')).status).toBeGreaterThanOrEqual(400);
      finished = true;
    },
    DEPLOYMENT_MS,
  );

  function newMailArrives(): Promise<unknown> {
    return eventually(
      'the same mail on both sides',
      async () => {
        const report = await comparison();
        if (!report.startsWith('equal: ')) throw new Error(report);
        return true;
      },
      { withinMs: 240_000, everyMs: 1000 },
    );
  }
});
