import { compareMailboxes } from '../../support/compare-mailboxes.ts';
import { dyingAtWrite } from '../../support/dying-at-write.ts';
import { fillMailbox } from '../../support/fill-mailbox.ts';
import { mailCorpus } from '../../support/mail-corpus.ts';
import { longBudget, type MailboxBench } from '../../support/mailbox-bench.ts';
import { exchangeScript } from '../../support/provider-servers/exchange-script.ts';
import type { ProviderScript } from '../../support/provider-servers/provider-script.ts';
import { type ProviderServer, startProviderServer } from '../../support/provider-servers/provider-server.ts';
import { startSyncBench, type SyncBench } from '../../support/sync-bench.ts';
import { withResource } from '../../support/with-resource.ts';

const INBOX = ['INBOX'];
const THROTTLED = 'Request is throttled. Suggested Backoff Time: 299961 milliseconds';

function mail(subject: string, body = 'Hello.'): string {
  return `Message-ID: <${subject}@example.com>\r\nSubject: ${subject}\r\n\r\n${body}\r\n`;
}

describe('Exchange Online as destination', () => {
  let bench: SyncBench;
  let users = 0;

  beforeAll(async () => {
    bench = await startSyncBench({ source: { users: { anna: 'secret' } } });
    await fillMailbox(
      bench.source.access('anna'),
      mailCorpus({ seed: 51, messages: 260, largeMessageBytes: 0 }),
    );
  });
  afterAll(() => bench.stop());

  async function migrating(
    use: (mailbox: MailboxBench, server: ProviderServer) => Promise<void>,
    options: { script?: ProviderScript; sourceUser?: string; lanes?: number } = {},
  ): Promise<void> {
    const { script = exchangeScript(), ...rest } = options;
    await withResource(startProviderServer(script), async (server) => {
      users += 1;
      const user = `user${users}`;
      server.addUser(user, 'secret');
      await use(await bench.mailbox({ ...rest, destinationServer: server.end(user) }), server);
    });
  }

  async function fill(mailbox: MailboxBench, subjects: readonly string[], body?: string): Promise<void> {
    await mailbox.source(async (probe) => {
      for (const subject of subjects) {
        await probe.append(INBOX, { bytes: mail(subject, body), flags: ['\\Seen'] });
      }
    });
  }

  function numbered(word: string, count: number): string[] {
    return Array.from({ length: count }, (_, index) => `${word}-${index + 1}`);
  }

  test('takes a whole mailbox byte by byte, and nothing twice in the next pass', async () => {
    await migrating(
      async (mailbox) => {
        const { totals, status } = await mailbox.start();
        expect(status).toBe('synced');
        // a line that Exchange does not take
        expect(totals.failed).toBe(0);
        await mailbox.expectBooks();
        const [source, destination] = await Promise.all([mailbox.readSource(), mailbox.readDestination()]);
        const kinds = compareMailboxes(source, destination).differences.map(({ kind }) => kind);
        expect(kinds.filter((kind) => kind === 'doubled' || kind === 'altered' || kind === 'date')).toEqual(
          [],
        );
        expect(kinds.filter((kind) => kind === 'missing')).toHaveLength(totals.skipped);
        const before = await mailbox.destination((probe) => probe.messageCount());
        expect((await mailbox.pass()).totals).toEqual(totals);
        expect(await mailbox.destination((probe) => probe.messageCount())).toBe(before);
      },
      { sourceUser: 'anna' },
    );
  });

  test('has one folder for Work and WORK, and reserves Files', async () => {
    await migrating(async (mailbox, server) => {
      await mailbox.source(async (probe) => {
        for (const folder of ['Work', 'WORK', 'Files', 'Sent Items']) {
          if (folder !== 'INBOX') await probe.createFolder([folder]);
          await probe.append([folder], { bytes: mail(folder.replace(' ', '-')) });
        }
      });
      expect(await mailbox.start()).toMatchObject({ status: 'synced', totals: { copied: 4, failed: 0 } });
      const account = server.account(mailbox.access.destination.user);
      const holding = account.folders.filter(({ entries }) => entries.length > 0).map(({ path }) => path);
      expect(holding.toSorted()).toEqual(['Files (2)', 'Sent Items', 'WORK', 'Work (2)']);
      await mailbox.expectBooks();
      await mailbox.pass();
      expect(account.folders.flatMap(({ entries }) => entries)).toHaveLength(4);
    });
  });

  test('does not get a flag that it shows as a category', async () => {
    await migrating(async (mailbox, server) => {
      await mailbox.source((probe) =>
        probe.append(INBOX, { bytes: mail('receipt'), flags: ['\\Seen', '$MDNSent'] }),
      );
      await mailbox.start();
      const { entries } = server.account(mailbox.access.destination.user).folder('INBOX');
      expect(entries.map((entry) => entry.mail.flags)).toEqual([['\\Seen']]);
      await mailbox.source((probe) => probe.setFlags(INBOX, [1], ['\\Seen', '\\Flagged', '$MDNSent']));
      await mailbox.pass();
      expect(entries.map((entry) => entry.mail.flags.toSorted())).toEqual([['\\Flagged', '\\Seen']]);
    });
  });

  test('skips messages with lines that it does not take, however often it hangs up over them', async () => {
    await migrating(async (mailbox, server) => {
      await fill(mailbox, numbered('fine', 30));
      await fill(mailbox, numbered('long', 25), 'x'.repeat(10_001));
      await fill(mailbox, numbered('last', 5));
      let record = await mailbox.start();
      for (let wakes = 0; record.status !== 'synced' && wakes < 10; wakes += 1) record = await mailbox.tick();
      expect(record).toMatchObject({
        status: 'synced',
        totals: { listed: 60, copied: 35, skipped: 25, failed: 0 },
      });
      const items = await mailbox.items();
      expect(new Set(items.map(({ reason }) => reason))).toEqual(new Set(['line-too-long']));
      expect(items[0]?.serverText).toBe('Command Argument Error. 11');
      expect(server.account(mailbox.access.destination.user).folder('INBOX').entries).toHaveLength(35);
      await mailbox.expectBooks();
    });
  });

  test('refuses messages for no reason that shows, with their flags and without: they are reported', async () => {
    const base = exchangeScript();
    const script: ProviderScript = {
      ...base,
      refuseMessage: (bytes) =>
        bytes.includes('Subject: receipt') ? 'BAD Command Argument Error. 11' : base.refuseMessage?.(bytes),
    };
    await migrating(
      async (mailbox, server) => {
        await fill(mailbox, numbered('receipt', 24));
        await fill(mailbox, numbered('fine', 30));
        let record = await mailbox.start();
        for (let wakes = 0; record.status !== 'synced' && wakes < 10; wakes += 1)
          record = await mailbox.tick();
        expect(record).toMatchObject({
          status: 'synced',
          totals: { listed: 54, copied: 30, skipped: 0, failed: 24 },
        });
        expect(server.account(mailbox.access.destination.user).folder('INBOX').entries).toHaveLength(30);
        const items = await mailbox.items();
        expect(items).toHaveLength(24);
        expect(new Set(items.map(({ reason }) => reason))).toEqual(new Set(['refused']));
        await mailbox.expectBooks();
      },
      { script },
    );
  });

  test.each(['NO', 'BAD'])('asks for five minutes by %s, and gets them to the second', async (status) => {
    await migrating(
      async (mailbox, server) => {
        let appends = 0;
        server.moods.judge = (command) => {
          if (!command.startsWith('APPEND')) return undefined;
          appends += 1;
          return appends > 90 ? `${status} ${THROTTLED}` : undefined;
        };
        const record = await mailbox.start();
        expect(record).toMatchObject({ status: 'throttled', failures: 0, consecutiveThrottles: 1 });
        const waits = (record.throttledUntil ?? 0) - record.statusSince;
        expect(waits).toBeGreaterThanOrEqual(299_961);
        expect(waits).toBeLessThan(299_961 + 2_000);
        server.moods.judge = () => undefined;
        const { connections } = server;
        await mailbox.plan('due');
        await mailbox.chunk();
        expect(server.connections).toBe(connections);
        expect(await mailbox.tick()).toMatchObject({ status: 'synced', failures: 0, totals: { failed: 0 } });
        await mailbox.expectBooks();
      },
      { sourceUser: 'anna' },
    );
  });

  test('that has signed a user in but not connected is left alone for a while', async () => {
    await migrating(
      async (mailbox, server) => {
        const words = 'BAD User is authenticated but not connected.';
        server.moods.judge = (command, user) =>
          user !== undefined && !command.startsWith('LOGOUT') ? words : undefined;
        expect(await mailbox.start()).toMatchObject({ status: 'throttled', failures: 0 });
        server.moods.judge = () => undefined;
        expect(await mailbox.tick()).toMatchObject({ status: 'synced', totals: { failed: 0 } });
        await mailbox.expectBooks();
      },
      { sourceUser: 'anna' },
    );
  });

  test('gets nothing twice when a lane dies with messages under way, though its sizes are guesses', async () => {
    await migrating(
      async (mailbox, server) => {
        await fill(mailbox, [...numbered('one', 60), ...numbered('one', 60)]);
        await mailbox.plan();
        const worker = dyingAtWrite(mailbox.worker(), 2, 'request');
        await mailbox.chunk(undefined, longBudget(), worker.services).catch(() => undefined);
        expect(worker.died()).toBe(true);
        const account = server.account(mailbox.access.destination.user);
        const arrived = account.folders.flatMap(({ entries }) => entries).length;
        expect(arrived).toBeGreaterThan(0);
        mailbox.lapseLeases();
        await mailbox.deliver();
        expect(await mailbox.record()).toMatchObject({
          status: 'synced',
          totals: { listed: 120, copied: 120 },
        });
        expect(account.folders.flatMap(({ entries }) => entries)).toHaveLength(120);
        await mailbox.expectBooks();
      },
      { lanes: 1 },
    );
  });
});
