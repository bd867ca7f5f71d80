import fc from 'fast-check';
import { fillMailbox } from '../../support/fill-mailbox.ts';
import { mailCorpus } from '../../support/mail-corpus.ts';
import { startSyncBench, type SyncBench } from '../../support/sync-bench.ts';

describe('wake-ups that are late, doubled or out of order', () => {
  const corpus = mailCorpus({ seed: 31, messages: 300, largeMessageBytes: 0 });
  let bench: SyncBench;

  beforeAll(async () => {
    bench = await startSyncBench({ source: { users: { anna: 'secret' } } });
    await fillMailbox(bench.source.access('anna'), corpus);
  });
  afterAll(() => bench.stop());

  test('each delivered five times at once make one pass and copy everything once', async () => {
    const mailbox = await bench.mailbox({ sourceUser: 'anna', lanes: 4 });
    await mailbox.services.queues.sendPasses([{ v: 1, ...mailbox.key, reason: 'start' }]);
    await mailbox.deliver({ times: 5 });
    expect(await mailbox.record()).toMatchObject({ status: 'synced', pass: { number: 1, phase: 'idle' } });
    await mailbox.expectEqual();
    await mailbox.expectBooks();
  });

  test('of passes long over do nothing', async () => {
    const mailbox = await bench.mailbox({ sourceUser: 'anna' });
    await mailbox.start();
    const before = await mailbox.record();
    await Promise.all([
      mailbox.plan('due'),
      mailbox.chunk(1),
      mailbox.chunk(0),
      mailbox.chunk(7),
      mailbox.plan(),
    ]);
    expect(await mailbox.record()).toEqual(before);
    expect(mailbox.queues.waiting).toEqual([]);
  });

  test('in any order and number grant each wish for a pass once', async () => {
    const mailbox = await bench.mailbox({ lanes: 2 });
    await mailbox.source((probe) => probe.append(['INBOX'], { bytes: 'Subject: one\r\n\r\none\r\n' }));
    await mailbox.start();
    const wakes = fc.array(fc.constantFrom('plan', 'chunk', 'old chunk'), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(wakes, async (order) => {
        const { pass } = await mailbox.record();
        await mailbox.source((probe) => probe.append(['INBOX'], { bytes: 'Subject: more\r\n\r\nmore\r\n' }));
        const act = {
          plan: () => mailbox.plan('due'),
          chunk: () => mailbox.chunk(pass.number + 1),
          'old chunk': () => mailbox.chunk(pass.number),
        };
        await mailbox.services.state.mailboxes.change(
          mailbox.key.tenant,
          mailbox.key.mailboxId,
          (record) => ({ ...record, requestedPass: true }),
        );
        await Promise.all([...order, 'plan' as const].map((wake) => act[wake]()));
        await mailbox.deliver({ times: 2 });
        expect((await mailbox.record()).pass).toMatchObject({ number: pass.number + 1, phase: 'idle' });
      }),
      { numRuns: 8 },
    );
    await mailbox.expectEqual();
    await mailbox.expectBooks();
  });
});
