import { syncNow } from '../../../shared/lifecycle/sync-now.ts';
import type { Services } from '../../../shared/services.ts';
import { noProgress } from '../../../shared/state/lane-record.ts';
import { fillMailbox } from '../../support/fill-mailbox.ts';
import { longBudget } from '../../support/mailbox-bench.ts';
import { mailCorpus } from '../../support/mail-corpus.ts';
import { startSyncBench, type SyncBench } from '../../support/sync-bench.ts';

/** Services that stand still when the folders were read to count them, which is how a pass begins to end. */
function pausedAtTheEnd(services: Services): { services: Services; counting: Promise<void>; goOn(): void } {
  const counting = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const { folders } = services.state;
  const listToCount: typeof folders.listToCount = async (mailbox) => {
    const read = await folders.listToCount(mailbox);
    counting.resolve();
    await gate.promise;
    return read;
  };
  const state = { ...services.state, folders: { ...folders, listToCount } };
  return { services: { ...services, state }, counting: counting.promise, goOn: gate.resolve };
}

/** Services that stand still when the first counts are written. */
function pausedWhenCounted(services: Services): { services: Services; counted: Promise<void>; goOn(): void } {
  const counted = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const { folders } = services.state;
  const listToCount: typeof folders.listToCount = async (mailbox) => {
    const read = await folders.listToCount(mailbox);
    const saveCounts: typeof read.saveCounts = async (records, pass) => {
      const saved = await read.saveCounts(records, pass);
      counted.resolve();
      await gate.promise;
      return saved;
    };
    return { ...read, saveCounts };
  };
  const state = { ...services.state, folders: { ...folders, listToCount } };
  return { services: { ...services, state }, counted: counted.promise, goOn: gate.resolve };
}

describe('a worker that falls asleep while it ends a pass', () => {
  const corpus = mailCorpus({ seed: 81, messages: 60, largeMessageBytes: 0 });
  let bench: SyncBench;

  beforeAll(async () => {
    bench = await startSyncBench();
  });
  afterAll(() => bench.stop());

  /** A mailbox whose first worker sleeps as it ends the first pass; its `ending` is still to come. */
  async function asleepAtTheEnd() {
    const mailbox = await bench.mailbox({ lanes: 1 });
    await fillMailbox(mailbox.access.source, corpus);
    await mailbox.plan();
    mailbox.queues.waiting.length = 0;
    const late = pausedAtTheEnd(mailbox.worker().services);
    const ending = mailbox.chunk(undefined, longBudget(), late.services);
    await late.counting;
    return { mailbox, late, ending };
  }

  /** The same, when another worker has ended the pass meanwhile. */
  async function endedByAnother() {
    const asleep = await asleepAtTheEnd();
    asleep.mailbox.lapseLeases();
    await asleep.mailbox.chunk();
    return asleep;
  }

  test('does not undo what a later pass has planned, and nothing is copied twice', async () => {
    const { mailbox, late, ending } = await endedByAnother();
    expect(await mailbox.record()).toMatchObject({ status: 'synced', pass: { number: 1 } });

    await fillMailbox(mailbox.access.source, mailCorpus({ seed: 82, messages: 40, largeMessageBytes: 0 }));
    expect(await mailbox.pass()).toMatchObject({ status: 'synced', pass: { number: 2 } });
    const [folders, pages, record] = [await mailbox.folders(), await mailbox.pages(), await mailbox.record()];
    late.goOn();
    await ending;
    expect(await mailbox.folders()).toEqual(folders);
    expect(await mailbox.pages()).toEqual(pages);
    expect(await mailbox.record()).toEqual(record);

    await fillMailbox(mailbox.access.source, mailCorpus({ seed: 83, messages: 40, largeMessageBytes: 0 }));
    expect((await mailbox.pass()).status).toBe('synced');
    await mailbox.expectEqual();
    await mailbox.expectBooks();
  });

  test('takes nothing out of the hands of a later pass, though it has counted what was pending', async () => {
    const mailbox = await bench.mailbox({ lanes: 1 });
    await fillMailbox(mailbox.access.source, corpus);
    await mailbox.plan();
    mailbox.queues.waiting.length = 0;
    const { work } = mailbox.services.state;
    const [lost] = (await work.snapshot(mailbox.key)).work;
    if (lost === undefined) throw new RangeError('Nothing was planned.');
    await work.remove(mailbox.key, [lost]);
    const late = pausedWhenCounted(mailbox.worker().services);
    const ending = mailbox.chunk(undefined, longBudget(), late.services);
    await late.counted;
    mailbox.lapseLeases();
    await mailbox.chunk();
    expect(await mailbox.record()).toMatchObject({ status: 'synced', pass: { number: 1 } });
    await mailbox.expectBooks();

    await fillMailbox(mailbox.access.source, mailCorpus({ seed: 84, messages: 40, largeMessageBytes: 0 }));
    await syncNow(mailbox.services, [mailbox.key]);
    mailbox.queues.waiting.length = 0;
    await mailbox.plan('request');
    const planned = (await work.snapshot(mailbox.key)).work;
    const again = planned.find(({ folderId }) => folderId === lost.folderId);
    if (again === undefined) throw new RangeError('Nothing new came to the folder.');
    const other = { ...mailbox.key, lane: 0, fence: 1, owner: 'other', pass: 2, base: noProgress() };
    expect(await work.claim(mailbox.key, [again], other)).toBe(true);
    const { claims, work: before } = await work.snapshot(mailbox.key);
    late.goOn();
    await ending;
    expect(await work.snapshot(mailbox.key)).toMatchObject({ claims, work: before });
  });

  test('counts again when somebody else has counted meanwhile', async () => {
    const { mailbox, late, ending } = await asleepAtTheEnd();
    // As they were planned: nothing is copied yet.
    const { folders, saveCounts } = await mailbox.services.state.folders.listToCount(mailbox.key);
    expect(await saveCounts(folders, 1)).toBe(true);
    late.goOn();
    await ending;
    expect((await mailbox.record()).status).toBe('synced');
    await mailbox.expectBooks();
    await mailbox.expectEqual();
  });

  test('finds nothing to do when the pass has been ended without it', async () => {
    const { mailbox, late, ending } = await endedByAnother();
    const [record, folders] = [await mailbox.record(), await mailbox.folders()];
    expect(record.status).toBe('synced');
    late.goOn();
    await ending;
    expect(await mailbox.record()).toEqual(record);
    expect(await mailbox.folders()).toEqual(folders);
    await mailbox.expectEqual();
  });
});
