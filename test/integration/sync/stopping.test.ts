import { closeMigration } from '../../../shared/lifecycle/close-migration.ts';
import { startMailboxes } from '../../../shared/lifecycle/start-mailboxes.ts';
import { fillMailbox } from '../../support/fill-mailbox.ts';
import { mailCorpus } from '../../support/mail-corpus.ts';
import { longBudget, type MailboxBench } from '../../support/mailbox-bench.ts';
import { startRefusingProxy } from '../../support/refusing-proxy.ts';
import { startSyncBench, type SyncBench } from '../../support/sync-bench.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';
import { withResource } from '../../support/with-resource.ts';

describe('stopping a mailbox', () => {
  const corpus = mailCorpus({ seed: 51, messages: 260, largeMessageBytes: 200_000 });
  let bench: SyncBench;

  beforeAll(async () => {
    bench = await startSyncBench({ source: { users: { anna: 'secret' } } });
    await fillMailbox(bench.source.access('anna'), corpus);
  });
  afterAll(() => bench.stop());

  /** Starts it; when so many bytes went through, all waits until it is stopped and whoever works knows. */
  async function stopAfter(
    mailbox: MailboxBench,
    proxy: TcpProxy,
    { direction, bytes }: { direction: 'up' | 'down'; bytes: number },
  ): Promise<void> {
    let stopped: Promise<void> | undefined;
    proxy.when(direction, bytes, () => {
      stopped = mailbox.stopInSight();
      return stopped;
    });
    await mailbox.start();
    if (stopped === undefined) throw new RangeError('All was done before so many bytes had gone through.');
    await stopped;
    await mailbox.deliver();
  }

  test('in the middle of the copy ends the lanes; started again, it goes on to the very same mail', async () => {
    await withResource(startTcpProxy({ port: bench.destination.port }), async (proxy) => {
      const mailbox = await bench.mailbox({
        sourceUser: 'anna',
        destinationPort: proxy.port,
        lanes: 2,
        renewMs: 50,
      });
      await stopAfter(mailbox, proxy, { direction: 'up', bytes: 100_000 });
      const record = await mailbox.record();
      expect(record.status).toBe('stopped');
      expect(record.dueAt).toBeUndefined();
      expect(
        (await mailbox.services.state.work.snapshot(mailbox.key)).lanes.filter(({ owner }) => owner !== ''),
      ).toEqual([]);
      expect(await mailbox.start()).toMatchObject({ status: 'synced', pass: { number: 1 } });
      await mailbox.expectEqual();
      await mailbox.expectBooks();
    });
  });

  test('while it is planned leaves a plan that is completed after the next start', async () => {
    await withResource(startTcpProxy({ port: bench.source.port }), async (proxy) => {
      const mailbox = await bench.mailbox({ sourceUser: 'anna', sourcePort: proxy.port, renewMs: 50 });
      await stopAfter(mailbox, proxy, { direction: 'down', bytes: 3_000 });
      expect((await mailbox.record()).status).toBe('stopped');
      expect(await mailbox.start()).toMatchObject({ status: 'synced', pass: { number: 1 } });
      await mailbox.expectEqual();
      await mailbox.expectBooks();
    });
  });

  test('between two stops and starts, however often, copies everything once', async () => {
    await withResource(startTcpProxy({ port: bench.destination.port }), async (proxy) => {
      // More folders than lanes can have under way before three stops.
      const mailbox = await bench.mailbox({
        destinationPort: proxy.port,
        lanes: 3,
        renewMs: 50,
      });
      const folders = Array.from({ length: 50 }, (_, index) =>
        index === 0 ? ['INBOX'] : [`Folder ${index}`],
      );
      await fillMailbox(
        mailbox.access.source,
        mailCorpus({ seed: 52, messages: 500, largeMessageBytes: 0, folders }),
      );
      for (const bytes of [2_000, 30_000, 90_000]) {
        await stopAfter(mailbox, proxy, { direction: 'up', bytes });
        expect((await mailbox.record()).status).toBe('stopped');
      }
      expect(await mailbox.start()).toMatchObject({ status: 'synced' });
      await mailbox.expectEqual();
      await mailbox.expectBooks();
    });
  });

  test('a lane that is told to end by its process hands over, and nothing is in doubt for long', async () => {
    const mailbox = await bench.mailbox({ sourceUser: 'anna', lanes: 1 });
    await mailbox.plan();
    let asked = 0;
    const brief = { ...longBudget(), isUsed: () => (asked += 1) > 40 };
    await mailbox.chunk(undefined, brief);
    expect(mailbox.queues.waiting.length).toBeGreaterThan(0);
    expect((await mailbox.pages()).filter(({ intent }) => intent !== undefined)).toEqual([]);
    await mailbox.deliver();
    expect(await mailbox.record()).toMatchObject({ status: 'synced', failures: 0 });
    await mailbox.expectEqual();
  });

  test('a lane whose process aborts it counts as no failure of a server', async () => {
    await withResource(startTcpProxy({ port: bench.destination.port }), async (proxy) => {
      const mailbox = await bench.mailbox({ sourceUser: 'anna', lanes: 1, destinationPort: proxy.port });
      await mailbox.plan();
      const process = new AbortController();
      proxy.when('up', 80_000, () => process.abort());
      await mailbox.chunk(undefined, { ...longBudget(), signal: process.signal });
      expect(await mailbox.record()).toMatchObject({ status: 'syncing', failures: 0 });
      await mailbox.deliver();
      expect(await mailbox.record()).toMatchObject({ status: 'synced' });
      await mailbox.expectEqual();
      await mailbox.expectBooks();
    });
  });

  test('that is throttled stops it at once, and no timer wakes it', async () => {
    await withResource(startRefusingProxy({ port: bench.destination.port }), async (proxy) => {
      const mailbox = await bench.mailbox({ sourceUser: 'anna', destinationPort: proxy.port });
      proxy.judge = (line) => {
        return line.startsWith('APPEND')
          ? 'BAD Request is throttled. Suggested Backoff Time: 2000 milliseconds'
          : undefined;
      };
      expect((await mailbox.start()).status).toBe('throttled');
      expect((await mailbox.stop()).status).toBe('stopped');
      mailbox.clock.forward(600_000);
      expect((await mailbox.tick()).status).toBe('stopped');
      proxy.judge = () => undefined;
      expect((await mailbox.start()).status).toBe('synced');
      await mailbox.expectEqual();
    });
  });

  test('for good by closing destroys its passwords and keeps its ledger and its history', async () => {
    const mailbox = await bench.mailbox({ sourceUser: 'anna' });
    await mailbox.start();
    const { tenant, mailboxId } = mailbox.key;
    const { credentialShard, totals } = await mailbox.record();
    await closeMigration(mailbox.services, { tenant, migrationId: mailbox.migrationId });
    expect(await mailbox.record()).toMatchObject({ status: 'closed', totals });
    const { vault, state } = mailbox.services;
    expect(await vault.getMailbox(tenant, credentialShard, mailboxId).catch(() => undefined)).toBeUndefined();
    expect((await state.events.list(mailbox.key, { limit: 10 })).items.map(({ type }) => type)).toContain(
      'closed',
    );
    expect((await mailbox.pages()).length).toBeGreaterThan(0);
    const [outcome] = await startMailboxes(mailbox.services, [mailbox.key]);
    expect(outcome?.ok).toBe(false);
  });
});
