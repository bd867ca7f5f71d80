import { fillMailbox } from '../../support/fill-mailbox.ts';
import { mailCorpus } from '../../support/mail-corpus.ts';
import { startSyncBench, type SyncBench } from '../../support/sync-bench.ts';

describe('mailboxes of every shape', () => {
  let bench: SyncBench;
  let plain: SyncBench;

  beforeAll(async () => {
    [bench, plain] = await Promise.all([
      startSyncBench(),
      // Neither UIDPLUS, CONDSTORE, ESEARCH nor LITERAL+.
      startSyncBench({ destination: { capability: 'IMAP4rev1' } }),
    ]);
  });
  afterAll(() => Promise.all([bench.stop(), plain.stop()]));

  test('an empty mailbox is synced after its first pass', async () => {
    const mailbox = await bench.mailbox();
    expect(await mailbox.start()).toMatchObject({ status: 'synced', totals: { listed: 0, copied: 0 } });
    expect(await mailbox.pass()).toMatchObject({ status: 'synced', pass: { number: 2 } });
  });

  test('a folder without messages arrives, and gets its first mail later', async () => {
    const mailbox = await bench.mailbox();
    await mailbox.source((probe) => probe.createFolder(['Empty', 'Inner']));
    await mailbox.start();
    expect(await mailbox.destination((probe) => probe.counters(['Empty', 'Inner']))).toMatchObject({
      messages: 0,
    });
    await mailbox.source((probe) =>
      probe.append(['Empty', 'Inner'], { bytes: 'Subject: first\r\n\r\nx\r\n' }),
    );
    await mailbox.pass();
    await mailbox.expectEqual();
    await mailbox.expectBooks();
  });

  test('1,200 messages in one folder go over four lanes, each once', async () => {
    const mailbox = await bench.mailbox({ lanes: 4 });
    const corpus = mailCorpus({ seed: 8, messages: 1_200, largeMessageBytes: 0, folders: [['INBOX']] });
    await fillMailbox(mailbox.access.source, corpus);
    expect(await mailbox.start()).toMatchObject({
      status: 'synced',
      totals: { listed: 1_200, copied: 1_200 },
    });
    await mailbox.expectEqual();
    await mailbox.expectBooks();
  });

  test('a destination that does not name the UIDs it gives is copied to by one lane, exactly', async () => {
    const mailbox = await plain.mailbox({ lanes: 4 });
    await fillMailbox(
      mailbox.access.source,
      mailCorpus({ seed: 9, messages: 260, largeMessageBytes: 100_000 }),
    );
    expect(await mailbox.start()).toMatchObject({ status: 'synced', oneLane: true });
    await mailbox.expectEqual();
    await mailbox.expectBooks();
  });
});
