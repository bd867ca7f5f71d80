import { parseUidSet } from '../../../shared/migration/uid-set.ts';
import { APPEND_MODES } from '../../support/append-modes.ts';
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

describe.each(APPEND_MODES)('a destination ($mode) that refuses', ({ server, batches }) => {
  let bench: SyncBench;

  beforeAll(async () => {
    bench = await startSyncBench({
      destination: {
        ...server,
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
      expect(refused).toBe(batches ? 2 : 1);

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
      const sick = mail('sick', 555);
      await mailbox.source((probe) => probe.append(INBOX, sick));
      await mailbox.source((probe) => probe.append(INBOX, mail('last')));
      proxy.judge = (line) =>
        line.startsWith('APPEND') && line.includes(`{${sick.bytes.length}`)
          ? 'NO [SERVERBUG] not this one'
          : undefined;
      expect((await mailbox.start()).totals).toMatchObject({ copied: 4, failed: 1 });
      expect(await mailbox.items()).toHaveLength(1);
      proxy.judge = () => undefined;
      expect((await mailbox.pass()).totals).toMatchObject({ copied: 5, failed: 0 });
      expect(await mailbox.items()).toEqual([]);
      await mailbox.expectEqual();
    });
  });

  test('a message once, for trouble of its own, has it sent once more in the same pass', async () => {
    await withResource(startRefusingProxy({ port: bench.destination.port }), async (proxy) => {
      const mailbox = await filled({ destinationPort: proxy.port });
      const sick = mail('sick', 555);
      await mailbox.source((probe) => probe.append(INBOX, sick));
      await mailbox.source((probe) => probe.append(INBOX, mail('last')));
      let refused = 0;
      proxy.judge = (line) => {
        if (!line.startsWith('APPEND') || !line.includes(`{${sick.bytes.length}`) || refused > 0)
          return undefined;
        refused += 1;
        return 'NO [SERVERBUG] Internal error occurred.';
      };
      expect((await mailbox.start()).totals).toMatchObject({ copied: 5, failed: 0 });
      expect(refused).toBe(1);
      await mailbox.expectEqual();
      await mailbox.expectBooks();
    });
  });

  test('every message for a reason of its own is tried again later as a whole, and no message fails for it', async () => {
    await withResource(startRefusingProxy({ port: bench.destination.port }), async (proxy) => {
      const mailbox = await filled({ destinationPort: proxy.port }, 8);
      let refused = 0;
      // three times all of them, and where they share a command, that command before
      const most = 3 * (batches ? 9 : 8);
      proxy.judge = (line) => {
        if (!line.startsWith('APPEND') || refused >= most) return undefined;
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

  describe('a message with a zero byte', () => {
    const withNul = mail('nul', 4_711);
    withNul.bytes = withNul.bytes.replace('xxx', 'x\0x');

    /** Dovecot hands out 0x80 in place of a zero byte; this source hands out the zero byte itself. */
    async function filledWithNul(
      use: (mailbox: MailboxBench) => Promise<void>,
      options: { destinationPort?: number } = {},
    ): Promise<void> {
      await withResource(startRefusingProxy({ port: bench.source.port }), async (proxy) => {
        proxy.editLiteral = (bytes) => Buffer.from(bytes.map((byte) => (byte === 0x80 ? 0 : byte)));
        const mailbox = await bench.mailbox({ ...options, sourcePort: proxy.port });
        await mailbox.source(async (probe) => {
          for (const one of [mail('before'), withNul, mail('after'), mail('last')]) {
            await probe.append(INBOX, { ...one, flags: ['\\Seen'] });
          }
        });
        await use(mailbox);
      });
    }

    test('arrives at a Dovecot like the others', async () => {
      await filledWithNul(async (mailbox) => {
        expect(await mailbox.start()).toMatchObject({
          status: 'synced',
          totals: { listed: 4, copied: 4, skipped: 0, failed: 0 },
        });
        await mailbox.expectEqual();
        await mailbox.expectBooks();
      });
    });

    test.each([
      ['with a word without a tag before', '* BAD Invalid characters\nBAD Invalid characters'],
      ['with a word that names the reason', '* BAD NULs not allowed in strings\nBAD Error in command'],
      ['in so many words', 'NO Message contains NUL characters'],
    ])('is skipped alone where the server refuses it %s', async (_, verdict) => {
      await withResource(startRefusingProxy({ port: bench.destination.port }), async (proxy) => {
        let refused = 0;
        proxy.judge = (line) => {
          if (!new RegExp(`^APPEND .*\\{${withNul.bytes.length}\\+?\\}$`).test(line)) return undefined;
          refused += 1;
          return verdict;
        };
        await filledWithNul(
          async (mailbox) => {
            const { connections } = proxy;
            expect(await mailbox.start()).toMatchObject({
              status: 'synced',
              totals: { listed: 4, copied: 3, skipped: 1, failed: 0 },
            });
            // At most the planner's and one lane's: no connection was given up.
            expect(proxy.connections - connections).toBeLessThanOrEqual(2);
            expect(await mailbox.items()).toMatchObject([
              {
                state: 'skipped',
                reason: 'nul-byte',
                subject: 'nul',
                serverText: expect.stringMatching(/NUL|Invalid/) as string,
              },
            ]);
            await mailbox.pass();
            expect(refused).toBe(batches ? 2 : 1);
            await mailbox.expectBooks();
          },
          { destinationPort: proxy.port },
        );
      });
    });
  });
});

describe('a source that refuses to hand out a message', () => {
  let bench: SyncBench;

  beforeAll(async () => {
    bench = await startSyncBench();
  });
  afterAll(() => bench.stop());

  test('has it reported with the words of the server, and the others copied', async () => {
    await withResource(startRefusingProxy({ port: bench.source.port }), async (proxy) => {
      const mailbox = await bench.mailbox({ sourcePort: proxy.port });
      await mailbox.source(async (probe) => {
        for (let index = 1; index <= 5; index += 1) await probe.append(INBOX, mail(`m${index}`));
      });
      proxy.judge = (line) => {
        const uids = /^UID FETCH (\S+) \(.*BODY\.PEEK\[\]/.exec(line)?.[1];
        const damaged = uids !== undefined && parseUidSet(uids).includes(2);
        return damaged ? 'NO The message is damaged on disk' : undefined;
      };
      expect(await mailbox.start()).toMatchObject({
        status: 'synced',
        totals: { listed: 5, copied: 4, skipped: 0, failed: 1 },
      });
      expect(await mailbox.items()).toMatchObject([
        {
          uid: 2,
          state: 'failed',
          reason: 'source-unreadable',
          serverText: 'The message is damaged on disk',
          subject: 'm2',
          from: 'ann@example.com',
          messageId: '<m2@example.com>',
          size: expect.any(Number),
        },
      ]);

      proxy.judge = () => undefined;
      expect((await mailbox.pass()).totals).toMatchObject({ copied: 5, failed: 0 });
      expect(await mailbox.items()).toEqual([]);
      await mailbox.expectEqual();
      await mailbox.expectBooks();
    });
  });
});
