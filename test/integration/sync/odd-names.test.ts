import type { MailboxBench } from '../../support/mailbox-bench.ts';
import { startRefusingProxy } from '../../support/refusing-proxy.ts';
import { startSyncBench, type SyncBench } from '../../support/sync-bench.ts';
import { withResource } from '../../support/with-resource.ts';

/** Names as Dovecot has them, as the source of the test lists them, and as people read them. */
const NAMES = [
  ['RxD', 'R&D', 'R&D'],
  ['Gelxscht', 'Gel\xf6scht', 'Gelöscht'],
  ['Wysyyane', 'Wys\xc5\x82ane', 'Wysłane'],
  ['ATxT/News', 'AT&T/News', 'AT&T/News'],
  ['xAGEAYg-', '&AGEAYg-', '&AGEAYg-'],
] as const;

function renamed(text: string, from: 0 | 1, to: 0 | 1): string {
  return NAMES.reduce((edited, name) => edited.replaceAll(name[from], name[to]), text);
}

function message(subject: string): { bytes: string } {
  return { bytes: `Message-ID: <${subject}@example.com>\r\nSubject: ${subject}\r\n\r\ntext\r\n` };
}

describe('names that are no modified UTF-7', () => {
  let bench: SyncBench;

  beforeAll(async () => {
    bench = await startSyncBench();
  });
  afterAll(() => bench.stop());

  test('are sent to the source as it listed them, and become legal ones that read alike', async () => {
    await withResource(startRefusingProxy({ port: bench.source.port }), async (proxy) => {
      proxy.edit = (line) => renamed(line, 0, 1);
      proxy.editSent = (text) => renamed(text, 1, 0);
      const mailbox = await bench.mailbox({ sourcePort: proxy.port });
      for (const [real] of NAMES) {
        await mailbox.source(async (probe) => {
          await probe.createFolder(real.split('/'));
          await probe.append(real.split('/'), message(`first in ${real}`));
        });
      }
      expect(await mailbox.start()).toMatchObject({
        status: 'synced',
        totals: { listed: NAMES.length, copied: NAMES.length },
      });
      await expectCounts(mailbox, 1);
      const folders = await mailbox.folders();
      expect(folders.map(({ sourcePath }) => sourcePath)).toEqual(
        expect.arrayContaining(NAMES.map(([, , readable]) => readable)),
      );

      // A later pass knows them again; flags and books need the names as well.
      for (const [real] of NAMES) {
        await mailbox.source(async (probe) => {
          await probe.append(real.split('/'), message(`second in ${real}`));
          await probe.setFlags(real.split('/'), [1], ['\\Seen']);
        });
      }
      expect(await mailbox.pass()).toMatchObject({
        status: 'synced',
        totals: { listed: 2 * NAMES.length, copied: 2 * NAMES.length },
      });
      await expectCounts(mailbox, 2);
      expect(await mailbox.folders()).toHaveLength(folders.length);
      await mailbox.expectBooks();
    });
  });

  async function expectCounts(mailbox: MailboxBench, each: number): Promise<void> {
    const counts = await mailbox.destination(async (probe) => {
      const found: Array<[string, number]> = [];
      for (const [, , readable] of NAMES) {
        found.push([readable, (await probe.counters(readable.split('/'))).messages]);
      }
      return found;
    });
    expect(counts).toEqual(NAMES.map(([, , readable]) => [readable, each]));
  }
});
