import type { MailboxBench } from '../../support/mailbox-bench.ts';
import { startSyncBench, type SyncBench } from '../../support/sync-bench.ts';

const INBOX = ['INBOX'];
const WORK = ['Work'];

describe('what goes at the source between planning and copying', () => {
  let bench: SyncBench;
  let mailbox: MailboxBench;

  beforeAll(async () => {
    bench = await startSyncBench();
  });
  afterAll(() => bench.stop());

  beforeEach(async () => {
    mailbox = await bench.mailbox();
    await mailbox.source(async (probe) => {
      await probe.createFolder(WORK);
      for (const name of ['one', 'two', 'three']) {
        await probe.append(INBOX, { bytes: `Subject: ${name}\r\n\r\ntext\r\n` });
        await probe.append(WORK, { bytes: `Subject: work-${name}\r\n\r\ntext\r\n` });
      }
    });
    await mailbox.plan();
  });

  test('messages are skipped as vanished and the others are copied', async () => {
    await mailbox.source((probe) => probe.remove(INBOX, [2]));
    await mailbox.deliver();
    expect((await mailbox.record()).totals).toMatchObject({ listed: 6, copied: 5, skipped: 1 });
    expect(await mailbox.items()).toMatchObject([
      { folderPath: 'INBOX', uid: 2, state: 'skipped', reason: 'vanished' },
    ]);
    await mailbox.expectEqual();
    await mailbox.expectBooks();
  });

  test('a folder is told as vanished, and the mailbox is synced all the same', async () => {
    await mailbox.source((probe) => probe.deleteFolder(WORK));
    await mailbox.deliver();
    expect(await mailbox.record()).toMatchObject({
      status: 'synced',
      totals: { listed: 6, copied: 3, skipped: 3 },
    });
    await mailbox.expectBooks();
    await mailbox.pass();
    expect(await mailbox.record()).toMatchObject({ status: 'synced', totals: { listed: 6, copied: 3 } });
  });

  test('a folder that was renamed arrives under its new name with the next pass', async () => {
    await mailbox.source((probe) => probe.renameFolder(WORK, ['Play']));
    await mailbox.deliver();
    expect(await mailbox.record()).toMatchObject({ status: 'synced' });
    await mailbox.pass();
    const messages = (await mailbox.readDestination()).get('Play')?.messages ?? [];
    expect(messages.map(({ label }) => label)).toEqual(['work-one', 'work-two', 'work-three']);
    await mailbox.expectBooks();
  });

  test('a folder that is numbered anew is matched by the next pass, and nothing is skipped for good', async () => {
    await bench.source.doveadm(
      'mailbox',
      'update',
      '--uid-validity',
      '91001',
      '-u',
      mailbox.access.source.user,
      'Work',
    );
    await mailbox.deliver();
    expect(await mailbox.record()).toMatchObject({ status: 'synced' });
    expect(await mailbox.pass()).toMatchObject({ totals: { listed: 6, copied: 6, skipped: 0 } });
    await mailbox.expectEqual();
    await mailbox.expectBooks();
    expect(await mailbox.items()).toEqual([]);
  });

  test('a folder of the destination that goes at that moment is made again', async () => {
    await mailbox.destination((probe) => probe.deleteFolder(WORK));
    await mailbox.deliver();
    expect(await mailbox.record()).toMatchObject({ status: 'synced' });
    await mailbox.expectEqual();
    await mailbox.expectBooks();
  });
});
