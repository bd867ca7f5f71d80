import { countEntries } from '../../../shared/migration/ledger-counts.ts';
import type { LedgerEntry } from '../../../shared/migration/ledger-entry.ts';
import type { PageRecord } from '../../../shared/state/page-record.ts';
import type { MailboxBench } from '../../support/mailbox-bench.ts';
import { startSyncBench, type SyncBench } from '../../support/sync-bench.ts';

const INBOX = ['INBOX'];

describe('a message of the destination that two of the ledger claim', () => {
  let bench: SyncBench;
  let mailbox: MailboxBench;

  beforeAll(async () => {
    bench = await startSyncBench();
  });
  afterAll(() => bench.stop());

  async function append(subject: string): Promise<void> {
    const bytes = `Message-ID: <${subject}@example.com>\r\nSubject: ${subject}\r\n\r\ntext\r\n`;
    await mailbox.source((probe) => probe.append(INBOX, { bytes }));
  }

  beforeEach(async () => {
    mailbox = await bench.mailbox();
    for (const subject of ['one', 'two', 'three', 'four']) await append(subject);
    await mailbox.start();
  });

  /** The ledger with other destination UIDs, as `claim` says, on two pages that hold two messages each. */
  async function rewrite(claim: (destinationUid: number, index: number) => number): Promise<void> {
    const { folders, pages } = mailbox.services.state;
    const [folder] = await mailbox.folders();
    const [page] = await mailbox.pages();
    if (folder === undefined || page === undefined) throw new RangeError('The mailbox has no ledger.');
    const entries = page.entries.map(
      (entry, index): LedgerEntry =>
        'destinationUid' in entry ? { ...entry, destinationUid: claim(entry.destinationUid, index) } : entry,
    );
    const part = (
      from: number,
      to: number,
    ): Pick<PageRecord, 'entries' | 'counts' | 'firstUid' | 'lastUid'> => {
      const some = entries.slice(from, to);
      return {
        entries: some,
        counts: countEntries(some),
        firstUid: some[0]?.uid ?? 0,
        lastUid: some.at(-1)?.uid ?? 0,
      };
    };
    await pages.save(mailbox.key, { ...page, ...part(0, 2) }, page.version);
    await pages.create(mailbox.key, [{ ...page, ...part(2, 4), number: page.number + 1, version: 1 }]);
    await folders.put(mailbox.key, { ...folder, pages: folder.pages + 1 });
    await append('five');
  }

  test('ends the pass with a remedy, and again until it is put right', async () => {
    await rewrite((destinationUid, index) => (index === 3 ? 1 : destinationUid));
    expect(await mailbox.pass()).toMatchObject({
      status: 'needs-attention',
      reason: {
        code: 'ledger-double-claim',
        detail: expect.stringMatching(/1 message\(s\).*"INBOX".*new migration/) as string,
      },
    });
    expect((await mailbox.start()).reason?.code).toBe('ledger-double-claim');

    const { pages } = mailbox.services.state;
    const [, second] = await mailbox.pages();
    if (second === undefined) throw new RangeError('There is one page only.');
    const entries = second.entries.map((entry) =>
      'destinationUid' in entry && entry.destinationUid === 1 ? { ...entry, destinationUid: 4 } : entry,
    );
    await pages.save(mailbox.key, { ...second, entries }, second.version);
    expect(await mailbox.start()).toMatchObject({ status: 'synced', totals: { listed: 5, copied: 5 } });
    await mailbox.expectBooks();
    await mailbox.expectEqual();
  });

  test('is found on one page as well', async () => {
    await rewrite((destinationUid, index) => (index === 1 ? 1 : destinationUid));
    expect((await mailbox.pass()).reason?.code).toBe('ledger-double-claim');
  });

  test('is none where several are not known any more', async () => {
    await rewrite(() => 0);
    expect((await mailbox.pass()).status).toBe('synced');
  });
});
