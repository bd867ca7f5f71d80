import { fillMailbox } from '../../support/fill-mailbox.ts';
import { startSyncBench, type SyncBench } from '../../support/sync-bench.ts';

const MESSAGES = 12_000;

/**
 * Dovecot answers several FETCH commands of one mailbox together: bodies that a later one asked for come before the
 * tagged answer to an earlier one.
 */
describe('one large folder', () => {
  let bench: SyncBench;

  beforeAll(async () => {
    bench = await startSyncBench({ source: { users: { anna: 'secret' } } });
    const messages = Array.from({ length: MESSAGES }, (_, index) => ({
      kind: 'plain',
      flags: [],
      internalDate: '01-Jan-2024 12:00:00 +0000',
      bytes: () =>
        Buffer.from(`Message-ID: <${index}@large>\r\nSubject: ${index}\r\n\r\n${'x'.repeat(800)}\r\n`),
    }));
    await fillMailbox(bench.source.access('anna'), {
      folders: [{ segments: ['INBOX'], messages }],
    });
  });
  afterAll(() => bench.stop());

  test.each([1, 4])('arrives whole by %i lanes, page after page in one flight', async (lanes) => {
    const mailbox = await bench.mailbox({ sourceUser: 'anna', lanes });
    expect(await mailbox.start()).toMatchObject({
      status: 'synced',
      totals: { listed: MESSAGES, copied: MESSAGES, skipped: 0, failed: 0 },
    });
    await mailbox.expectEqual();
    await mailbox.expectBooks();
  });
});
