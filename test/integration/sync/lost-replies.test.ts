import { APPEND_MODES } from '../../support/append-modes.ts';
import { fillMailbox } from '../../support/fill-mailbox.ts';
import { mailCorpus } from '../../support/mail-corpus.ts';
import { seededRandom } from '../../support/random.ts';
import { startSyncBench, type SyncBench } from '../../support/sync-bench.ts';
import { startTcpProxy } from '../../support/tcp-proxy.ts';
import { withResource } from '../../support/with-resource.ts';

/** Connections to the destination are cut at bytes that a seed names: what was on its way has or has not arrived. */
describe.each(APPEND_MODES)('a destination ($mode) whose connection breaks', ({ server }) => {
  const corpus = mailCorpus({ seed: 7, messages: 420, largeMessageBytes: 300_000 });
  let bench: SyncBench;
  let size = 0;

  beforeAll(async () => {
    bench = await startSyncBench({ source: { users: { anna: 'secret' } }, destination: server });
    await fillMailbox(bench.source.access('anna'), corpus);
    size = corpus.folders
      .flatMap(({ messages }) => messages)
      .reduce((sum, message) => sum + message.bytes().length, 0);
  });
  afterAll(() => bench.stop());

  test.each([1, 2, 3, 4])('has every message exactly once in the end (seed %i)', async (seed) => {
    const random = seededRandom(seed);
    await withResource(startTcpProxy({ port: bench.destination.port }), async (proxy) => {
      const mailbox = await bench.mailbox({ sourceUser: 'anna', destinationPort: proxy.port, lanes: 3 });
      let cuts = 0;
      const cutSoon = (): void => {
        if (cuts >= 4) return;
        const direction = random.next() < 0.6 ? ('up' as const) : ('down' as const);
        const bytes = direction === 'up' ? random.between(1, size / 5) : random.between(1, 20_000);
        proxy.when(direction, bytes, () => {
          cuts += 1;
          proxy.cut();
          cutSoon();
        });
      };
      cutSoon();
      let record = await mailbox.start();
      for (let wakes = 0; record.status !== 'synced' && wakes < 10; wakes += 1) record = await mailbox.tick();
      expect(record.status).toBe('synced');
      expect(cuts).toBeGreaterThan(0);
      await mailbox.expectEqual();
      await mailbox.expectBooks();
      expect(record.totals.copied).toBe(corpus.messageCount);
    });
  });
});
