import { APPEND_MODES } from '../../support/append-modes.ts';
import { fillMailbox } from '../../support/fill-mailbox.ts';
import { copyMailbox } from '../../support/copy-mailbox.ts';
import { mailCorpus } from '../../support/mail-corpus.ts';
import { linesMissing, snapshotLines } from '../../support/mailbox-snapshot.ts';
import { startSyncBench, type SyncBench } from '../../support/sync-bench.ts';

const INBOX = ['INBOX'];
const TWIN = { bytes: 'Message-ID: <twin@example.com>\r\nSubject: twin\r\n\r\nthe same\r\n' };

describe.each(APPEND_MODES)('a destination ($mode) that holds mail already', ({ server }) => {
  const corpus = mailCorpus({ seed: 12, messages: 260, largeMessageBytes: 0 });
  let bench: SyncBench;

  beforeAll(async () => {
    bench = await startSyncBench({ source: { users: { anna: 'secret' } }, destination: server });
    await fillMailbox(bench.source.access('anna'), corpus);
  });
  afterAll(() => bench.stop());

  test('of another tool that was killed half-way gets what it lacks, once, and keeps what it has', async () => {
    const mailbox = await bench.mailbox({ sourceUser: 'anna' });
    const half = corpus.folders.map(({ segments, messages }) => ({
      segments,
      messages: messages.filter(({ kind }, index) => kind !== 'twin of other flags' && index % 3 !== 1),
    }));
    await fillMailbox(mailbox.access.destination, { folders: half });
    const before = snapshotLines(await mailbox.readDestination());
    const { totals } = await mailbox.start();
    expect(totals.adopted).toBeGreaterThan(100);
    expect(totals.copied + totals.adopted).toBe(corpus.messageCount);
    expect(linesMissing(before, snapshotLines(await mailbox.readDestination()))).toEqual([]);
    const sizes = [...(await mailbox.readDestination())].map(([name, { messages }]) => [
      name,
      messages.length,
    ]);
    expect(
      sizes.filter(([name]) => corpus.folders.some(({ segments }) => segments.join('/') === name)).length,
    ).toBe(corpus.folders.length);
    expect(await mailbox.destination((probe) => probe.messageCount())).toBe(corpus.messageCount);
    await mailbox.expectBooks();
  });

  test('that is complete is adopted whole, and stays as it is through later passes', async () => {
    const mailbox = await bench.mailbox({ sourceUser: 'anna' });
    await copyMailbox(mailbox.access.source, mailbox.access.destination);
    const before = snapshotLines(await mailbox.readDestination());
    expect((await mailbox.start()).totals).toMatchObject({ copied: 0, adopted: corpus.messageCount });
    await mailbox.pass();
    expect(snapshotLines(await mailbox.readDestination())).toEqual(before);
    await mailbox.expectBooks();
  });

  test.each([
    { source: 3, destination: 1, adopted: 1, copied: 2, total: 3 },
    { source: 2, destination: 2, adopted: 2, copied: 0, total: 2 },
    { source: 1, destination: 3, adopted: 1, copied: 0, total: 3 },
  ])('matches twins one by one: $source at the source, $destination at the destination', async (counts) => {
    const mailbox = await bench.mailbox();
    await mailbox.source(async (probe) => {
      for (let index = 0; index < counts.source; index += 1) await probe.append(INBOX, TWIN);
    });
    await mailbox.destination(async (probe) => {
      for (let index = 0; index < counts.destination; index += 1) await probe.append(INBOX, TWIN);
    });
    const { totals } = await mailbox.start();
    expect(totals).toMatchObject({ adopted: counts.adopted, copied: counts.copied });
    expect(await mailbox.destination((probe) => probe.messageCount())).toBe(counts.total);
    await mailbox.expectBooks();
  });

  test('of the user keeps its mail, and the mail of the source comes beside it', async () => {
    const mailbox = await bench.mailbox();
    await mailbox.destination((probe) => probe.append(INBOX, { bytes: 'Subject: mine\r\n\r\nmine\r\n' }));
    await mailbox.source((probe) => probe.append(INBOX, TWIN));
    expect((await mailbox.start()).totals).toMatchObject({ adopted: 0, copied: 1 });
    const labels = (await mailbox.readDestination()).get('INBOX')?.messages.map(({ label }) => label);
    expect(labels).toEqual(['mine', 'twin']);
  });

  test('keeps the flags that the user gave to an adopted message', async () => {
    const mailbox = await bench.mailbox();
    await mailbox.source((probe) => probe.append(INBOX, { ...TWIN, flags: ['\\Answered'] }));
    await mailbox.destination((probe) => probe.append(INBOX, { ...TWIN, flags: ['\\Seen', '\\Flagged'] }));
    await mailbox.start();
    await mailbox.source((probe) => probe.setFlags(INBOX, [1], ['\\Answered', '\\Draft']));
    await mailbox.pass();
    const [message] = (await mailbox.readDestination()).get('INBOX')?.messages ?? [];
    expect(message?.flags).toEqual(['\\Flagged', '\\Seen']);
  });
});
