import type { MailboxBench } from '../../support/mailbox-bench.ts';
import { startSyncBench, type SyncBench } from '../../support/sync-bench.ts';
import { startTcpProxy } from '../../support/tcp-proxy.ts';
import { withResource } from '../../support/with-resource.ts';

const INBOX = ['INBOX'];
const WORK = ['Work'];

function mail(subject: string, body = 'text'): { bytes: string } {
  return { bytes: `Message-ID: <${subject}@example.com>\r\nSubject: ${subject}\r\n\r\n${body}\r\n` };
}

describe('a pass after the first', () => {
  let bench: SyncBench;
  let mailbox: MailboxBench;

  beforeAll(async () => {
    bench = await startSyncBench();
  });
  afterAll(() => bench.stop());

  async function begin(options: { destinationPort?: number } = {}): Promise<void> {
    mailbox = await bench.mailbox(options);
    await mailbox.source(async (probe) => {
      await probe.createFolder(WORK);
      for (const name of ['one', 'two', 'three']) {
        await probe.append(INBOX, mail(name));
        await probe.append(WORK, { ...mail(`work-${name}`), flags: ['\\Seen'] });
      }
    });
    expect((await mailbox.start()).status).toBe('synced');
    await mailbox.expectEqual();
  }

  test('moves new mail, new folders and changed flags, and nothing else', async () => {
    await begin();
    await mailbox.source(async (probe) => {
      await probe.append(INBOX, mail('four'));
      await probe.createFolder(['New']);
      await probe.append(['New'], mail('five'));
      await probe.setFlags(WORK, [2], ['\\Flagged', 'urgent']);
    });
    const record = await mailbox.pass();
    expect(record).toMatchObject({
      status: 'synced',
      pass: { number: 2, kind: 'incremental', phase: 'idle' },
    });
    expect(record.totals).toMatchObject({ listed: 8, copied: 8 });
    await mailbox.expectEqual();
    await mailbox.expectBooks();
  });

  test('asks no more of a mailbox of many messages than of one of few', async () => {
    await withResource(startTcpProxy({ port: bench.destination.port }), async (proxy) => {
      await begin({ destinationPort: proxy.port });
      const costOfPass = async (): Promise<number> => {
        const before = proxy.bytesUp();
        await mailbox.pass();
        return proxy.bytesUp() - before;
      };
      const few = await costOfPass();
      await mailbox.source(async (probe) => {
        for (let index = 0; index < 200; index += 1) await probe.append(WORK, mail(`bulk-${index}`));
      });
      await mailbox.pass();
      expect(await costOfPass()).toBeLessThan(few + 64);
    });
  });

  test('brings nothing back that the user deleted or moved at the destination', async () => {
    await begin();
    await mailbox.destination(async (probe) => {
      await probe.remove(INBOX, [1]);
      await probe.move(INBOX, [2], WORK);
    });
    await mailbox.source((probe) => probe.append(INBOX, mail('four')));
    const before = await mailbox.destination((probe) => probe.uids(WORK));
    await mailbox.pass();
    await mailbox.pass();
    await mailbox.destination(async (probe) => {
      expect(await probe.uids(INBOX)).toEqual([3, 4]);
      expect(await probe.uids(WORK)).toEqual(before);
    });
    await mailbox.expectBooks();
  });

  test('leaves a folder that the user deleted at the destination away until new mail comes, and then brings only that', async () => {
    await begin();
    await mailbox.destination((probe) => probe.deleteFolder(WORK));
    await mailbox.source((probe) => probe.setFlags(WORK, [1], ['\\Flagged']));
    expect((await mailbox.pass()).status).toBe('synced');
    expect(await mailbox.destination((probe) => probe.countersIfThere(WORK))).toBeUndefined();
    await mailbox.source((probe) => probe.append(WORK, mail('work-four')));
    expect((await mailbox.pass()).status).toBe('synced');
    expect(await mailbox.destination((probe) => probe.counters(WORK))).toMatchObject({ messages: 1 });
    expect((await mailbox.readDestination()).get('Work')?.messages[0]?.label).toBe('work-four');
    await mailbox.expectBooks();
  });

  test('follows flags of the source only where the user has not changed them at the destination', async () => {
    await begin();
    await mailbox.destination((probe) => probe.setFlags(INBOX, [1], ['\\Seen', 'mine']));
    await mailbox.source(async (probe) => {
      await probe.setFlags(INBOX, [1], ['\\Flagged']);
      await probe.setFlags(INBOX, [2], ['\\Answered']);
    });
    await mailbox.pass();
    await mailbox.pass();
    const messages = (await mailbox.readDestination()).get('INBOX')?.messages ?? [];
    expect(messages.map(({ flags }) => flags)).toEqual([['\\Seen', 'mine'], ['\\Answered'], []]);
  });

  test('follows flags when the folder at the destination was replaced meanwhile', async () => {
    await begin();
    await bench.destination.doveadm(
      'mailbox',
      'update',
      '--uid-validity',
      '77001',
      '-u',
      mailbox.access.destination.user,
      'Work',
    );
    await mailbox.source((probe) => probe.setFlags(WORK, [2], ['\\Seen', '\\Flagged']));
    expect((await mailbox.pass()).status).toBe('synced');
    await mailbox.expectEqual();
    await mailbox.expectBooks();
  });

  test('copies into a folder that the user renamed at the destination nothing: new mail makes the folder anew', async () => {
    await begin();
    await mailbox.destination((probe) => probe.renameFolder(WORK, ['Archive']));
    await mailbox.source((probe) => probe.append(WORK, mail('work-four')));
    expect((await mailbox.pass()).status).toBe('synced');
    await mailbox.destination(async (probe) => {
      expect(await probe.counters(['Archive'])).toMatchObject({ messages: 3 });
      expect(await probe.counters(WORK)).toMatchObject({ messages: 1 });
    });
  });
});
