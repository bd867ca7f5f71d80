import { previewFolders } from '../../../shared/sync/preview-folders.ts';
import type { MailboxBench } from '../../support/mailbox-bench.ts';
import { startSyncBench, type SyncBench } from '../../support/sync-bench.ts';

describe('the preview of folders', () => {
  let bench: SyncBench;

  beforeAll(async () => {
    bench = await startSyncBench();
  });
  afterAll(() => bench.stop());

  async function preview(mailbox: MailboxBench) {
    return previewFolders(mailbox.services, await mailbox.record(), AbortSignal.timeout(30_000));
  }

  test('is what the pass then does, and writes nothing', async () => {
    const mailbox = await bench.mailbox();
    await mailbox.source(async (probe) => {
      for (const folder of [
        ['Work'],
        ['Work', '2020'],
        ['Gesendete Objekte'],
        ['Junk'],
        ['.dot'],
        ['lead '],
      ]) {
        await probe.createFolder(folder).catch(() => undefined);
      }
    });
    await mailbox.destination((probe) => probe.createFolder(['Sent']));
    await mailbox.select({ junk: false, folderMap: [{ source: 'Work', destination: 'Old/Work' }] });
    const there = () => mailbox.destination((probe) => probe.folders());
    const before = await there();
    const planned = await preview(mailbox);
    expect(await there()).toEqual(before);
    expect(await mailbox.folders()).toEqual([]);
    expect(planned.folders).toEqual(
      expect.arrayContaining([
        {
          sourcePath: 'INBOX',
          destinationPath: 'INBOX',
          create: false,
          decided: false,
          specialUse: '\\Inbox',
        },
        { sourcePath: 'Work', destinationPath: 'Old/Work', create: true, decided: false },
        { sourcePath: 'Work/2020', destinationPath: 'Old/Work/2020', create: true, decided: false },
        {
          sourcePath: 'Gesendete Objekte',
          destinationPath: 'Sent',
          create: false,
          decided: false,
          specialUse: '\\Sent',
        },
      ]),
    );
    expect(planned.leftOut).toEqual([{ sourcePath: 'Junk', because: 'junk', specialUse: '\\Junk' }]);

    await mailbox.start();
    const places = (folders: ReadonlyArray<{ sourcePath: string; destinationPath: string }>) =>
      Object.fromEntries(folders.map(({ sourcePath, destinationPath }) => [sourcePath, destinationPath]));
    expect(places(await mailbox.folders())).toEqual(places(planned.folders));

    const after = await preview(mailbox);
    expect(places(after.folders)).toEqual(places(planned.folders));
    expect(after.folders.every(({ create, decided }) => !create && decided)).toBe(true);
  });

  test('tells which server does not let the mailbox be opened', async () => {
    const mailbox = await bench.mailbox({ sourcePassword: 'wrong' });
    await expect(preview(mailbox)).rejects.toMatchObject({ code: 'authentication-failed', side: 'source' });
  });
});
