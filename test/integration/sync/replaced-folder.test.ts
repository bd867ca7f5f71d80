import { fillMailbox } from '../../support/fill-mailbox.ts';
import { startSyncBench, type SyncBench } from '../../support/sync-bench.ts';
import { startTcpProxy } from '../../support/tcp-proxy.ts';
import { withResource } from '../../support/with-resource.ts';

const WORK = ['Work'];
/** Enough for more pages than a lane is at together. */
const MESSAGES = 3_000;
const SYNCED = {
  status: 'synced',
  failures: 0,
  totals: { listed: MESSAGES, copied: MESSAGES, skipped: 0, failed: 0 },
};

describe('a folder of the destination that is removed while pages of it are under way', () => {
  let bench: SyncBench;

  beforeAll(async () => {
    bench = await startSyncBench({ source: { users: { anna: 'secret' } } });
    const messages = Array.from({ length: MESSAGES }, (_, index) => ({
      kind: 'plain',
      flags: [],
      internalDate: '01-Jan-2024 12:00:00 +0000',
      bytes: () => Buffer.from(`Message-ID: <${index}@work>\r\nSubject: ${index}\r\n\r\ntext\r\n`),
    }));
    await fillMailbox(bench.source.access('anna'), {
      folders: [
        { segments: ['INBOX'], messages: [] },
        { segments: WORK, messages },
      ],
    });
  });
  afterAll(() => bench.stop());

  test.each([1, 3])('is made again by %i lanes, and all mail is in it', (lanes) =>
    withResource(startTcpProxy(bench.destination, { delayUpMs: 60 }), async ({ port }) => {
      const mailbox = await bench.mailbox({ sourceUser: 'anna', lanes, destinationPort: port });
      await mailbox.plan();
      await mailbox.destination((probe) => probe.deleteFolder(WORK));
      await mailbox.deliver();
      expect(await mailbox.record()).toMatchObject(SYNCED);
      await mailbox.expectEqual();
      await mailbox.expectBooks();
    }),
  );

  test.each([1, 3])('is made again by %i lanes for what had not arrived before', (lanes) =>
    withResource(startTcpProxy(bench.destination, { delayUpMs: 60 }), async (proxy) => {
      const mailbox = await bench.mailbox({ sourceUser: 'anna', lanes, destinationPort: proxy.port });
      await mailbox.plan();
      // Renamed, for then it is seen afterwards what had arrived.
      proxy.when('up', 200_000, () => mailbox.destination((probe) => probe.renameFolder(WORK, ['Kept'])));
      await mailbox.deliver();
      expect(await mailbox.record()).toMatchObject(SYNCED);
      await mailbox.expectBooks();
      const folders = await mailbox.readDestination();
      const [before, after] = ['Kept', 'Work'].map((name) =>
        (folders.get(name)?.messages ?? []).map(({ label }) => label),
      );
      expect(before?.length).toBeGreaterThan(0);
      expect(new Set(after).size).toBe(after?.length);
      expect(new Set([...(before ?? []), ...(after ?? [])]).size).toBe(MESSAGES);
      // what was known to have arrived is the user's to remove, and does not come again
      await mailbox.pass();
      expect((await mailbox.readDestination()).get('Work')?.messages).toHaveLength(after?.length ?? 0);
    }),
  );
});
