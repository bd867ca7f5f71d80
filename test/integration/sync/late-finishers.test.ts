import type { Services } from '../../../shared/services.ts';
import { fillMailbox } from '../../support/fill-mailbox.ts';
import { longBudget } from '../../support/mailbox-bench.ts';
import { mailCorpus } from '../../support/mail-corpus.ts';
import { startSyncBench, type SyncBench } from '../../support/sync-bench.ts';

/** Services that stand still when the folders were read to count them, which is how a pass begins to end. */
function pausedAtTheEnd(services: Services): { services: Services; counting: Promise<void>; goOn(): void } {
  const counting = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const { folders } = services.state;
  const list: typeof folders.list = async (mailbox) => {
    const read = await folders.list(mailbox);
    counting.resolve();
    await gate.promise;
    return read;
  };
  const state = { ...services.state, folders: { ...folders, list } };
  return { services: { ...services, state }, counting: counting.promise, goOn: gate.resolve };
}

describe('a worker that falls asleep while it ends a pass', () => {
  const corpus = mailCorpus({ seed: 81, messages: 60, largeMessageBytes: 0 });
  let bench: SyncBench;

  beforeAll(async () => {
    bench = await startSyncBench();
  });
  afterAll(() => bench.stop());

  /** A mailbox whose first pass was ended by another worker while the first one slept; its `ending` is still to come. */
  async function endedByAnother() {
    const mailbox = await bench.mailbox({ lanes: 1 });
    await fillMailbox(mailbox.access.source, corpus);
    await mailbox.plan();
    mailbox.queues.waiting.length = 0;
    const late = pausedAtTheEnd(mailbox.worker().services);
    const ending = mailbox.chunk(undefined, longBudget(), late.services);
    await late.counting;
    mailbox.lapseLeases();
    await mailbox.chunk();
    return { mailbox, late, ending };
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
