import { startSyncBench, type SyncBench } from '../../support/sync-bench.ts';
import { startTcpProxy } from '../../support/tcp-proxy.ts';
import { withResource } from '../../support/with-resource.ts';

/** What is sent one after the other without waiting is in one flight, however slow this machine is. */
const DELAY_MS = 40;

describe('planning at the destination', () => {
  let bench: SyncBench;

  beforeAll(async () => {
    bench = await startSyncBench();
  });
  afterAll(() => bench.stop());

  test.each([[1], [6]])(
    'of %i folders takes a flight to make and open them and one to show them',
    async (count) => {
      await withResource(
        startTcpProxy({ port: bench.destination.port }, { delayUpMs: DELAY_MS }),
        async (link) => {
          const mailbox = await bench.mailbox({ destinationPort: link.port });
          // Of such a name the server is asked what became of it.
          const folders = Array.from({ length: count }, (_, index) => [`Plans & more ${index}`]);
          await mailbox.source(async (probe) => {
            for (const folder of [['INBOX'], ...folders]) {
              if (folder[0] !== 'INBOX') await probe.createFolder(folder);
              await probe.append(folder, { bytes: `Message-ID: <${folder[0]}@x>\r\n\r\nx` });
            }
          });
          await mailbox.plan();
          // Signing in, NAMESPACE, LIST; making and opening; subscribing; the goodbye.
          expect(link.flights()).toBe(6);
          const { user } = mailbox.access.destination;
          const shown = await bench.destination.doveadm('mailbox', 'list', '-s', '-u', user);
          expect(shown.trim().split('\n').toSorted()).toEqual(folders.flat());
          expect(
            (await mailbox.folders()).filter(({ destination }) => destination !== undefined),
          ).toHaveLength(count + 1);
          await mailbox.deliver();
          await mailbox.expectEqual();
          await mailbox.expectBooks();
        },
      );
    },
  );
});
