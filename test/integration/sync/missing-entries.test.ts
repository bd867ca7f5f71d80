import { countEntries } from '../../../shared/migration/ledger-counts.ts';
import type { MailboxBench } from '../../support/mailbox-bench.ts';
import { startSyncBench, type SyncBench } from '../../support/sync-bench.ts';

const FOLDERS = [['INBOX'], ['One'], ['Two']];

describe('messages that the source lists and the ledger has lost', () => {
  let bench: SyncBench;

  beforeAll(async () => {
    bench = await startSyncBench();
  });
  afterAll(() => bench.stop());

  async function append(mailbox: MailboxBench, subject: string): Promise<void> {
    await mailbox.source(async (probe) => {
      for (const folder of FOLDERS) {
        const bytes = `Message-ID: <${subject}@${folder[0]}>\r\nSubject: ${subject}\r\n\r\ntext\r\n`;
        await probe.append(folder, { bytes });
      }
    });
  }

  test('end the pass with a remedy, and the next start copies them by the counts that were written first', async () => {
    const mailbox = await bench.mailbox();
    await mailbox.source(async (probe) => {
      for (const folder of FOLDERS.slice(1)) await probe.createFolder(folder);
    });
    for (const subject of ['one', 'two', 'three']) await append(mailbox, subject);
    expect((await mailbox.start()).status).toBe('synced');

    const one = (await mailbox.folders()).find(({ sourcePath }) => sourcePath === 'One');
    const page = (await mailbox.pages()).find(({ folderId }) => folderId === one?.folderId);
    if (page === undefined) throw new RangeError('The folder has no page.');
    const entries = page.entries.slice(0, 2);
    const counts = countEntries(entries);
    const { pages } = mailbox.services.state;
    await pages.save(mailbox.key, { ...page, entries, counts, lastUid: 2 }, page.version);
    await mailbox.destination((probe) => probe.remove(['One'], [3]));
    await append(mailbox, 'four');
    expect(await mailbox.pass()).toMatchObject({
      status: 'needs-attention',
      reason: { code: 'ledger-mismatch', detail: expect.stringMatching(/"One" lacks 1 message/) as string },
    });
    const listed = (await mailbox.folders()).map(({ sourcePath, counts: now }) => [sourcePath, now.listed]);
    expect(new Map(listed as Array<[string, number]>)).toEqual(
      new Map([
        ['INBOX', 4],
        ['One', 3],
        ['Two', 4],
      ]),
    );

    expect(await mailbox.start()).toMatchObject({ status: 'synced', totals: { listed: 12 } });
    await mailbox.expectBooks();
    await mailbox.expectEqual();
  });
});
