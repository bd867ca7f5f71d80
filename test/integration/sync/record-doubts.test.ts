import { recordDoubts } from '../../../shared/sync/record-doubts.ts';
import { startSyncBench, type SyncBench } from '../../support/sync-bench.ts';

describe('what lanes have begun, when a planning begins', () => {
  let bench: SyncBench;

  beforeAll(async () => {
    bench = await startSyncBench();
  });
  afterAll(() => bench.stop());

  test('is written to its page, and stays claimed only while its lane is alive', async () => {
    const mailbox = await bench.mailbox({ lanes: 1 });
    await mailbox.source((probe) => probe.append(['INBOX'], { bytes: 'Message-ID: <1@x>\r\n\r\n1' }));
    await mailbox.plan();
    const { clock, environment, state } = mailbox.services;
    const owner = { owner: 'w', ownerEpoch: environment.epoch, leaseMs: 60_000, pass: 1 };
    const lease = await state.lanes.acquire(mailbox.key, { lanes: 1, now: clock.now(), ...owner });
    const { work } = await state.work.snapshot(mailbox.key);
    expect(lease !== undefined && (await state.work.claim(mailbox.key, work, lease))).toBe(true);
    const [page] = await mailbox.pages();
    expect(page?.intent).toBeUndefined();

    await recordDoubts(mailbox.services, mailbox.key);
    const [folder] = await mailbox.folders();
    const intent = {
      lane: lease?.lane,
      fence: lease?.fence,
      destinationUidNext: folder?.destination?.uidNext,
      destinationUidValidity: folder?.destination?.uidValidity,
    };
    expect(await mailbox.pages()).toMatchObject([{ intent, version: (page?.version ?? 0) + 1 }]);
    expect(await state.work.claims(mailbox.key)).toHaveLength(1);

    mailbox.lapseLeases();
    await recordDoubts(mailbox.services, mailbox.key);
    expect(await mailbox.pages()).toMatchObject([{ intent, version: (page?.version ?? 0) + 1 }]);
    expect(await state.work.claims(mailbox.key)).toEqual([]);
    await mailbox.deliver();
    expect(await mailbox.record()).toMatchObject({ status: 'synced', totals: { copied: 1 } });
    await mailbox.expectBooks();
  });
});
