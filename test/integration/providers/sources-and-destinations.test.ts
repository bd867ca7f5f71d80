import { exchangeOnline } from '../../../shared/imap/providers/profiles/exchange-online.ts';
import { compareMailboxes } from '../../support/compare-mailboxes.ts';
import { fillMailbox } from '../../support/fill-mailbox.ts';
import { mailCorpus } from '../../support/mail-corpus.ts';
import type { MailboxBench } from '../../support/mailbox-bench.ts';
import { exchangeScript } from '../../support/provider-servers/exchange-script.ts';
import { icloudScript } from '../../support/provider-servers/icloud-script.ts';
import type { ProviderScript } from '../../support/provider-servers/provider-script.ts';
import { type ProviderServer, startProviderServer } from '../../support/provider-servers/provider-server.ts';
import { yahooScript } from '../../support/provider-servers/yahoo-script.ts';
import { startSyncBench, type SyncBench } from '../../support/sync-bench.ts';
import { withResource } from '../../support/with-resource.ts';

const INBOX = ['INBOX'];
const MAIL = 'Message-ID: <1@example.com>\r\nSubject: one\r\n\r\nHello.\r\n';

/** Folders of Exchange that are listed and hold no mail: they are left out. */
const withoutMail = new Set(exchangeOnline.folders?.withoutMail);

/** Without what only these servers refuse. */
const corpus = mailCorpus({ seed: 61, messages: 200, largeMessageBytes: 200_000 });

describe.each([
  { name: 'Exchange Online', script: exchangeScript() },
  { name: 'Yahoo', script: yahooScript() },
  { name: 'iCloud', script: icloudScript() },
])('$name', ({ script }) => {
  let bench: SyncBench;

  beforeAll(async () => {
    bench = await startSyncBench({ source: { users: { anna: 'secret' } } });
    await fillMailbox(bench.source.access('anna'), corpus);
  });
  afterAll(() => bench.stop());

  test('as source is copied whole, and looked at again without a word about its messages', async () => {
    await withResource(startProviderServer(script), async (server) => {
      server.addUser('bob', 'secret');
      await fillMailbox(server.access('bob'), tame());
      const mailbox = await bench.mailbox({ sourceServer: server.end('bob') });
      expect(await mailbox.start()).toMatchObject({ status: 'synced', totals: { skipped: 0, failed: 0 } });
      await expectSame(mailbox);
      await mailbox.expectBooks();
      const inbox = server.account('bob').folder('INBOX');
      const first = inbox.entries[0];
      if (first === undefined) throw new Error('The inbox is empty.');
      first.mail.flags = ['\\Seen', '\\Flagged', '\\Answered'];
      first.mail.modseq = server.account('bob').nextModseq();
      server.account('bob').deliver(['INBOX'], { bytes: MAIL });
      const from = server.heard.length;
      const { totals } = await mailbox.pass();
      expect(totals.copied).toBe(totals.listed);
      const fetched = server.heard.slice(from).filter((line) => line.includes('BODY.PEEK[]'));
      expect(fetched).toHaveLength(1);
      await expectSame(mailbox);
      await mailbox.expectBooks();
    });
  });

  test('as destination takes all that it can take, and nothing twice', async () => {
    await withResource(startProviderServer(script), async (server) => {
      server.addUser('bob', 'secret');
      const mailbox = await bench.mailbox({ sourceUser: 'anna', destinationServer: server.end('bob') });
      const { status, totals } = await mailbox.start();
      expect(status).toBe('synced');
      const kinds = await differences(mailbox);
      expect(kinds.filter((kind) => kind !== 'missing')).toEqual([]);
      expect(kinds).toHaveLength(totals.skipped + totals.failed);
      await mailbox.expectBooks();
      const before = await mailbox.destination((probe) => probe.messageCount());
      await mailbox.pass();
      expect(await mailbox.destination((probe) => probe.messageCount())).toBe(before);
    });
  });

  /** Messages that every provider's server keeps as they are. */
  function tame(): typeof corpus {
    const folders = corpus.folders.map((folder) => ({
      ...folder,
      messages: folder.messages.filter((message) => {
        const bytes = message.bytes();
        const lines = bytes.toString('latin1').split('\r\n');
        return (
          bytes.subarray(-2).toString('latin1') === '\r\n' && lines.every((line) => line.length < 10_000)
        );
      }),
    }));
    return { ...corpus, folders };
  }

  async function differences(mailbox: MailboxBench): Promise<string[]> {
    const [source, destination] = await Promise.all([mailbox.readSource(), mailbox.readDestination()]);
    const own = new Set(script.folders.map(({ path }) => path));
    const folderMap = Object.fromEntries(
      (await mailbox.folders()).map((folder) => {
        return [folder.sourcePath.replaceAll(folder.sourceDelimiter, '/'), folder.destinationPath];
      }),
    );
    return compareMailboxes(source, destination, { folderMap })
      .differences.filter(({ kind, folder }) => !(kind === 'unexpected-folder' && own.has(folder)))
      .filter(({ kind, folder }) => !(kind === 'missing-folder' && withoutMail.has(folder)))
      .filter(({ kind }) => kind !== 'flags')
      .map(({ kind }) => kind);
  }

  async function expectSame(mailbox: MailboxBench): Promise<void> {
    expect(await differences(mailbox)).toEqual([]);
  }
});

