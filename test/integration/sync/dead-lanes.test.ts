import { setImmediate } from 'node:timers/promises';
import { APPEND_MODES } from '../../support/append-modes.ts';
import { beforePageSave } from '../../support/before-page-save.ts';
import { cutAfter } from '../../support/cut-clients.ts';
import { dyingAtWrite } from '../../support/dying-at-write.ts';
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

/** Where a worker dies: before which of its writes about a page, or when that has arrived and it does not know. */
const DEATHS = {
  'with its claim': ['claim', 'answer'],
  'before its intent': ['intent', 'request'],
  'with its intent': ['intent', 'answer'],
  'before its commit': ['commit', 'request'],
  'with its commit': ['commit', 'answer'],
} as const;
type Death = keyof typeof DEATHS;

describe.each(APPEND_MODES)(
  'lanes that die in one folder of a destination with $mode',
  ({ mode, server }) => {
    // Where each message gets its UID told, the claim stands for an intent.
    const writes = mode === 'no extension' ? ['claim', 'intent', 'commit'] : ['claim', 'commit'];
    const messages = strewn();
    let bench: SyncBench;

    beforeAll(async () => {
      bench = await startSyncBench({ source: { users: { anna: 'secret' } }, destination: server });
      await fillMailbox(bench.source.access('anna'), { folders: [{ segments: ['INBOX'], messages }] });
    });
    afterAll(() => bench.stop());

    /** A worker whose process ends there, leaving its lease as it is. */
    async function doomed(mailbox: MailboxBench, death: Death): Promise<boolean> {
      const [write, lost] = DEATHS[death];
      const worker = dyingAtWrite(mailbox.worker(), writes.indexOf(write) + 1, lost);
      await mailbox.chunk(undefined, longBudget(), worker.services).catch(() => undefined);
      return worker.died();
    }

    const pairs: ReadonlyArray<readonly [Death, Death?]> =
      // without UIDPLUS the messages of a folder are found by where they stand, so it has one lane at a time
      mode === 'no extension'
        ? [
            ['with its claim'],
            ['before its intent'],
            ['with its intent'],
            ['before its commit'],
            ['with its commit'],
          ]
        : [
            ['before its commit', 'before its commit'],
            ['before its commit', 'with its claim'],
            ['with its commit', 'before its commit'],
            ['with its commit', 'with its claim'],
          ];

    test.each(pairs.map((deaths) => ({ deaths, names: deaths.join(', ') })))(
      'leave messages in doubt that are found again, twins and drafts too, with their dates and flags ($names)',
      async ({ deaths }) => {
        const mailbox = await bench.mailbox({ sourceUser: 'anna', lanes: 2 });
        await mailbox.plan();
        const died = await Promise.all(
          deaths.filter((death) => death !== undefined).map((death) => doomed(mailbox, death)),
        );
        expect(died).not.toContain(false);
        const arrived = await mailbox.destination((probe) => probe.messageCount());
        expect(arrived > 0).toBe(DEATHS[deaths[0]][0] === 'commit');
        mailbox.lapseLeases();
        await mailbox.deliver();
        expect((await mailbox.record()).status).toBe('synced');
        await mailbox.expectEqual();
        await mailbox.expectBooks();
      },
    );

    test('leave messages in doubt that are found again, though the next lane is not let in', async () => {
      const mailbox = await bench.mailbox({ sourceUser: 'anna', lanes: 1 });
      const { user } = mailbox.access.destination;
      await mailbox.plan();
      expect(await doomed(mailbox, 'before its commit')).toBe(true);
      mailbox.lapseLeases();
      await bench.destination.addUser(user, 'another');
      await mailbox.deliver();
      expect(await mailbox.record()).toMatchObject({
        status: 'needs-attention',
        reason: { code: 'authentication-failed', side: 'destination' },
      });
      await bench.destination.addUser(user, 'secret');
      expect(await mailbox.start()).toMatchObject({ status: 'synced' });
      await mailbox.expectEqual();
      await mailbox.expectBooks();
    });

    test('leave messages in doubt that are found again, though the folder was planned anew since', async () => {
      const mailbox = await bench.mailbox({ sourceUser: 'anna', lanes: 2 });
      await mailbox.plan();
      expect(await doomed(mailbox, 'before its commit')).toBe(true);
      mailbox.lapseLeases();
      const { mailboxes, work } = mailbox.services.state;
      await mailboxes.change(mailbox.key.tenant, mailbox.key.mailboxId, (record) => ({
        ...record,
        pass: { ...record.pass, phase: 'planning' },
      }));
      mailbox.queues.waiting.length = 0;
      // A planner dies at once, another goes on.
      for (const requests of [6, 7, 8, 9]) {
        const { clients, services } = mailbox.worker();
        cutAfter(clients, requests, 'answer');
        await mailbox.plan('resume', longBudget(), services).catch(() => undefined);
        mailbox.lapseLeases();
      }
      await mailbox.plan('resume');
      expect(await work.claims(mailbox.key)).toEqual([]);
      expect((await mailbox.pages()).filter(({ intent }) => intent !== undefined)).not.toEqual([]);
      await mailbox.deliver();
      expect((await mailbox.record()).status).toBe('synced');
      await mailbox.expectEqual();
      await mailbox.expectBooks();
    });

    test('do not touch the folder again once their lease was taken over, however late they wake', async () => {
      await withResource(startTcpProxy({ port: bench.destination.port }), async (proxy) => {
        const mailbox = await bench.mailbox({ sourceUser: 'anna', lanes: 1, destinationPort: proxy.port });
        await mailbox.plan();
        mailbox.queues.waiting.length = 0;
        // The first worker is paused in the middle of a page: its bytes go no further, and time goes by.
        const paused = Promise.withResolvers<void>();
        proxy.when('up', 50_000, paused.resolve);
        const gate = Promise.withResolvers<void>();
        let held = false;
        // Nothing that it measures goes on while it is paused: the wall's clock alone has moved.
        const slow = beforePageSave(mailbox.worker().services, async ({ entries }) => {
          held ||= entries.some(({ state }) => state !== 'pending');
          if (held) await gate.promise;
        });
        const first = mailbox.chunk(undefined, longBudget(), slow);
        await paused.promise;
        await eventually('the first worker waits with its commit', () => held);
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

describe('a lane that dies when it has claimed a page and sent nothing', () => {
  let bench: SyncBench;

  beforeAll(async () => {
    bench = await startSyncBench();
  });
  afterAll(() => bench.stop());

  test('does not have its messages mistaken for those of another page that have arrived', async () => {
    const mailbox = await bench.mailbox({ lanes: 2 });
    const PAIRS = 300;
    // Each has another one far from it that looks the same, headers and size, and is not.
    const messages = Array.from({ length: 2 * PAIRS }, (_unused, index) => ({
      kind: 'lookalike',
      flags: [],
      internalDate: '15-May-2024 12:00:00 +0200',
      bytes: () =>
        Buffer.from(`Message-ID: <${index % PAIRS}@example.com>\r\n\r\n${index < PAIRS ? 'one' : 'two'}`),
    }));
    await fillMailbox(mailbox.access.source, { folders: [{ segments: ['INBOX'], messages }] });
    await mailbox.plan();
    // The newer page is claimed by who sends nothing, the older one arrives.
    for (const write of [1, 2] as const) {
      const worker = dyingAtWrite(mailbox.worker(), write, write === 1 ? 'answer' : 'request');
      await mailbox.chunk(undefined, longBudget(), worker.services).catch(() => undefined);
      expect(worker.died()).toBe(true);
    }
    const arrived = await mailbox.destination((probe) => probe.messageCount());
    expect(arrived).toBeGreaterThan(0);
    expect(arrived).toBeLessThan(2 * PAIRS);
    mailbox.lapseLeases();
    await mailbox.deliver();
    expect((await mailbox.record()).status).toBe('synced');
    await mailbox.expectEqual();
    await mailbox.expectBooks();
  });
});
