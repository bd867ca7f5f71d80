import { beforePageSave } from '../../support/before-page-save.ts';
import { DestinationFullError } from '../../../shared/sync/errors.ts';
import { cutAfter } from '../../support/cut-clients.ts';
import { eventually } from '../../support/eventually.ts';
import { fillMailbox } from '../../support/fill-mailbox.ts';
import { longBudget, type MailboxBench } from '../../support/mailbox-bench.ts';
import { startSyncBench, type SyncBench } from '../../support/sync-bench.ts';
import { runPass } from '../../../shared/sync/run-pass.ts';
import { startMailboxes } from '../../../shared/lifecycle/start-mailboxes.ts';

const FOLDERS = 12;
const MESSAGES = 4;

describe('a mailbox of many small folders', () => {
  let bench: SyncBench;

  beforeAll(async () => {
    bench = await startSyncBench({ source: { users: { anna: 'secret' } } });
    const folders = Array.from({ length: FOLDERS }, (_, folder) => ({
      segments: folder === 0 ? ['INBOX'] : [`Folder ${folder}`],
      messages: Array.from({ length: MESSAGES }, (_unused, index) => ({
        kind: 'plain',
        flags: [],
        internalDate: '15-May-2024 12:00:00 +0200',
        bytes: () => Buffer.from(`Message-ID: <${folder}.${index}@example.com>\r\n\r\n${index}`),
      })),
    }));
    await fillMailbox(bench.source.access('anna'), { folders });
  });
  afterAll(() => bench.stop());

  /** Requests of a worker by operation, renewals of leases left out. */
  function watch(mailbox: MailboxBench) {
    const { clients, services } = mailbox.worker();
    const requests: Record<string, number> = {};
    for (const client of [clients.documents, clients.secrets]) {
      const stack = client.middlewareStack as typeof clients.secrets.middlewareStack; // as in cutAfter
      stack.add(
        (next, context) => (args) => {
          const name = context.commandName ?? '';
          requests[name] = (requests[name] ?? 0) + 1;
          return next(args);
        },
        { step: 'deserialize' },
      );
    }
    return { requests, services };
  }

  /** A worker that is kept from writing down what became of its messages. */
  function heldOutcomes(mailbox: MailboxBench) {
    const { clients, services } = mailbox.worker();
    const gate = Promise.withResolvers<void>();
    let waiting = 0;
    const held = beforePageSave(services, () => {
      waiting += 1;
      return gate.promise;
    });
    return { clients, gate, services: held, waiting: () => waiting };
  }

  test('is copied in one pass with one write for each page, and shared requests for all else', async () => {
    const mailbox = await bench.mailbox({ sourceUser: 'anna', lanes: 1 });
    const { requests, services } = watch(mailbox);
    await startMailboxes(mailbox.services, [mailbox.key]);
    mailbox.queues.waiting.length = 0;
    await runPass(services, { v: 1, ...mailbox.key, reason: 'start' }, longBudget());
    expect(await mailbox.record()).toMatchObject({
      status: 'synced',
      totals: { copied: FOLDERS * MESSAGES },
    });
    await mailbox.expectEqual();
    await mailbox.expectBooks();
    // The record of the mailbox three times, an event, what became of each page, and the counts of all folders.
    expect(requests['PutItemCommand']).toBe(5 + FOLDERS);
    // Leases taken and given back, the claims of all pages, and their end.
    expect(requests['UpdateItemCommand']).toBe(4 + 2);
    // Looks at the work, the folders and the pages at the end.
    expect(requests['QueryCommand']).toBeLessThanOrEqual(5);
    // Work, pages, folders, work that is done.
    expect(requests['BatchWriteItemCommand']).toBeLessThanOrEqual(7);
    const reads = (requests['GetItemCommand'] ?? 0) + (requests['BatchGetItemCommand'] ?? 0);
    expect(reads).toBeLessThanOrEqual(6);
    expect(requests['DeleteItemCommand']).toBeUndefined();
    expect(requests['GetSecretValueCommand']).toBe(1);
  });

  test('is copied whole though lanes die at any request, with several pages in hand', async () => {
    let deaths = 0;
    for (let requests = 3; ; requests += 5) {
      const mailbox = await bench.mailbox({ sourceUser: 'anna', lanes: 2 });
      await mailbox.plan();
      const doomed = async (passes: number): Promise<boolean> => {
        const { clients, services } = mailbox.worker();
        const cut = cutAfter(clients, passes, requests % 2 === 0 ? 'request' : 'answer');
        await mailbox.chunk(undefined, longBudget(), services).catch(() => undefined);
        return cut.happened();
      };
      const died = await Promise.all([doomed(requests), doomed(requests + 2)]);
      mailbox.lapseLeases();
      await mailbox.deliver();
      expect((await mailbox.record()).status).toBe('synced');
      await mailbox.expectEqual();
      await mailbox.expectBooks();
      if (!died.includes(true)) break;
      deaths += 1;
    }
    expect(deaths).toBeGreaterThan(5);
  });

  test('whose folder is asked about once more finds that one open, though the next one is under way', async () => {
    const mailbox = await bench.mailbox({ lanes: 1 });
    const folders = Array.from({ length: FOLDERS }, (_, folder) => [`Folder ${folder}`]);
    await mailbox.source(async (probe) => {
      for (const folder of folders) {
        await probe.createFolder(folder);
        for (const text of ['one', 'two', 'three']) {
          await probe.append(folder, {
            bytes: `Message-ID: <${folder[0]}-${text}@x>\r\n\r\n${folder[0]} ${text}`,
          });
        }
      }
    });
    await mailbox.plan();
    // In every other folder a message goes, which the server is asked for after all others have come.
    const gone = folders.filter((_, index) => index % 2 === 0);
    await mailbox.source(async (probe) => {
      for (const folder of gone) await probe.remove(folder, [2]);
    });
    await mailbox.deliver();
    expect(await mailbox.record()).toMatchObject({
      status: 'synced',
      totals: { copied: 3 * FOLDERS - gone.length, skipped: gone.length, failed: 0 },
    });
    await mailbox.expectEqual();
    await mailbox.expectBooks();
  });

  test('of which some go and some are numbered anew loses nothing of the others, which were asked for together', async () => {
    const mailbox = await bench.mailbox({ lanes: 1 });
    const folders = Array.from({ length: FOLDERS }, (_, folder) => [`Folder ${folder}`]);
    await mailbox.source(async (probe) => {
      for (const folder of folders) {
        await probe.createFolder(folder);
        await probe.append(folder, { bytes: `Message-ID: <${folder[0]}@x>\r\n\r\n${folder[0]}` });
      }
    });
    await mailbox.plan();
    const gone = folders.filter((_, index) => index % 5 === 2);
    const renumbered = folders.filter((_, index) => index % 5 === 4);
    await mailbox.source(async (probe) => {
      for (const folder of gone) await probe.deleteFolder(folder);
    });
    for (const [name] of renumbered) {
      await bench.source.doveadm(
        'mailbox',
        'update',
        '--uid-validity',
        '91001',
        '-u',
        mailbox.access.source.user,
        name ?? '',
      );
    }
    await mailbox.deliver();
    expect(await mailbox.record()).toMatchObject({
      status: 'synced',
      totals: { copied: FOLDERS - gone.length - renumbered.length, failed: 0 },
    });
    expect(await mailbox.pass()).toMatchObject({
      status: 'synced',
      totals: { copied: FOLDERS - gone.length },
    });
    const arrived = [...(await mailbox.readDestination()).values()].flatMap(({ messages }) => messages);
    expect(arrived).toHaveLength(FOLDERS - gone.length);
    await mailbox.expectBooks();
  });

  test('has four pages under way while what became of the first is not known', async () => {
    const mailbox = await bench.mailbox({ sourceUser: 'anna', lanes: 1 });
    await mailbox.plan();
    const { gate, services, waiting } = heldOutcomes(mailbox);
    const working = mailbox.chunk(undefined, longBudget(), services);
    await eventually('the messages of four folders have arrived', async () => {
      const arrived = await mailbox.destination((probe) => probe.messageCount());
      return arrived === 4 * MESSAGES;
    });
    await eventually('all four wait', () => waiting() === 4);
    gate.resolve();
    await working;
    expect((await mailbox.record()).status).toBe('synced');
    await mailbox.expectEqual();
    await mailbox.expectBooks();
  });

  test('is copied once though a lane dies with several pages under way', async () => {
    const mailbox = await bench.mailbox({ sourceUser: 'anna', lanes: 1 });
    await mailbox.plan();
    const { clients, gate, services } = heldOutcomes(mailbox);
    const working = mailbox.chunk(undefined, longBudget(), services).catch(() => undefined);
    await eventually('the messages of four folders have arrived', async () => {
      const arrived = await mailbox.destination((probe) => probe.messageCount());
      return arrived === 4 * MESSAGES;
    });
    cutAfter(clients, 0, 'request');
    gate.resolve();
    await working;
    const claims = await mailbox.services.state.work.claims(mailbox.key);
    expect(claims.length).toBeGreaterThanOrEqual(4);
    expect((await mailbox.pages()).filter(({ counts }) => counts.pending === 0)).toEqual([]);
    mailbox.lapseLeases();
    await mailbox.deliver();
    expect(await mailbox.record()).toMatchObject({
      status: 'synced',
      totals: { copied: FOLDERS * MESSAGES },
    });
    await mailbox.expectEqual();
    await mailbox.expectBooks();
  });

  test('whose destination is full ends all pages that are under way, and each is whole when there is room', async () => {
    const mailbox = await bench.mailbox({ sourceUser: 'anna', lanes: 1 });
    await mailbox.plan();
    const { services } = mailbox.worker();
    let saved = 0;
    const failing = beforePageSave(services, () => {
      saved += 1;
      if (saved === 2) throw new DestinationFullError('Quota exceeded');
    });
    await mailbox.chunk(undefined, longBudget(), failing);
    expect(await mailbox.record()).toMatchObject({ status: 'needs-attention' });
    const { work } = await mailbox.services.state.work.snapshot(mailbox.key);
    expect(work.length).toBeGreaterThan(0);
    expect(await mailbox.start()).toMatchObject({
      status: 'synced',
      totals: { copied: FOLDERS * MESSAGES },
    });
    await mailbox.expectEqual();
    await mailbox.expectBooks();
  });

  test('leaves nothing claimed that was not begun when its time is used', async () => {
    const mailbox = await bench.mailbox({ sourceUser: 'anna', lanes: 1 });
    await mailbox.plan();
    const { services } = mailbox.worker();
    let used = false;
    const slow = beforePageSave(services, () => {
      used = true;
    });
    // The time budget is used as soon as the first page is done, when up to three others are under way.
    await mailbox.chunk(undefined, { signal: new AbortController().signal, isUsed: () => used }, slow);
    const { claims, work } = await mailbox.services.state.work.snapshot(mailbox.key);
    expect(work.length).toBeGreaterThanOrEqual(FOLDERS - 4);
    expect(claims).toEqual([]);
    await mailbox.deliver();
    await mailbox.expectEqual();
    await mailbox.expectBooks();
  });
});
