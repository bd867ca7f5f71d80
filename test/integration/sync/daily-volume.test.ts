import { bytesOfDay, hourOf, volumeFreeAt } from '../../../shared/migration/daily-volume.ts';
import { DailyVolumeError } from '../../../shared/sync/errors.ts';
import { VolumeBudget } from '../../../shared/sync/volume-budget.ts';
import { gmail } from '../../../shared/imap/providers/profiles/gmail.ts';
import type { MailboxBench } from '../../support/mailbox-bench.ts';
import { startSyncBench, type SyncBench } from '../../support/sync-bench.ts';

const DAILY = gmail.dailyBytesDown ?? 0;
const MESSAGES = 30;
const BYTES = 10_000;

describe('an account that its provider lets move so much a day', () => {
  let bench: SyncBench;

  beforeAll(async () => {
    bench = await startSyncBench();
  });
  afterAll(() => bench.stop());

  async function filled(lanes: number): Promise<MailboxBench> {
    const mailbox = await bench.mailbox({ provider: gmail.id, lanes });
    await mailbox.source(async (probe) => {
      for (const folder of ['INBOX', 'Work', 'Home']) {
        if (folder !== 'INBOX') await probe.createFolder([folder]);
        for (let index = 0; index < MESSAGES / 3; index += 1) {
          const head = `Message-ID: <${folder}${index}@x>\r\n\r\n`;
          await probe.append([folder], { bytes: head + 'x'.repeat(BYTES - head.length - 2) + '\r\n' });
        }
      }
    });
    return mailbox;
  }

  const account = (mailbox: MailboxBench) =>
    ({
      tenant: mailbox.key.tenant,
      side: 'source',
      host: '127.0.0.1',
      user: mailbox.access.source.user,
    }) as const;

  const used = async (mailbox: MailboxBench, more = 0) =>
    bytesOfDay(await mailbox.services.state.volumes.add(account(mailbox), more), mailbox.clock.now());

  test.each([1, 3])(
    'moves that and no more, by %i lanes, then shows when it goes on, and does',
    async (lanes) => {
      const mailbox = await filled(lanes);
      // Some hours ago another migration moved all but a third of these messages.
      const hours = await mailbox.services.state.volumes.add(account(mailbox), DAILY - 10 * BYTES);
      mailbox.clock.forward(5 * 3_600_000);
      const record = await mailbox.start();
      expect(record).toMatchObject({
        status: 'throttled',
        failures: 0,
        consecutiveThrottles: 0,
        reason: { code: 'daily-volume', side: 'source', detail: expect.stringContaining('2500 MB a day') },
      });
      expect(record.throttledUntil).toBe(volumeFreeAt(hours, DAILY, mailbox.clock.now()));
      expect(record.dueAt).toBe(record.throttledUntil);
      expect(await mailbox.destination((probe) => probe.messageCount())).toBe(10);
      expect(await used(mailbox)).toBe(DAILY);
      expect(mailbox.queues.waiting).toEqual([]);

      const synced = await mailbox.tick();
      expect(synced).toMatchObject({ status: 'synced', totals: { copied: MESSAGES, failed: 0 } });
      expect(synced.reason).toBeUndefined();
      await mailbox.expectEqual();
      await mailbox.expectBooks();
      // What was granted and not moved was given back; what left the day is not counted.
      expect(await used(mailbox)).toBe(MESSAGES * BYTES);
    },
  );

  test('is told from the mailboxes of others, and forgets the hours that are past', async () => {
    const mailbox = await filled(1);
    const { volumes } = mailbox.services.state;
    await volumes.add({ ...account(mailbox), user: 'somebody@else' }, DAILY);
    await volumes.add({ ...account(mailbox), side: 'destination' }, DAILY);
    await volumes.add({ ...account(mailbox), tenant: 'another' }, DAILY);
    expect(await mailbox.start()).toMatchObject({ status: 'synced' });
    mailbox.clock.forward(30 * 3_600_000);
    await volumes.add(account(mailbox), 5);
    expect([...(await volumes.add(account(mailbox), 6))]).toEqual([[hourOf(mailbox.clock.now()), 11]]);
  });

  test('lets a message through that is larger than all of it, when nothing else has moved', async () => {
    const mailbox = await bench.mailbox();
    const { clock, services } = mailbox;
    const budget = new VolumeBudget(services.state.volumes, {
      account: account(mailbox),
      dailyBytes: 100,
      clock,
    });
    await budget.take(500);
    await expect(budget.take(1)).rejects.toThrow(DailyVolumeError);
    await budget.giveBack();
    expect(await used(mailbox)).toBe(500);
  });

  test('moves no more though many ask at the same moment, and little is left', async () => {
    const mailbox = await bench.mailbox();
    const { clock, services } = mailbox;
    const lanes = Array.from(
      { length: 5 },
      () => new VolumeBudget(services.state.volumes, { account: account(mailbox), dailyBytes: 100, clock }),
    );
    const takes = lanes.flatMap((lane) => [lane.take(15), lane.take(15)]);
    const granted = (await Promise.allSettled(takes)).filter(({ status }) => status === 'fulfilled').length;
    expect(granted).toBeGreaterThan(0);
    expect(granted * 15).toBeLessThanOrEqual(100);
    await Promise.all(lanes.map((lane) => lane.giveBack()));
    expect(await used(mailbox)).toBe(granted * 15);
  });
});
