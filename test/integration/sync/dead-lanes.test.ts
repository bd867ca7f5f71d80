import { setImmediate } from 'node:timers/promises';
import { APPEND_MODES } from '../../support/append-modes.ts';
import { beforePageSave } from '../../support/before-page-save.ts';
import { dyingAtSave } from '../../support/dying-at-save.ts';
import { eventually } from '../../support/eventually.ts';
import { fillMailbox } from '../../support/fill-mailbox.ts';
import { longBudget, type MailboxBench } from '../../support/mailbox-bench.ts';
import { mailCorpus, type CorpusMessage } from '../../support/mail-corpus.ts';
import { seededRandom } from '../../support/random.ts';
import { startSyncBench, type SyncBench } from '../../support/sync-bench.ts';
import { startTcpProxy } from '../../support/tcp-proxy.ts';
import { withResource } from '../../support/with-resource.ts';

/** One folder of two pages, its twins and drafts strewn over all of them. */
function strewn(): CorpusMessage[] {
  const random = seededRandom(99);
  const ordinary = mailCorpus({ seed: 3, messages: 840, largeMessageBytes: 0, folders: [['INBOX']] });
  const kinds = new Set(['twin', 'twin of other flags', 'draft', 'same header']);
  const special = [21, 22, 23, 24, 25].flatMap((seed) => {
    const [folder] = mailCorpus({ seed, messages: 60, largeMessageBytes: 0, folders: [['INBOX']] }).folders;
    return folder?.messages.filter(({ kind }) => kinds.has(kind)) ?? [];
  });
  const messages = ordinary.folders.flatMap((folder) => folder.messages);
  for (const message of [...special, ...special])
    messages.splice(random.between(0, messages.length), 0, message);
  return messages;
}

/** Where a worker dies: which of its writes to a page is the last, and whether that one still arrives. */
const DEATHS = {
  'before its intent': [1, 'request'],
  'with its intent': [1, 'answer'],
  'before its commit': [2, 'request'],
  'with its commit': [2, 'answer'],
} as const;
type Death = keyof typeof DEATHS;

describe.each(APPEND_MODES)(
  'lanes that die in one folder of a destination with $mode',
  ({ mode, server }) => {
    const messages = strewn();
    let bench: SyncBench;

    beforeAll(async () => {
      bench = await startSyncBench({ source: { users: { anna: 'secret' } }, destination: server });
      await fillMailbox(bench.source.access('anna'), { folders: [{ segments: ['INBOX'], messages }] });
    });
    afterAll(() => bench.stop());

    /** A worker whose process ends there, leaving its lease as it is. */
    async function doomed(mailbox: MailboxBench, death: Death): Promise<boolean> {
      const [save, lost] = DEATHS[death];
      const worker = dyingAtSave(mailbox.worker(), save, lost);
      await mailbox.chunk(undefined, longBudget(), worker.services).catch(() => undefined);
      return worker.died();
    }

    test.each<{ first: Death; second: Death }>([
      { first: 'before its commit', second: 'before its commit' },
      { first: 'before its commit', second: 'with its intent' },
      { first: 'with its commit', second: 'before its commit' },
      { first: 'with its commit', second: 'before its intent' },
    ])(
      'leave messages in doubt that are found again, twins and drafts too, with their dates and flags ($first, $second)',
      async ({ first, second }) => {
        const mailbox = await bench.mailbox({ sourceUser: 'anna', lanes: 2 });
        await mailbox.plan();
        // without UIDPLUS the messages of a folder are found by where they stand, so it has one lane at a time
        const deaths = mode === 'no extension' ? [first] : [first, second];
        const died = await Promise.all(deaths.map((death) => doomed(mailbox, death)));
        expect(died).toEqual(deaths.map(() => true));
        const arrived = await mailbox.destination((probe) => probe.messageCount());
        expect(arrived).toBeGreaterThan(0);
        mailbox.lapseLeases();
        await mailbox.deliver();
        expect((await mailbox.record()).status).toBe('synced');
        await mailbox.expectEqual();
        await mailbox.expectBooks();
      },
    );

    test('do not touch the folder again once their lease was taken over, however late they wake', async () => {
      await withResource(startTcpProxy({ port: bench.destination.port }), async (proxy) => {
        const mailbox = await bench.mailbox({ sourceUser: 'anna', lanes: 1, destinationPort: proxy.port });
        await mailbox.plan();
        mailbox.queues.waiting.length = 0;
        // The first worker is paused in the middle of a page: its bytes go no further, and time goes by.
        const paused = Promise.withResolvers<void>();
        proxy.when('up', 50_000, paused.resolve);
        const gate = Promise.withResolvers<void>();
        let held = 0;
        // Nothing that it measures goes on while it is paused: the wall's clock alone has moved.
        const slow = beforePageSave(mailbox.worker().services, async () => {
          held += 1;
          if (held > 1) await gate.promise;
        });
        const first = mailbox.chunk(undefined, longBudget(), slow);
        await paused.promise;
        await eventually('the first worker waits with its commit', () => held > 1);
        mailbox.lapseLeases();
        await mailbox.chunk();
        expect((await mailbox.record()).status).toBe('synced');
        const version = (await mailbox.pages()).map((page) => page.version);
        const before = await mailbox.destination((probe) => probe.counters(['INBOX']));
        gate.resolve();
        await first;
        await setImmediate();
        expect(await mailbox.destination((probe) => probe.counters(['INBOX']))).toEqual(before);
        expect((await mailbox.pages()).map((page) => page.version)).toEqual(version);
        await mailbox.deliver();
        await mailbox.expectEqual();
        await mailbox.expectBooks();
        expect((await mailbox.record()).status).toBe('synced');
      });
    });
  },
);
