import { fillMailbox } from '../../support/fill-mailbox.ts';
import { mailCorpus } from '../../support/mail-corpus.ts';
import type { MailboxBench } from '../../support/mailbox-bench.ts';
import { startRefusingProxy, type RefusingProxy } from '../../support/refusing-proxy.ts';
import { startSyncBench, type SyncBench } from '../../support/sync-bench.ts';
import { startTcpProxy } from '../../support/tcp-proxy.ts';
import { withResource } from '../../support/with-resource.ts';

const THROTTLED = 'BAD Request is throttled. Suggested Backoff Time: 2000 milliseconds';

describe('servers in trouble', () => {
  const corpus = mailCorpus({ seed: 41, messages: 240, largeMessageBytes: 0 });
  let bench: SyncBench;

  beforeAll(async () => {
    bench = await startSyncBench({ source: { users: { anna: 'secret' } } });
    await fillMailbox(bench.source.access('anna'), corpus);
  });
  afterAll(() => bench.stop());

  async function expectNobodyWorks(mailbox: MailboxBench): Promise<void> {
    const { lanes } = await mailbox.services.state.work.snapshot(mailbox.key);
    expect(lanes.filter(({ owner }) => owner !== '')).toEqual([]);
    expect(mailbox.queues.waiting).toEqual([]);
  }

  function refuseFrom(proxy: RefusingProxy, nth: number, verb: string, answer: string): void {
    let seen = 0;
    proxy.judge = (line) => {
      if (!line.toUpperCase().startsWith(verb)) return undefined;
      seen += 1;
      return seen >= nth ? answer : undefined;
    };
  }

  test('a destination that throttles in mid-pass is left alone until the time it named, then filled on', async () => {
    await withResource(startRefusingProxy({ port: bench.destination.port }), async (proxy) => {
      const mailbox = await bench.mailbox({ sourceUser: 'anna', destinationPort: proxy.port });
      refuseFrom(proxy, 90, 'APPEND', THROTTLED);
      const record = await mailbox.start();
      expect(record).toMatchObject({
        status: 'throttled',
        failures: 0,
        consecutiveThrottles: 1,
        reason: {
          code: 'throttled',
          side: 'destination',
          detail: expect.stringContaining('2000 milliseconds'),
        },
      });
      const { throttledUntil = 0 } = record;
      expect(record.pace).toEqual({ perSecond: expect.any(Number), since: throttledUntil });
      expect(throttledUntil - record.statusSince).toBeGreaterThanOrEqual(2_000);
      expect(throttledUntil - record.statusSince).toBeLessThan(4_000);
      await expectNobodyWorks(mailbox);
      const { connections } = proxy;
      await mailbox.plan('due');
      await mailbox.chunk();
      expect(proxy.connections).toBe(connections);
      proxy.judge = () => undefined;
      expect(await mailbox.tick()).toMatchObject({ status: 'synced', consecutiveThrottles: 0 });
      await mailbox.expectEqual();
      await mailbox.expectBooks();
    });
  });

  test('a source that throttles while it is planned is planned when the time is over', async () => {
    await withResource(startRefusingProxy({ port: bench.source.port }), async (proxy) => {
      const mailbox = await bench.mailbox({ sourceUser: 'anna', sourcePort: proxy.port });
      refuseFrom(proxy, 3, 'EXAMINE', THROTTLED);
      expect(await mailbox.start()).toMatchObject({ status: 'throttled', pass: { phase: 'planning' } });
      proxy.judge = () => undefined;
      expect(await mailbox.tick()).toMatchObject({ status: 'synced', pass: { number: 1 } });
      await mailbox.expectEqual();
    });
  });

  test('a password that stops working in mid-pass asks for a person and is not tried again and again', async () => {
    await withResource(startTcpProxy({ port: bench.destination.port }), async (proxy) => {
      const mailbox = await bench.mailbox({ sourceUser: 'anna', destinationPort: proxy.port, lanes: 1 });
      const { user } = mailbox.access.destination;
      const changed = Promise.withResolvers<void>();
      proxy.when('up', 60_000, () => {
        bench.destination
          .addUser(user, 'another')
          .then(() => proxy.cut())
          .then(changed.resolve, changed.reject);
        return changed.promise;
      });
      const [record] = await Promise.all([mailbox.start(), changed.promise]);
      expect(record).toMatchObject({
        status: 'needs-attention',
        reason: { code: 'authentication-failed', side: 'destination' },
      });
      expect(record.dueAt).toBeUndefined();
      await expectNobodyWorks(mailbox);
      expect(
        JSON.stringify(await mailbox.services.state.events.list(mailbox.key, { limit: 50 })),
      ).not.toContain('secret');
      await bench.destination.addUser(user, 'secret');
      expect(await mailbox.start()).toMatchObject({ status: 'synced' });
      await mailbox.expectEqual();
      await mailbox.expectBooks();
    });
  });

  test('a source that is down is tried again later and later, and then asks for a person', async () => {
    const proxy = await startTcpProxy({ port: bench.source.port });
    const mailbox = await bench.mailbox({ sourceUser: 'anna', sourcePort: proxy.port, lanes: 4 });
    await proxy.stop();
    let record = await mailbox.start();
    for (let failures = 1; failures < 6; failures += 1) {
      expect(record).toMatchObject({ status: 'starting', failures });
      expect(record.dueAt).toBeGreaterThan(mailbox.clock.now());
      record = await mailbox.tick();
    }
    expect(record).toMatchObject({
      status: 'needs-attention',
      reason: { code: 'connection-refused', side: 'source' },
    });
    await expectNobodyWorks(mailbox);
  });

  test('several lanes that lose the same server count as one failure', async () => {
    await withResource(startTcpProxy({ port: bench.destination.port }), async (proxy) => {
      const mailbox = await bench.mailbox({ sourceUser: 'anna', destinationPort: proxy.port, lanes: 4 });
      await mailbox.plan();
      await proxy.stop();
      await mailbox.deliver();
      expect(await mailbox.record()).toMatchObject({ status: 'syncing', failures: 1 });
    });
  });

  test('connections are closed when the work is done', async () => {
    const mailbox = await bench.mailbox({ sourceUser: 'anna' });
    await mailbox.start();
    const { user } = mailbox.access.destination;
    const who = await bench.destination.doveadm('who', '-1', user);
    expect(who.split('\n').filter((line) => line.startsWith(`${user} `))).toEqual([]);
  });
});
