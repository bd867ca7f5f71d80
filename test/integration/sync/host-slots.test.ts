import { wakeMailbox } from '../../../shared/lifecycle/wake-mailbox.ts';
import type { Services } from '../../../shared/services.ts';
import type { HostSlot } from '../../../shared/state/host-repository.ts';
import { LINE_WATCHDOG_MS } from '../../../shared/sync/apply-fault.ts';
import { wakeNext } from '../../../shared/sync/host-line.ts';
import { runPass } from '../../../shared/sync/run-pass.ts';
import { syncChunk } from '../../../shared/sync/sync-chunk.ts';
import { noProgress } from '../../../shared/state/lane-record.ts';
import { longBudget, type MailboxBench } from '../../support/mailbox-bench.ts';
import { startNarrowLink } from '../../support/narrow-link.ts';
import { startRefusingProxy } from '../../support/refusing-proxy.ts';
import { startSyncBench, type SyncBench } from '../../support/sync-bench.ts';
import { withResource } from '../../support/with-resource.ts';

const LEASE_MS = 60_000;

describe('a mailbox on hosts whose connections are bounded', () => {
  let bench: SyncBench;

  beforeAll(async () => {
    bench = await startSyncBench();
  });
  afterAll(() => bench.stop());

  /** Both ends are 127.0.0.1, so that a mailbox needs two connections. */
  async function bound(mailbox: MailboxBench, connectionsPerHost: number): Promise<void> {
    const { tenant } = mailbox.key;
    const host = '127.0.0.1';
    await mailbox.services.state.budgets.put({ tenant, host, connectionsPerHost, updatedAt: 0, version: 0 });
  }

  async function fill(mailbox: MailboxBench, messages: number): Promise<void> {
    await mailbox.source(async (probe) => {
      for (let n = 0; n < messages; n += 1) {
        const bytes = `Message-ID: <${n}@example.org>\r\nSubject: number ${n}\r\n\r\n${'text '.repeat(200)}\r\n`;
        await probe.append(['INBOX'], { bytes });
      }
    });
  }

  const hostOf = (mailbox: MailboxBench) => ({ tenant: mailbox.key.tenant, host: '127.0.0.1' });

  async function steal(mailbox: MailboxBench, ownerEpoch: string, slots = 2): Promise<HostSlot[]> {
    const { clock, state } = mailbox.services;
    const stolen: HostSlot[] = [];
    for (let n = 0; n < slots; n += 1) {
      const owner = { owner: `thief ${n}`, ownerEpoch };
      const claim = { slots, ...owner, now: clock.now(), leaseMs: LEASE_MS, random: 0 };
      const slot = await state.hosts.takeSlot(hostOf(mailbox), claim);
      if (slot !== undefined) stolen.push(slot);
    }
    return stolen;
  }

  test('that bear one connection is copied all the same where it needs two of them', async () => {
    const mailbox = await bench.mailbox({ lanes: 3 });
    await bound(mailbox, 1);
    await fill(mailbox, 20);
    expect(await mailbox.start()).toMatchObject({ status: 'synced', totals: { copied: 20 } });
  });

  test('waits while others have them all, is no failure, and goes on when their leases have lapsed', async () => {
    const mailbox = await bench.mailbox();
    await bound(mailbox, 2);
    await fill(mailbox, 20);
    await steal(mailbox, mailbox.services.environment.epoch);
    const waiting = await mailbox.start();
    expect(waiting).toMatchObject({
      status: 'queued',
      failures: 0,
      waitingFor: { side: 'source', host: '127.0.0.1' },
      pass: { phase: 'planning' },
    });
    const { items } = await mailbox.services.state.events.list(mailbox.key, { limit: 10 });
    expect(items.filter(({ type }) => type === 'host-busy')).toHaveLength(1);

    // Looked at by the timer before anything is free, it keeps its place.
    const wake = async () => {
      const { environment, clock } = mailbox.services;
      const context = { now: clock.now(), epoch: environment.epoch, all: false };
      await wakeMailbox(mailbox.services, mailbox.key, context);
      await mailbox.deliver();
      return mailbox.record();
    };
    mailbox.clock.forward(LINE_WATCHDOG_MS + 1);
    await steal(mailbox, mailbox.services.environment.epoch);
    expect(await wake()).toMatchObject({ status: 'queued', waitingFor: waiting.waitingFor });
    mailbox.clock.forward(LINE_WATCHDOG_MS + 1);
    expect(await wake()).toMatchObject({ status: 'synced', totals: { copied: 20 } });
    expect((await mailbox.record()).waitingFor).toBeUndefined();
    await mailbox.expectBooks();
  });

  test('is woken when one is free, also behind mailboxes that wait no longer', async () => {
    const mailbox = await bench.mailbox();
    await bound(mailbox, 2);
    await fill(mailbox, 5);
    const { clock, environment, state } = mailbox.services;
    const stolen = await steal(mailbox, environment.epoch);
    await state.hosts.wait(hostOf(mailbox), 'gone', { since: 0, until: clock.now() + LEASE_MS });
    expect(await mailbox.start()).toMatchObject({ status: 'queued' });
    for (const slot of stolen) await state.hosts.freeSlot(slot);
    await wakeNext(mailbox.services, { ...hostOf(mailbox), connections: 2 });
    await mailbox.deliver();
    expect(await mailbox.record()).toMatchObject({ status: 'synced', totals: { copied: 5 } });
  });

  test.each(['plan', 1] as const)(
    'hears that one is free though whoever got it in line has its lease still (lanes: %s)',
    async (lanes) => {
      const mailbox = await bench.mailbox({ lanes: 1 });
      await bound(mailbox, 2);
      await fill(mailbox, 5);
      const { clock, environment, state } = mailbox.services;
      if (lanes === 1) await mailbox.plan();
      mailbox.queues.waiting.length = 0;
      const stolen = await steal(mailbox, environment.epoch);
      if (lanes === 1) await mailbox.chunk();
      else await mailbox.start();
      expect((await mailbox.record()).waitingFor).toBeDefined();
      const owner = { owner: 'in line', ownerEpoch: environment.epoch };
      const { pass } = await mailbox.record();
      const asked = { lanes, ...owner, now: clock.now(), leaseMs: LEASE_MS, pass: pass.number };
      const lease = await state.lanes.acquire(mailbox.key, asked);
      for (const slot of stolen) await state.hosts.freeSlot(slot);
      await wakeNext(mailbox.services, { ...hostOf(mailbox), connections: 2 });
      // It is heard too early, and again and again until the lease is free.
      let heard = 0;
      const { queues } = mailbox.services;
      const free = async (): Promise<void> => {
        heard += 1;
        if (heard === 2 && lease !== undefined) await state.lanes.release(lease, noProgress());
      };
      const services = {
        ...mailbox.services,
        queues: {
          ...queues,
          sendPasses: async (...sent: Parameters<Services['queues']['sendPasses']>) => {
            await free();
            return queues.sendPasses(...sent);
          },
          sendChunks: async (...sent: Parameters<Services['queues']['sendChunks']>) => {
            if (sent[1] !== undefined) await free();
            return queues.sendChunks(...sent);
          },
        },
      };
      await mailbox.queues.deliver({
        passes: (message) => runPass(services, message, longBudget()),
        chunks: (message) => syncChunk(services, message, longBudget()),
      });
      expect(heard).toBe(2);
      expect(await mailbox.record()).toMatchObject({ status: 'synced', totals: { copied: 5 } });
    },
  );

  test('gives up its connections when their leases are lost, and has nothing doubled', async () => {
    await withResource(startNarrowLink(bench.destination, { bytesPerSecond: 100_000 }), async (link) => {
      await withResource(startRefusingProxy(link), async (proxy) => {
        // What was sent still comes in slowly when the connection is given up.
        const mailbox = await bench.mailbox({ renewMs: 50, settleMs: 3_000, destinationPort: proxy.port });
        await bound(mailbox, 2);
        await fill(mailbox, 150);
        let stealing: Promise<unknown> | undefined;
        proxy.judge = (line) => {
          if (line.startsWith('APPEND')) stealing ??= steal(mailbox, 'another epoch');
          return undefined;
        };
        expect(await mailbox.start()).toMatchObject({ status: 'synced', totals: { copied: 150 } });
        await stealing;
        expect(proxy.connections).toBeGreaterThan(1);
        const inbox = (await mailbox.readDestination()).get('INBOX');
        expect(inbox?.messages).toHaveLength(150);
        await mailbox.expectBooks();
      });
    });
  });
});
