import { deepText } from '../../support/deep-text.ts';
import { type Dovecot, startDovecot } from '../../support/dovecot.ts';
import { eventually } from '../../support/eventually.ts';
import { fillMailbox } from '../../support/fill-mailbox.ts';
import { mailCorpus } from '../../support/mail-corpus.ts';
import { type RunningService, startService } from '../../support/running-service.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';

const LONG = 180_000;
const USERS = ['ann', 'bob', 'cid', 'dan', 'eve', 'fay'].map((name) => `${name}@example.org`);
const PASSWORD = 'secret-4711';

describe('connections to a host that its budget bounds', () => {
  let source: Dovecot;
  let destination: Dovecot;
  let from: TcpProxy;
  let to: TcpProxy;
  let service: RunningService;
  let token: string;

  const call = (method: string, path: string, body?: unknown) => service.call(token, method, path, body);

  beforeAll(async () => {
    const users = Object.fromEntries(USERS.map((user) => [user, PASSWORD]));
    [source, destination] = await Promise.all([startDovecot({ users }), startDovecot({ users })]);
    [from, to] = await Promise.all([startTcpProxy(source), startTcpProxy(destination)]);
    for (const [seed, user] of USERS.entries()) {
      await fillMailbox(source.access(user), mailCorpus({ messages: 120, seed }));
    }
    service = await startService({ MAILHAUL_SETTLE_MS: '100' });
    token = await service.token('acme');
  }, LONG);
  afterAll(async () => {
    await service?.[Symbol.asyncDispose]();
    await Promise.all([from?.stop(), to?.stop()]);
    await Promise.all([source?.stop(), destination?.stop()]);
  });

  test(
    'are never more, over all mailboxes; those that find none free wait in line and come to an end like the others',
    async () => {
      const endpoint = (proxy: TcpProxy) => ({ host: '127.0.0.1', port: proxy.port, security: 'insecure' });
      for (const email of USERS) await call('POST', '/v1/users', { email });
      await call('PUT', '/v1/destination', {
        endpoint: endpoint(to),
        signIn: { kind: 'user-password' },
        test: { user: USERS[0], password: PASSWORD },
      });
      const connected = await call('POST', '/v1/connections', {
        provider: 'other',
        endpoint: endpoint(from),
        account: { user: USERS[0], password: PASSWORD },
      });
      // Both ends are this host, so that each mailbox needs two.
      expect(await call('PUT', '/v1/budgets/127.0.0.1', { connectionsPerHost: 4 })).toMatchObject({
        status: 200,
      });
      let release = (): void => undefined;
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      to.when('up', 20_000, () => held);
      const created = await call('POST', '/v1/migrations', {
        connectionId: deepText(connected.body, 'connectionId'),
        mailboxes: USERS.map((user) => ({
          email: user,
          sourceUser: user,
          password: PASSWORD,
          destinationPassword: PASSWORD,
        })),
        start: true,
      });
      expect(created).toMatchObject({ status: 201 });
      const mailboxes = async () => {
        const path = `/v1/migrations/${deepText(created.body, 'migrationId')}/mailboxes`;
        return Object(await call('GET', path)).body.items as Array<Record<string, unknown>>;
      };
      try {
        // A second lane of the first mailbox may have come before the others.
        await eventually('the others wait', async () => {
          const waiting = (await mailboxes()).filter(({ waitingFor }) => waitingFor !== undefined);
          return waiting.length >= 4 && waiting.every(({ status }) => status === 'queued');
        });
        expect((await mailboxes()).find(({ waitingFor }) => waitingFor !== undefined)).toMatchObject({
          waitingFor: { host: '127.0.0.1', since: expect.any(String) },
        });
        await eventually('they are in line', async () => {
          const { inUse } = Object((await call('GET', '/v1/budgets/127.0.0.1')).body);
          return inUse.connections === 4 && inUse.waiting >= 4;
        });
      } finally {
        release();
      }
      await eventually(
        'all are synced',
        async () => (await mailboxes()).every(({ status }) => status === 'synced'),
        { withinMs: 60_000 },
      );
      expect(Math.max(from.mostAtOnce(), to.mostAtOnce())).toBe(2);
      expect((await mailboxes()).filter(({ waitingFor }) => waitingFor !== undefined)).toEqual([]);
      expect(await call('GET', '/v1/budgets/127.0.0.1')).toMatchObject({
        body: { inUse: { connections: 0, waiting: 0 } },
      });
    },
    LONG,
  );
});
