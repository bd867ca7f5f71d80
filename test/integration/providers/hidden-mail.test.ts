import type { MailboxBench } from '../../support/mailbox-bench.ts';
import { gmailScript } from '../../support/provider-servers/gmail-script.ts';
import type { MailAccount } from '../../support/provider-servers/mail-account.ts';
import type { ProviderScript } from '../../support/provider-servers/provider-script.ts';
import { type ProviderServer, startProviderServer } from '../../support/provider-servers/provider-server.ts';
import { yahooScript } from '../../support/provider-servers/yahoo-script.ts';
import { startSyncBench, type SyncBench } from '../../support/sync-bench.ts';
import { withResource } from '../../support/with-resource.ts';

/** A server that shows `shown` messages of a folder and counts all. */
const counting: ProviderScript = { ...yahooScript({ statusCountsHidden: true }), shownMessages: 5 };

describe('mail that a source does not show', () => {
  let bench: SyncBench;

  beforeAll(async () => {
    bench = await startSyncBench();
  });
  afterAll(() => bench.stop());

  function fill(account: MailAccount, count: number, folder = 'INBOX'): void {
    for (let index = 1; index <= count; index += 1) {
      account.deliver([folder], { bytes: `Message-ID: <${folder}-${index}@x>\r\nSubject: ${index}\r\n\r\n` });
    }
  }

  async function migrating(
    script: ProviderScript,
    use: (mailbox: MailboxBench, account: MailAccount, server: ProviderServer) => Promise<void>,
  ): Promise<void> {
    await withResource(startProviderServer(script), async (server) => {
      const account = server.addUser('bob', 'secret');
      await use(await bench.mailbox({ sourceServer: server.end('bob'), lanes: 1 }), account, server);
    });
  }

  async function warnings(mailbox: MailboxBench): Promise<Array<{ text: string; data?: unknown }>> {
    const { items } = await mailbox.services.state.events.list(mailbox.key, { limit: 50 });
    return items.filter(({ type }) => type === 'hidden-mail').map(({ text, data }) => ({ text, data }));
  }

  test('is suspected in a folder of exactly ten thousand at Yahoo, and told with the server that shows it', async () => {
    await migrating(yahooScript(), async (mailbox, account) => {
      fill(account, 10_002);
      fill(account, 9_999, 'Archive');
      await mailbox.plan();
      expect(await warnings(mailbox)).toEqual([
        {
          text: expect.stringMatching(
            /"INBOX" has exactly 10000 messages.*export\.imap\.mail\.yahoo\.com/,
          ) as string,
          data: { folder: 'INBOX', kind: 'folder-limit', shown: 10_000 },
        },
      ]);
    });
  });

  test('is not suspected on the server of Yahoo that shows all', async () => {
    await migrating(yahooScript({ export: true }), async (mailbox, account) => {
      fill(account, 10_000);
      await mailbox.plan();
      expect(await warnings(mailbox)).toEqual([]);
      expect((await mailbox.record()).totals.listed).toBe(10_000);
    });
  });

  test.each([1000, 2000, 5000, 10_000] as const)(
    'is suspected in a folder of exactly %i at Gmail',
    async (shownMessages) => {
      await migrating(gmailScript({ shownMessages }), async (mailbox, account) => {
        fill(account, shownMessages + 1);
        fill(account, 999, 'Work');
        await mailbox.plan();
        expect((await warnings(mailbox)).map(({ data }) => data)).toEqual([
          { folder: 'INBOX', kind: 'folder-limit', shown: shownMessages },
        ]);
      });
    },
  );

  test('is copied once the limit is lifted, and no longer warned of', async () => {
    const limited = gmailScript({ shownMessages: 1000 });
    await migrating(limited, async (mailbox, account, server) => {
      fill(account, 1_003);
      expect((await mailbox.start()).totals).toMatchObject({ listed: 1000, copied: 1000 });
      const { shownMessages: _limit, ...open } = limited;
      await withResource(startProviderServer(open, new Map([['bob', account]])), async (lifted) => {
        await server[Symbol.asyncDispose]();
        const endpoint = { host: 'imap.gmail.com', port: lifted.port, security: 'insecure' as const };
        const { tenant } = mailbox.key;
        const { connectionId } = await mailbox.record();
        const connection = await mailbox.services.state.connections.get(tenant, connectionId);
        if (connection === undefined) throw new RangeError('The connection is gone.');
        await mailbox.services.state.connections.put({ ...connection, endpoint });
        expect((await mailbox.pass()).totals).toMatchObject({ listed: 1_003, copied: 1_003 });
        const inbox = (await mailbox.folders()).find(({ sourcePath }) => sourcePath === 'INBOX');
        expect(inbox?.hidden).toBeUndefined();
        expect(await warnings(mailbox)).toHaveLength(1);
        await mailbox.expectBooks();
      });
    });
  });

  test('is known of where the server counts more than it lists, and told once', async () => {
    await migrating(counting, async (mailbox, account) => {
      fill(account, 12);
      fill(account, 3, 'Archive');
      expect(await mailbox.start()).toMatchObject({ status: 'synced', totals: { listed: 8, copied: 8 } });
      expect(await warnings(mailbox)).toEqual([
        {
          text: expect.stringContaining(
            'counts 12 messages in folder "INBOX" and lists 5: 7 are hidden',
          ) as string,
          data: { folder: 'INBOX', kind: 'not-listed', shown: 5, counted: 12 },
        },
      ]);
      await mailbox.pass();
      await mailbox.pass();
      expect(await warnings(mailbox)).toHaveLength(1);
      fill(account, 1);
      expect((await mailbox.pass()).totals).toMatchObject({ listed: 9, copied: 9 });
      expect((await warnings(mailbox))[0]?.data).toMatchObject({ shown: 5, counted: 13 });
      await mailbox.expectBooks();
    });
  });

  test('is not thought of because of messages that are deleted meanwhile', async () => {
    const script: ProviderScript = { ...yahooScript() };
    await migrating(script, async (mailbox, account, server) => {
      fill(account, 10);
      let deleted = false;
      server.moods.judge = (command) => {
        if (!command.startsWith('EXAMINE "INBOX"') || deleted) return undefined;
        deleted = true;
        account.folder('INBOX').remove(new Set([2, 3]));
        return undefined;
      };
      expect((await mailbox.start()).totals).toMatchObject({ listed: 8, copied: 8 });
      expect(deleted).toBe(true);
      expect(await warnings(mailbox)).toEqual([]);
    });
  });
});