describe('Yahoo', () => {
  let bench: SyncBench;

  beforeAll(async () => {
    bench = await startSyncBench();
  });
  afterAll(() => bench.stop());

  async function withYahoo(
    use: (server: ProviderServer) => Promise<void>,
    script: ProviderScript = yahooScript(),
  ): Promise<void> {
    await withResource(startProviderServer(script), async (server) => {
      server.addUser('bob', 'secret');
      await use(server);
    });
  }

  test('refuses a message that does not end with a line end: it is reported, and not altered', async () => {
    await withYahoo(async (server) => {
      const mailbox = await bench.mailbox({ destinationServer: server.end('bob') });
      await mailbox.source(async (probe) => {
        await probe.append(INBOX, { bytes: MAIL });
        await probe.append(INBOX, { bytes: 'Subject: cut\r\n\r\nno end', flags: ['\\Seen'] });
        await probe.append(INBOX, { bytes: MAIL.replaceAll('1@', '2@') });
      });
      expect(await mailbox.start()).toMatchObject({ status: 'synced', totals: { copied: 2, failed: 1 } });
      expect(await mailbox.items()).toMatchObject([
        { reason: 'refused', subject: 'cut', serverText: expect.stringContaining('Additional arguments') },
      ]);
      await mailbox.expectBooks();
    });
  });

  test.each([
    ['at the sign-in', 'LOGIN', 'NO [LIMIT] Too many simultaneous connections'],
    ['while it is read', 'UID FETCH', 'NO [LIMIT] UID FETCH rate limit hit. Please wait'],
    ['in prose', 'EXAMINE', 'NO [UNAVAILABLE] Server error - Please try again later'],
  ])('asks for patience %s, and gets it', async (_, verb, words) => {
    await withYahoo(async (server) => {
      for (let index = 1; index <= 5; index += 1) {
        server.account('bob').deliver(['INBOX'], { bytes: MAIL.replaceAll('1@', `${index}@`) });
      }
      server.moods.judge = (command) => (command.startsWith(verb) ? words : undefined);
      const mailbox = await bench.mailbox({ sourceServer: server.end('bob') });
      expect(await mailbox.start()).toMatchObject({ status: 'throttled', failures: 0 });
      server.moods.judge = () => undefined;
      expect(await mailbox.tick()).toMatchObject({ status: 'synced', totals: { copied: 5, failed: 0 } });
    });
  });

  test('is read from the server that only reads, whole', async () => {
    await withYahoo(
      async (server) => {
        server.account('bob').deliver(['INBOX'], { bytes: MAIL });
        const mailbox = await bench.mailbox({ sourceServer: server.end('bob') });
        expect(await mailbox.start()).toMatchObject({ status: 'synced', totals: { copied: 1 } });
        await mailbox.expectBooks();
      },
      yahooScript({ export: true }),
    );
  });
});

describe('iCloud', () => {
  let bench: SyncBench;

  beforeAll(async () => {
    bench = await startSyncBench();
  });
  afterAll(() => bench.stop());

  test('is asked by SEARCH where ESEARCH gives nothing, and never for RFC822', async () => {
    await withResource(startProviderServer(icloudScript()), async (server) => {
      server.addUser('bob', 'secret').deliver(['INBOX', 'Archive'], { bytes: MAIL });
      const mailbox = await bench.mailbox({ sourceServer: server.end('bob') });
      expect(await mailbox.start()).toMatchObject({ status: 'synced', totals: { copied: 2 } });
      expect(server.heard.some((line) => line.startsWith('UID SEARCH UID'))).toBe(true);
      expect(server.heard.some((line) => /\bRFC822\b(?!\.)/.test(line))).toBe(false);
    });
  });
});
