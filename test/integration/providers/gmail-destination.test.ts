import type { MailboxBench } from '../../support/mailbox-bench.ts';
import { gmailFolder, gmailScript } from '../../support/provider-servers/gmail-script.ts';
import type { MailFolder } from '../../support/provider-servers/mail-folder.ts';
import type { ProviderScript } from '../../support/provider-servers/provider-script.ts';
import { type ProviderServer, startProviderServer } from '../../support/provider-servers/provider-server.ts';
import { startSyncBench, type SyncBench } from '../../support/sync-bench.ts';
import { withResource } from '../../support/with-resource.ts';

const INBOX = ['INBOX'];

function mail(subject: string, bytes = 300): string {
  const head = `Message-ID: <${subject}@example.com>\r\nSubject: ${subject}\r\n\r\n`;
  return `${head}${`${'x'.repeat(70)}\r\n`.repeat(Math.ceil(bytes / 72))}`;
}

function subjects(folder: MailFolder): string[] {
  return folder.entries.map(
    (entry) => /Subject: (.*)\r/.exec(entry.mail.bytes.toString('latin1'))?.[1] ?? '',
  );
}

describe('Gmail as destination', () => {
  let bench: SyncBench;
  let users = 0;

  beforeAll(async () => {
    bench = await startSyncBench();
  });
  afterAll(() => bench.stop());

  async function migrating(
    use: (mailbox: MailboxBench, server: ProviderServer) => Promise<void>,
    script: ProviderScript = gmailScript({ language: 'german' }),
  ): Promise<void> {
    await withResource(startProviderServer(script), async (server) => {
      users += 1;
      const user = `user${users}`;
      server.addUser(user, 'secret');
      await use(await bench.mailbox({ destinationServer: server.end(user) }), server);
    });
  }

  async function fill(mailbox: MailboxBench, count: number, bytes?: number): Promise<void> {
    await mailbox.source(async (probe) => {
      for (let index = 1; index <= count; index += 1) {
        await probe.append(INBOX, {
          bytes: mail(`m${index}`, bytes),
          flags: index % 2 === 0 ? ['\\Seen'] : [],
        });
      }
    });
  }

  function inboxOf(mailbox: MailboxBench, server: ProviderServer): MailFolder {
    return server.account(mailbox.access.destination.user).folder('INBOX');
  }

  test('takes small and large messages, and asks before each large one', async () => {
    await migrating(async (mailbox, server) => {
      await fill(mailbox, 20);
      await mailbox.source(async (probe) => {
        for (let index = 1; index <= 10; index += 1) {
          await probe.append(INBOX, {
            bytes: mail(`large${index}`, 4_000 + 20_000 * index),
            flags: ['\\Flagged'],
          });
        }
      });
      expect(await mailbox.start()).toMatchObject({ status: 'synced', totals: { copied: 30, failed: 0 } });
      const [source, destination] = await Promise.all([mailbox.readSource(), mailbox.readDestination()]);
      const lines = (snapshot: typeof source): string[] =>
        (snapshot.get('INBOX')?.messages ?? [])
          .map(({ sha256, instant, flags }) => `${sha256} ${instant} ${flags.join(' ')}`)
          .toSorted();
      expect(lines(destination)).toEqual(lines(source));
      expect(lines(destination)).toHaveLength(30);
      const large = server.heard.filter((line) => /^APPEND .*\{\d{5,}\+?\}$/.test(line));
      expect(large).toHaveLength(10);
      await mailbox.expectBooks();
      const { heard } = server;
      const appends = heard.filter((line) => line.startsWith('APPEND')).length;
      await mailbox.pass();
      expect(heard.filter((line) => line.startsWith('APPEND'))).toHaveLength(appends);
    });
  });

  test('finds its folders by their use, whatever they are called', async () => {
    await migrating(async (mailbox, server) => {
      await mailbox.source(async (probe) => {
        await probe.createFolder(['Work']);
        await probe.append(['Work'], { bytes: mail('work') });
        await probe.append(INBOX, { bytes: mail('in') });
      });
      await mailbox.start();
      const account = server.account(mailbox.access.destination.user);
      expect(subjects(account.folder('Work'))).toEqual(['work']);
      expect(subjects(account.folder(gmailFolder('\\All', 'german'))).toSorted()).toEqual(['in', 'work']);
      expect(account.folders.map(({ path }) => path)).toHaveLength(10);
    });
  });

  test('gets names that it takes, for folders that are called otherwise', async () => {
    await migrating(async (mailbox, server) => {
      await mailbox.source(async (probe) => {
        for (const name of [' before', 'after ', 'a^b']) {
          await probe.createFolder([name]);
          await probe.append([name], { bytes: mail(`in-${name.trim().replace('^', '')}`) });
        }
      });
      expect(await mailbox.start()).toMatchObject({ status: 'synced', totals: { copied: 3, failed: 0 } });
      const account = server.account(mailbox.access.destination.user);
      expect(subjects(account.folder('before'))).toEqual(['in-before']);
      expect(subjects(account.folder('after'))).toEqual(['in-after']);
      expect(subjects(account.folder('a_b'))).toEqual(['in-ab']);
      await mailbox.expectBooks();
    });
  });

  test('keeps messages in their folder that are marked as deleted at the source', async () => {
    await migrating(async (mailbox, server) => {
      await mailbox.source(async (probe) => {
        await probe.append(INBOX, { bytes: mail('deleted'), flags: ['\\Seen', '\\Deleted'] });
        await probe.append(INBOX, { bytes: mail('later'), flags: ['\\Seen'] });
      });
      await mailbox.start();
      await mailbox.source((probe) => probe.setFlags(INBOX, [2], ['\\Seen', '\\Deleted', '\\Flagged']));
      await mailbox.pass();
      const { entries } = inboxOf(mailbox, server);
      expect(entries.map((entry) => entry.mail.flags.toSorted())).toEqual([
        ['\\Seen'],
        ['\\Flagged', '\\Seen'],
      ]);
      await mailbox.expectBooks();
    });
  });

  test('drops the second of two messages that are one to it, and is not sent it again and again', async () => {
    await migrating(async (mailbox, server) => {
      await fill(mailbox, 5);
      await fill(mailbox, 5);
      expect(await mailbox.start()).toMatchObject({ status: 'synced', totals: { listed: 10, copied: 10 } });
      expect(inboxOf(mailbox, server).entries).toHaveLength(5);
      await mailbox.expectBooks();
      const appends = (): number => server.heard.filter((line) => line.startsWith('APPEND')).length;
      expect(appends()).toBe(10);
      expect((await mailbox.pass()).totals).toMatchObject({ listed: 10, copied: 10 });
      expect(appends()).toBe(10);
    });
  });

  test('says in an OK that it slows down: what it has done is done', async () => {
    await migrating(async (mailbox, server) => {
      server.moods.judge = (command) =>
        /^(?:LIST|STATUS|SELECT|EXAMINE|UID)/.test(command) ? 'OK Success [THROTTLED]' : undefined;
      await fill(mailbox, 10);
      expect(await mailbox.start()).toMatchObject({ status: 'synced', failures: 0, totals: { copied: 10 } });
      server.moods.judge = (command) =>
        /^(?:STATUS|UID)/.test(command) ? 'OK [THROTTLED] Success' : undefined;
      await fill(mailbox, 12);
      expect(await mailbox.pass()).toMatchObject({ status: 'synced', failures: 0, totals: { copied: 22 } });
      await mailbox.expectBooks();
    });
  });

  test('ends sessions in the middle: the mailbox waits, goes on, and nothing is doubled', async () => {
    await migrating(async (mailbox, server) => {
      await fill(mailbox, 60);
      let appends = 0;
      server.moods.judge = (command) => {
        if (!command.startsWith('APPEND')) return undefined;
        appends += 1;
        return appends % 25 === 0 ? 'BYE Session expired, please login again.' : undefined;
      };
      expect(await mailbox.start()).toMatchObject({ status: 'throttled', failures: 0 });
      // 60 messages and no more than 24 between two ends: it takes two throttles at least
      for (let throttles = 1; (await mailbox.record()).status === 'throttled'; throttles += 1) {
        expect(throttles).toBeLessThan(10);
        await mailbox.tick();
      }
      expect(await mailbox.record()).toMatchObject({
        status: 'synced',
        failures: 0,
        totals: { copied: 60, failed: 0 },
      });
      expect(new Set(subjects(inboxOf(mailbox, server))).size).toBe(60);
      await mailbox.expectBooks();
    });
  });

  test('refuses what is larger than it says: not sent at all, and reported', async () => {
    const base = gmailScript();
    const { after } = base.capabilities;
    const script: ProviderScript = {
      ...base,
      capabilities: { ...base.capabilities, after: after.replace(/APPENDLIMIT=\d+/, 'APPENDLIMIT=50000') },
      refuseSize: (bytes) => (bytes > 50_000 ? 'NO [TOOBIG] Message too large. (Failure)' : undefined),
    };
    await migrating(async (mailbox, server) => {
      await fill(mailbox, 3);
      await mailbox.source((probe) => probe.append(INBOX, { bytes: mail('huge', 60_000) }));
      expect(await mailbox.start()).toMatchObject({ status: 'synced', totals: { copied: 3, skipped: 1 } });
      expect(await mailbox.items()).toMatchObject([{ reason: 'too-big', subject: 'huge' }]);
      expect(server.heard.some((line) => /^APPEND .*\{6\d{4}/.test(line))).toBe(false);
    }, script);
  });

  test('has too many connections already: it is left alone for a while', async () => {
    await migrating(async (mailbox, server) => {
      await fill(mailbox, 3);
      const account = server.account(mailbox.access.destination.user);
      account.connections += 15;
      expect(await mailbox.start()).toMatchObject({ status: 'throttled', failures: 0 });
      account.connections -= 15;
      expect(await mailbox.tick()).toMatchObject({ status: 'synced', totals: { copied: 3 } });
    });
  });
});
