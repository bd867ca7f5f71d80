import type { MailboxBench } from '../../support/mailbox-bench.ts';
import { startRefusingProxy } from '../../support/refusing-proxy.ts';
import { startSyncBench, type SyncBench } from '../../support/sync-bench.ts';
import { withResource } from '../../support/with-resource.ts';

/** One message for each of these days. */
const DAYS = ['31-Dec-2019', '01-Jan-2020', '15-Jun-2020', '31-Dec-2020', '01-Jan-2021'];

describe('what the admin selects', () => {
  let bench: SyncBench;

  beforeAll(async () => {
    bench = await startSyncBench();
  });
  afterAll(() => bench.stop());

  async function fill(mailbox: MailboxBench, folders: readonly string[][]): Promise<void> {
    await mailbox.source(async (probe) => {
      for (const folder of folders) {
        if (folder.join() !== 'INBOX') await probe.createFolder(folder).catch(() => undefined);
        for (const day of DAYS) {
          const name = `${folder.join('-')} ${day}`;
          await probe.append(folder, {
            bytes: `Message-ID: <${name.replaceAll(' ', '.')}@example.org>\r\nSubject: ${name}\r\n\r\n${'x'.repeat(day.startsWith('15') ? 5_000 : 10)}\r\n`,
            internalDate: `${day} 12:00:00 +0000`,
          });
        }
      }
    });
  }

  /** Folder to number of messages. */
  async function arrived(mailbox: MailboxBench): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const [path, { messages }] of await mailbox.readDestination()) {
      if (messages.length > 0) counts[path] = messages.length;
    }
    return counts;
  }

  test('folders are included and excluded, junk and trash switched off; more is selected later', async () => {
    const mailbox = await bench.mailbox();
    await fill(mailbox, [
      ['INBOX'],
      ['INBOX', 'Lists'],
      ['Work'],
      ['Work', 'Old'],
      ['Junk'],
      ['Trash', 'Deep'],
      ['Sent'],
    ]);
    await mailbox.select({ exclude: ['Work/Old'], junk: false, trash: false });
    expect(await mailbox.start()).toMatchObject({ status: 'synced', totals: { listed: 20, copied: 20 } });
    expect(await arrived(mailbox)).toEqual({ INBOX: 5, 'INBOX/Lists': 5, Work: 5, Sent: 5 });

    await mailbox.select({ include: ['#Inbox#/*', 'Work/*', '#JunkEmail#'] });
    expect(await mailbox.pass()).toMatchObject({ status: 'synced', totals: { listed: 30, copied: 30 } });
    expect(await arrived(mailbox)).toEqual({
      INBOX: 5,
      'INBOX/Lists': 5,
      Work: 5,
      Sent: 5,
      'Work/Old': 5,
      Junk: 5,
    });

    await mailbox.select({});
    await mailbox.pass();
    await mailbox.expectEqual();
    await mailbox.expectBooks();
  });

  test("folders come where the admin wants them, and stay there when the admin's mapping goes", async () => {
    const mailbox = await bench.mailbox();
    await fill(mailbox, [['Work'], ['Work', 'Old'], ['Sent']]);
    await mailbox.select({
      folderMap: [
        { source: 'Work', destination: 'Before/Work' },
        { source: '#SentItems#', destination: '#SentItems#/Before' },
      ],
    });
    await mailbox.start();
    const expected = { 'Before/Work': 5, 'Before/Work/Old': 5, 'Sent/Before': 5 };
    expect(await arrived(mailbox)).toEqual(expected);
    await mailbox.select({});
    await mailbox.pass();
    expect(await arrived(mailbox)).toEqual(expected);
    await mailbox.expectBooks();
  });

  test('messages of a range of dates come, of a size, and the rest when the limits are lifted', async () => {
    const mailbox = await bench.mailbox();
    await fill(mailbox, [['INBOX'], ['Work']]);
    await mailbox.select({ since: '2020-01-01', before: '2021-01-01', maxMessageBytes: 2_000 });
    expect(await mailbox.start()).toMatchObject({ status: 'synced', totals: { listed: 4, copied: 4 } });
    expect((await mailbox.folders()).filter(({ leftOut }) => leftOut === 3)).toHaveLength(2);
    await mailbox.expectBooks();

    // New mail within and without the limits; nothing else is looked at again.
    await fill(mailbox, [['Work']]);
    expect(await mailbox.pass()).toMatchObject({ totals: { listed: 6, copied: 6 } });
    expect((await mailbox.folders()).map(({ leftOut }) => leftOut)).toContain(6);

    await mailbox.select({ since: '2020-01-01' });
    expect(await mailbox.pass()).toMatchObject({ totals: { listed: 12, copied: 12 } });
    await mailbox.select({});
    expect(await mailbox.pass()).toMatchObject({ totals: { listed: 15, copied: 15 } });
    expect((await mailbox.folders()).every(({ leftOut }) => leftOut === undefined)).toBe(true);
    await mailbox.expectEqual();
    await mailbox.expectBooks();
  });

  test('what was copied stays copied when the limits are drawn closer, and is not copied again later', async () => {
    const mailbox = await bench.mailbox();
    await fill(mailbox, [['INBOX']]);
    await mailbox.start();
    await mailbox.select({ before: '2020-01-01' });
    await fill(mailbox, [['INBOX']]);
    expect(await mailbox.pass()).toMatchObject({ totals: { listed: 6, copied: 6 } });
    await mailbox.select({});
    expect(await mailbox.pass()).toMatchObject({ totals: { listed: 10, copied: 10 } });
    await mailbox.expectEqual();
    await mailbox.expectBooks();
  });

  test('what somebody has put there by hand meanwhile is adopted when the limits are lifted', async () => {
    const mailbox = await bench.mailbox();
    await fill(mailbox, [['INBOX']]);
    await mailbox.select({ since: '2020-12-31' });
    await mailbox.start();
    await mailbox.destination((probe) =>
      probe.append(['INBOX'], {
        bytes:
          'Message-ID: <INBOX.31-Dec-2019@example.org>\r\nSubject: INBOX 31-Dec-2019\r\n\r\nxxxxxxxxxx\r\n',
        internalDate: '31-Dec-2019 12:00:00 +0000',
      }),
    );
    await mailbox.select({});
    expect(await mailbox.pass()).toMatchObject({ totals: { listed: 5, copied: 4, adopted: 1 } });
    await mailbox.expectEqual();
    await mailbox.expectBooks();
  });

  test('a source that cannot search by date and size is asked for them', async () => {
    await withResource(startRefusingProxy({ port: bench.source.port }), async (proxy) => {
      proxy.editSent = (text) => text.replace(/SINCE \S+/g, 'NOSUCHKEY');
      const mailbox = await bench.mailbox({ sourcePort: proxy.port });
      await fill(mailbox, [['INBOX'], ['Work']]);
      await mailbox.select({ since: '2020-01-01', before: '2021-01-01', maxMessageBytes: 2_000 });
      expect(await mailbox.start()).toMatchObject({ status: 'synced', totals: { listed: 4, copied: 4 } });
      await mailbox.expectBooks();
    });
  });
});
