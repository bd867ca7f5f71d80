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
    const folders = await mailbox.services.state.folders.list(mailbox.key);
    expect(folders.filter(({ destination, pages }) => pages > 0 && destination === undefined)).toEqual([]);
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

  test.each(['request', 'answer'] as const)(
    'in a later pass leaves what the next one completes, new mail and flags (%s lost)',
    async (lost) => {
      const mailbox = await bench.mailbox({ lanes: 1 });
      const message = (text: string) => ({
        flags: [],
        internalDate: '15-May-2024 12:00:00 +0200',
        bytes: Buffer.from(`Message-ID: <${text.replace(' ', '-')}@example.com>\r\n\r\n${text}`),
      });
      await mailbox.source(async (probe) => {
        await probe.createFolder(['Work']);
        for (const folder of [INBOX, ['Work']]) await probe.append(folder, message('old'));
      });
      expect((await mailbox.start()).status).toBe('synced');
      let deaths = 0;
      for (let requests = 3; ; requests += 1) {
        await mailbox.source(async (probe) => {
          for (const folder of [INBOX, ['Work']]) await probe.append(folder, message(`new ${requests}`));
          await probe.setFlags(INBOX, [1], requests % 2 === 0 ? ['\\Flagged'] : ['\\Seen']);
        });
        const { key, services } = mailbox;
        await services.state.mailboxes.change(key.tenant, key.mailboxId, (record) => ({
          ...record,
          requestedPass: true,
        }));
        const died = await planAndDie(mailbox, requests, lost);
        await mailbox.plan();
        await mailbox.deliver();
        expect(await mailbox.record()).toMatchObject({
          status: 'synced',
          totals: { listed: 2 * (requests - 1), copied: 2 * (requests - 1) },
        });
        await mailbox.expectBooks();
        await mailbox.expectEqual();
        if (!died) break;
        deaths += 1;
      }
      expect(deaths).toBeGreaterThan(5);
    },
  );
});
