import { cutAfter } from '../../support/cut-clients.ts';
import { longBudget, type MailboxBench } from '../../support/mailbox-bench.ts';
import { startSyncBench, type SyncBench } from '../../support/sync-bench.ts';
import { fillMailbox } from '../../support/fill-mailbox.ts';

const INBOX = ['INBOX'];

describe('a planner that dies at any request', () => {
  let bench: SyncBench;

  beforeAll(async () => {
    bench = await startSyncBench({ source: { users: { anna: 'secret' } } });
    const messages = Array.from({ length: 1_100 }, (_each, index) => ({
      kind: 'plain',
      flags: [],
      internalDate: '15-May-2024 12:00:00 +0200',
      bytes: () => Buffer.from(`Message-ID: <${index}@example.com>\r\n\r\n${index}`),
    }));
    await fillMailbox(bench.source.access('anna'), { folders: [{ segments: INBOX, messages }] });
  });
  afterAll(() => bench.stop());

  async function planAndDie(
    mailbox: MailboxBench,
    requests: number,
    lost: 'request' | 'answer',
  ): Promise<boolean> {
    const { clients, services } = mailbox.worker();
    const cut = cutAfter(clients, requests, lost);
    await mailbox.plan('start', longBudget(), services).catch(() => undefined);
    mailbox.lapseLeases();
    return cut.happened();
  }

  /** Every UID of the source in exactly one page. */
  async function expectPlanned(mailbox: MailboxBench): Promise<void> {
    const pages = await mailbox.pages();
    const uids = pages.flatMap(({ entries }) => entries.map(({ uid }) => uid));
    expect(uids.toSorted((a, b) => a - b)).toEqual(await mailbox.source((probe) => probe.uids(INBOX)));
    for (const { entries } of pages) {
      expect(entries.map(({ uid }) => uid)).toEqual(entries.map(({ uid }) => uid).toSorted((a, b) => a - b));
    }
    const { work } = await mailbox.services.state.work.snapshot(mailbox.key);
    const queued = new Set(work.filter(({ kind }) => kind === 'copy').map(({ number }) => number));
    expect(pages.filter(({ number }) => !queued.has(number))).toEqual([]);
  }

  test.each(['request', 'answer'] as const)(
    'leaves a plan that the next one completes (%s lost)',
    async (lost) => {
      let deaths = 0;
      for (let requests = lost === 'request' ? 4 : 5; ; requests += 1) {
        const mailbox = await bench.mailbox({ sourceUser: 'anna' });
        const died = await planAndDie(mailbox, requests, lost);
        await mailbox.plan();
        await expectPlanned(mailbox);
        expect((await mailbox.record()).pass).toMatchObject({ number: 1, phase: 'copying' });
        if (!died) break;
        deaths += 1;
      }
      expect(deaths).toBeGreaterThan(3);
    },
  );

  test('and one that wrote only some pages of a batch leaves no hole', async () => {
    const mailbox = await bench.mailbox({ sourceUser: 'anna' });
    const { services } = mailbox.worker();
    const { pages } = services.state;
    const torn = {
      ...services,
      state: {
        ...services.state,
        pages: {
          ...pages,
          create: async (...[key, created]: Parameters<typeof pages.create>) => {
            await pages.create(
              key,
              created.filter(({ number }) => number !== 1),
            );
            throw new TypeError('killed in the middle of a batch');
          },
        },
      },
    };
    await mailbox.plan('start', longBudget(), torn);
    expect((await mailbox.record()).pass).toMatchObject({ number: 1, phase: 'planning' });
    await mailbox.plan();
    await expectPlanned(mailbox);
    await mailbox.deliver();
    expect(await mailbox.record()).toMatchObject({
      status: 'synced',
      totals: { listed: 1_100, copied: 1_100 },
    });
    await mailbox.expectEqual();
    await mailbox.expectBooks();
  });
});
