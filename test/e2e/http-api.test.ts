import { compareMailboxes } from '../support/compare-mailboxes.ts';
import { deepText } from '../support/deep-text.ts';
import { startDovecot, type Dovecot } from '../support/dovecot.ts';
import { eventually } from '../support/eventually.ts';
import { fillMailbox } from '../support/fill-mailbox.ts';
import { mailCorpus } from '../support/mail-corpus.ts';
import { snapshotMailbox } from '../support/mailbox-snapshot.ts';
import { startNarrowLink, type NarrowLink } from '../support/narrow-link.ts';
import { type HttpReply, type RunningService, startService } from '../support/running-service.ts';

const LONG = 180_000;
const ANNA = 'anna@new.example';
const SOURCE_SECRET = 'source-pass-Zażółć';
const DESTINATION_SECRET = 'destination-pass-4711';

describe('the path of an admin through the HTTP API', () => {
  let source: Dovecot;
  let destination: Dovecot;
  let link: NarrowLink;
  let service: RunningService;
  let token: string;
  let connectionId = '';
  let migrationId = '';
  let mailboxId = '';

  const call = (method: string, path: string, body?: unknown): Promise<HttpReply> =>
    service.call(token, method, path, body);
  const mailbox = async (): Promise<HttpReply['body']> =>
    (await call('GET', `/v1/mailboxes/${mailboxId}`)).body;
  const endpoint = (server: { tlsPort: number }, ca: string) => ({
    host: 'localhost',
    port: server.tlsPort,
    security: 'tls',
    ca,
  });
  const arrived = async (): Promise<number> => {
    const folders = [...(await snapshotMailbox(destination.access(ANNA))).values()];
    return folders.reduce((sum, folder) => sum + folder.messages.length, 0);
  };

  beforeAll(async () => {
    [source, destination] = await Promise.all([
      startDovecot({ users: { anna: SOURCE_SECRET } }),
      startDovecot({ users: { [ANNA]: DESTINATION_SECRET } }),
    ]);
    await fillMailbox(source.access('anna'), mailCorpus({ messages: 1_500, largeMessageBytes: 20_000_000 }));
    // 25 MB at 1 MB a second: time enough to stop in the middle.
    link = await startNarrowLink({ port: destination.tlsPort }, { bytesPerSecond: 1_000_000 });
    service = await startService({ MAILHAUL_SETTLE_MS: '500' });
    token = await service.token('acme');
  }, LONG);
  afterAll(async () => {
    await service?.[Symbol.asyncDispose]();
    await link?.[Symbol.asyncDispose]();
    await Promise.all([source?.stop(), destination?.stop()]);
  });

  test('a connection whose account does not let one in is refused with the step that failed, and not kept', async () => {
    const refused = await call('POST', '/v1/connections', {
      provider: 'other',
      endpoint: endpoint(source, source.ca),
      account: { user: 'anna', password: 'wrong' },
    });
    expect(refused).toMatchObject({ status: 422, type: expect.stringContaining('application/problem+json') });
    expect(JSON.stringify(refused.body)).toContain('authentication-failed');
    expect((await call('GET', '/v1/connections')).body).toMatchObject({ items: [] });
  });

  test(
    'users, destination, connection and migration are made, and the copy starts',
    async () => {
      expect(await call('POST', '/v1/users', { email: ANNA, displayName: 'Anna' })).toMatchObject({
        status: 201,
      });
      const saved = await call('PUT', '/v1/destination', {
        endpoint: endpoint({ tlsPort: link.port }, destination.ca),
        signIn: { kind: 'user-password' },
        test: { user: ANNA, password: DESTINATION_SECRET },
      });
      expect(saved).toMatchObject({ status: 200 });
      const connected = await call('POST', '/v1/connections', {
        provider: 'other',
        endpoint: endpoint(source, source.ca),
        account: { user: 'anna', password: SOURCE_SECRET },
      });
      expect(connected).toMatchObject({ status: 201 });
      connectionId = deepText(connected.body, 'connectionId');
      const created = await call('POST', '/v1/migrations', {
        connectionId,
        mailboxes: [
          {
            email: ANNA,
            sourceUser: 'anna',
            password: SOURCE_SECRET,
            destinationPassword: DESTINATION_SECRET,
          },
        ],
        start: true,
      });
      expect(created).toMatchObject({ status: 201 });
      migrationId = deepText(created.body, 'migrationId');
      const listed = await call('GET', `/v1/migrations/${migrationId}/mailboxes`);
      mailboxId = deepText(listed.body, 'mailboxId');
      await eventually(
        'the copy has begun',
        async () => (await arrived()) > 0 && (await mailbox())['status'] === 'syncing',
      );
    },
    LONG,
  );

  test(
    'Stop in the middle of the copy ends it, and nothing more arrives',
    async () => {
      expect(await call('POST', `/v1/mailboxes/${mailboxId}/stop`)).toMatchObject({
        status: expect.any(Number),
      });
      await eventually('stopped', async () => (await mailbox())['status'] === 'stopped', {
        withinMs: 60_000,
      });
      const before = await arrived();
      expect(before).toBeLessThan(1_500);
      expect(await call('POST', `/v1/mailboxes/${mailboxId}/sync`)).toMatchObject({ status: 409 });
      expect(await arrived()).toBe(before);
    },
    LONG,
  );

  test(
    'Start again continues to the end: nothing missing, doubled or altered',
    async () => {
      expect((await call('POST', `/v1/mailboxes/${mailboxId}/start`)).status).toBeLessThan(300);
      await eventually('synced', async () => (await mailbox())['status'] === 'synced', { withinMs: 120_000 });
      const comparison = compareMailboxes(
        await snapshotMailbox(source.access('anna')),
        await snapshotMailbox(destination.access(ANNA)),
      );
      expect(comparison.report).toBe('equal: 1500 messages');
      expect(await mailbox()).toMatchObject({
        progress: { messages: { listed: 1500, copied: 1500, failed: 0 } },
      });
    },
    LONG,
  );

  test("another tenant's identifiers are unknown, a wrong or missing token is refused", async () => {
    const stranger = await service.token('evil');
    const paths = [
      `/v1/mailboxes/${mailboxId}`,
      `/v1/migrations/${migrationId}`,
      `/v1/connections/${connectionId}`,
    ];
    for (const path of paths) {
      const known = await service.call(stranger, 'GET', path);
      const unknown = await service.call(
        stranger,
        'GET',
        path.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
      );
      expect(known.status).toBe(404);
      expect(known.body).toMatchObject({ code: unknown.body['code'], title: unknown.body['title'] });
      expect(await service.call(undefined, 'GET', path)).toMatchObject({ status: 401 });
      expect(await service.call(`${token.slice(0, -4)}AAAA`, 'GET', path)).toMatchObject({ status: 401 });
    }
    const reader = await service.token('acme', ['mailhaul:read']);
    expect(await service.call(reader, 'POST', `/v1/mailboxes/${mailboxId}/stop`)).toMatchObject({
      status: 403,
    });
  });

  test(
    'Close destroys the secrets and keeps the reports',
    async () => {
      expect((await call('POST', `/v1/connections/${connectionId}/close`)).status).toBeLessThan(300);
      await eventually('closed', async () => (await mailbox())['status'] === 'closed', { withinMs: 60_000 });
      expect(await mailbox()).toMatchObject({ progress: { messages: { listed: 1500, copied: 1500 } } });
      const folders = await call('GET', `/v1/mailboxes/${mailboxId}/folders`);
      expect(folders).toMatchObject({ status: 200 });
      expect(JSON.stringify(folders.body)).toContain('INBOX');
      expect(await call('POST', `/v1/mailboxes/${mailboxId}/start`)).toMatchObject({ status: 409 });
      expect(await service.stateHolds(SOURCE_SECRET)).toBe(false);
      expect(await service.stateHolds(DESTINATION_SECRET)).toBe(false);
    },
    LONG,
  );
});
