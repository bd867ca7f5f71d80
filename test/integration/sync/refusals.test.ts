import { startRefusingProxy } from '../../support/refusing-proxy.ts';
import type { MailboxBench } from '../../support/mailbox-bench.ts';
import { startSyncBench, type SyncBench } from '../../support/sync-bench.ts';
import { withResource } from '../../support/with-resource.ts';

const INBOX = ['INBOX'];

function mail(subject: string, size = 100): { bytes: string } {
  return {
    bytes: `Message-ID: <${subject}@example.com>\r\nFrom: ann@example.com\r\nSubject: ${subject}\r\n\r\n${'x'.repeat(size)}\r\n`,
  };
}

describe('a destination that refuses', () => {
  let bench: SyncBench;

  beforeAll(async () => {
    bench = await startSyncBench({
      destination: {
        settings: {
          mail_plugins: 'quota',
          'protocol imap/mail_plugins': 'quota imap_quota',
          'plugin/quota': 'count:User',
          'plugin/quota_vsizes': 'yes',
          'plugin/quota_rule': '*:storage=100K',
          'plugin/quota_max_mail_size': '60k',
        },
      },
    });
  });
  afterAll(() => bench.stop());

  async function filled(options: { destinationPort?: number } = {}, count = 3): Promise<MailboxBench> {
    const mailbox = await bench.mailbox(options);
    await mailbox.source(async (probe) => {
      for (let index = 1; index <= count; index += 1) await probe.append(INBOX, mail(`m${index}`));
    });
    return mailbox;
  }

  test('because it is full shows that, and is filled on when there is room again', async () => {
    const mailbox = await filled();
    await mailbox.source(async (probe) => {
      for (let index = 0; index < 4; index += 1) await probe.append(INBOX, mail(`big${index}`, 40_000));
    });
    const full = await mailbox.start();
    expect(full).toMatchObject({
      status: 'needs-attention',
      reason: { code: 'over-quota', side: 'destination', detail: expect.stringMatching(/quota/i) },
    });
    expect(full.dueAt).toBeUndefined();
    expect((await mailbox.start()).status).toBe('needs-attention');
    await mailbox.destination(async (probe) => {
      const uids = await probe.uids(INBOX);
      await probe.remove(INBOX, uids.slice(-2));
    });
    expect((await mailbox.start()).status).toBe('synced');
    expect(await mailbox.destination((probe) => probe.messageCount())).toBe(5);
    await mailbox.expectBooks();
  });

  test('one message that is too big skips it with its description, and copies the others', async () => {
    const mailbox = await filled();
    await mailbox.source((probe) => probe.append(INBOX, mail('huge', 70_000)));
    expect(await mailbox.start()).toMatchObject({
      status: 'synced',
      totals: { listed: 4, copied: 3, skipped: 1, failed: 0 },
    });
    expect(await mailbox.items()).toMatchObject([
      {
        folderPath: 'INBOX',
        uid: 4,
        state: 'skipped',
        reason: 'too-big',
        subject: 'huge',
        from: 'ann@example.com',
        serverText: expect.stringMatching(/size/i),
      },
    ]);
    await mailbox.expectBooks();
  });

  test('one message for no clear reason tries it with three passes, and reports it', async () => {
    await withResource(startRefusingProxy({ port: bench.destination.port }), async (proxy) => {
      const mailbox = await filled({ destinationPort: proxy.port });
      let refused = 0;
      proxy.judge = (line) => {
        if (!/^APPEND .*\{(\d+)\+?\}$/.test(line) || !line.includes('\\Flagged')) return undefined;
        refused += 1;
        return 'NO I do not like it';
      };
      await mailbox.source((probe) => probe.append(INBOX, { ...mail('odd'), flags: ['\\Flagged'] }));
      // Without its flags the message would be taken: that is tried at once.
      expect((await mailbox.start()).totals).toMatchObject({ copied: 4, failed: 0 });
      expect(refused).toBe(1);

      const odd = mail('odd-size', 777);
      proxy.judge = (line) => {
        if (!new RegExp(`^APPEND .*\\{${odd.bytes.length}\\+?\\}$`).test(line)) return undefined;
        refused += 1;
        return 'NO I do not like it';
      };
      await mailbox.source((probe) => probe.append(INBOX, odd));
      refused = 0;
      for (let pass = 1; pass <= 4; pass += 1) {
        expect((await mailbox.pass()).totals).toMatchObject({ copied: 4, failed: 1 });
        expect(refused).toBe(Math.min(pass, 3));
      }
      expect(await mailbox.items()).toMatchObject([
        {
          state: 'failed',
          reason: 'refused',
          attempts: 3,
          subject: 'odd-size',
          serverText: 'I do not like it',
        },
      ]);
      await mailbox.expectBooks();
    });
  });

  test('a message at first and takes it later clears it from the report', async () => {
    await withResource(startRefusingProxy({ port: bench.destination.port }), async (proxy) => {
      const mailbox = await filled({ destinationPort: proxy.port });
      let appends = 0;
      proxy.judge = (line) => {
        if (!line.startsWith('APPEND')) return undefined;
        appends += 1;
        return appends === 2 ? 'NO [SERVERBUG] not this one' : undefined;
      };
      expect((await mailbox.start()).totals).toMatchObject({ copied: 2, failed: 1 });
      expect(await mailbox.items()).toHaveLength(1);
      expect((await mailbox.pass()).totals).toMatchObject({ copied: 3, failed: 0 });
      expect(await mailbox.items()).toEqual([]);
      await mailbox.expectEqual();
    });
  });

  test('every message for a reason of its own is tried again later as a whole, and no message fails for it', async () => {
    await withResource(startRefusingProxy({ port: bench.destination.port }), async (proxy) => {
      const mailbox = await filled({ destinationPort: proxy.port }, 8);
      let refused = 0;
      proxy.judge = (line) => {
        if (!line.startsWith('APPEND') || refused >= 24) return undefined;
        refused += 1;
        return 'NO [UNAVAILABLE] the store is away';
      };
      let record = await mailbox.start();
      for (let wakes = 0; record.status !== 'synced' && wakes < 4; wakes += 1) record = await mailbox.tick();
      expect(record).toMatchObject({ status: 'synced', totals: { copied: 8, failed: 0 } });
      await mailbox.expectEqual();
    });
  });

  test('to let mail be stored at all asks for a person and loses nothing', async () => {
    await withResource(startRefusingProxy({ port: bench.destination.port }), async (proxy) => {
      const mailbox = await filled({ destinationPort: proxy.port });
      proxy.judge = (line) => (line.startsWith('APPEND') ? 'NO [NOPERM] read only' : undefined);
      expect(await mailbox.start()).toMatchObject({
        status: 'needs-attention',
        reason: { code: 'permission-denied', side: 'destination' },
      });
      proxy.judge = () => undefined;
      expect(await mailbox.start()).toMatchObject({ status: 'synced', totals: { copied: 3, failed: 0 } });
      await mailbox.expectEqual();
    });
  });
});
