import type { LedgerCounts } from '../../../shared/migration/ledger-counts.ts';
import type { LabelPolicy } from '../../../shared/migration/label-policy.ts';
import { previewFolders } from '../../../shared/sync/preview-folders.ts';
import { cutAfter } from '../../support/cut-clients.ts';
import { dyingAtWrite } from '../../support/dying-at-write.ts';
import { longBudget, type MailboxBench } from '../../support/mailbox-bench.ts';
import type { MailboxSnapshot } from '../../support/mailbox-snapshot.ts';
import { gmailFolder, gmailScript } from '../../support/provider-servers/gmail-script.ts';
import type { MailAccount } from '../../support/provider-servers/mail-account.ts';
import { type ProviderServer, startProviderServer } from '../../support/provider-servers/provider-server.ts';
import { startSyncBench, type SyncBench } from '../../support/sync-bench.ts';
import { withResource } from '../../support/with-resource.ts';

const ALL = gmailFolder('\\All');
const SENT = gmailFolder('\\Sent');
const STARRED = gmailFolder('\\Flagged');
const IMPORTANT = gmailFolder('\\Important');

/** Delivers a message under labels; like every message it is in All Mail, too. */
function deliver(
  account: MailAccount,
  subject: string,
  labels: readonly string[],
  flags: string[] = [],
): void {
  const bytes = `Message-ID: <${subject}@example.com>\r\nSubject: ${subject}\r\n\r\nText of ${subject}.\r\n`;
  account.deliver([...labels, ALL], { bytes, flags });
}

/** The messages of each folder that holds some, by subject. */
function holdings(snapshot: MailboxSnapshot): Record<string, string[]> {
  const found = [...snapshot].map(([name, { messages }]): [string, string[]] => {
    return [name, messages.map(({ label }) => label).toSorted()];
  });
  return Object.fromEntries(found.filter(([, labels]) => labels.length > 0));
}

describe('Gmail as source', () => {
  let bench: SyncBench;

  beforeAll(async () => {
    bench = await startSyncBench();
  });
  afterAll(() => bench.stop());

  async function migrating(
    use: (mailbox: MailboxBench, account: MailAccount, server: ProviderServer) => Promise<void>,
    options: { policy?: LabelPolicy; lanes?: number } = {},
  ): Promise<void> {
    await withResource(startProviderServer(gmailScript()), async (server) => {
      const account = server.addUser('bob', 'secret');
      account.create('[Gmail]/Chats');
      const mailbox = await bench.mailbox({ sourceServer: server.end('bob'), lanes: options.lanes ?? 2 });
      if (options.policy !== undefined) {
        const { migrations } = mailbox.services.state;
        const migration = await migrations.get(mailbox.key.tenant, mailbox.migrationId);
        if (migration === undefined) throw new RangeError('The migration is gone.');
        await migrations.put({ ...migration, labels: options.policy });
      }
      await use(mailbox, account, server);
    });
  }

  /** Bodies that the source was asked for. */
  function bodiesAsked(server: ProviderServer): number {
    return server.heard.filter((line) => line.includes('BODY.PEEK[])')).length;
  }

  function fillAll(account: MailAccount): void {
    deliver(account, 'in', ['INBOX']);
    deliver(account, 'in-and-work', ['INBOX', 'Work'], ['\\Seen']);
    deliver(account, 'two-labels', ['Home', 'Work', 'INBOX', IMPORTANT]);
    deliver(account, 'starred', ['INBOX', STARRED], ['\\Flagged', '\\Seen']);
    deliver(account, 'sent', [SENT, 'INBOX']);
    deliver(account, 'archived', []);
    deliver(account, 'archived-important', [IMPORTANT, STARRED], ['\\Flagged']);
    account.deliver([gmailFolder('\\Junk')], { bytes: 'Subject: junk\r\n\r\n' });
    account.deliver(['[Gmail]/Chats'], { bytes: 'Subject: chat\r\n\r\n' });
  }

  /** Leaves the records as they were before they had the figure. */
  async function forgetOtherLabels(mailbox: MailboxBench): Promise<void> {
    const { folders, mailboxes, pages } = mailbox.services.state;
    const without = <Counts extends LedgerCounts>({ underOtherLabel: _figure, ...rest }: Counts): Counts =>
      // A record of former times lacks what its type has now.
      rest as unknown as Counts;
    const { tenant, mailboxId } = mailbox.key;
    for (const page of await mailbox.pages()) {
      await pages.save(mailbox.key, { ...page, counts: without(page.counts) }, page.version);
    }
    for (const folder of await mailbox.folders()) {
      await folders.put(mailbox.key, { ...folder, counts: without(folder.counts) });
    }
    await mailboxes.change(tenant, mailboxId, (record) => ({ ...record, totals: without(record.totals) }));
  }

  const ONE_FOLDER = {
    INBOX: ['in', 'starred'],
    Home: ['two-labels'],
    Work: ['in-and-work'],
    '[Gmail]/Sent Mail': ['sent'],
    '[Gmail]/Spam': ['junk'],
    Archive: ['archived', 'archived-important'],
  };

  test('has each message copied once, with the first of its labels; the rest is the archive', async () => {
    await migrating(async (mailbox, account) => {
      fillAll(account);
      const { status, totals } = await mailbox.start();
      const once = { listed: 17, copied: 8, skipped: 9, underOtherLabel: 9, failed: 0, pending: 0 };
      expect({ status, ...totals }).toMatchObject({ status: 'synced', ...once });
      const arrived = await mailbox.readDestination();
      expect(holdings(arrived)).toEqual(ONE_FOLDER);
      const starred = arrived.get('INBOX')?.messages.find(({ label }) => label === 'starred');
      expect(starred?.flags).toEqual(['\\Flagged', '\\Seen']);
      expect(await mailbox.items()).toEqual([]);
      await mailbox.expectBooks();
      expect((await mailbox.pass()).totals).toMatchObject(once);
      expect(holdings(await mailbox.readDestination())).toEqual(ONE_FOLDER);
      await mailbox.expectBooks();
    });
  });

  test('tells by folder and in the events of a pass what counts with another label', async () => {
    await migrating(async (mailbox, account) => {
      fillAll(account);
      await mailbox.start();
      const figures = (await mailbox.folders()).map(({ sourcePath, counts }) => [
        sourcePath,
        counts.underOtherLabel,
      ]);
      expect(Object.fromEntries(figures)).toEqual({
        INBOX: 3,
        Home: 0,
        Work: 1,
        [SENT]: 0,
        [gmailFolder('\\Drafts')]: 0,
        [gmailFolder('\\Junk')]: 0,
        [gmailFolder('\\Trash')]: 0,
        [ALL]: 5,
      });
      const { items } = await mailbox.services.state.events.list(mailbox.key, { limit: 50 });
      expect(items.find(({ type }) => type === 'pass-finished')?.data).toMatchObject({
        copied: 8,
        skipped: 9,
        underOtherLabel: 9,
      });
    });
  });

  test('goes on from a ledger whose tallies do not tell what counts with another label', async () => {
    await migrating(async (mailbox, account) => {
      fillAll(account);
      await mailbox.plan();
      account.folder('Home').remove(new Set([1]));
      account.folder('Work').remove(new Set([1]));
      await mailbox.deliver();
      await forgetOtherLabels(mailbox);
      expect((await mailbox.record()).totals).toMatchObject({ skipped: 11, underOtherLabel: 0 });
      // What lost its label before it was copied is taken up by folders whose tallies have too few.
      await mailbox.pass();
      const { status, totals } = await mailbox.record();
      expect({ status, ...totals }).toMatchObject({ status: 'synced', copied: 8, failed: 0, pending: 0 });
      for (const label of ['INBOX', 'Home', 'Work', SENT]) deliver(account, `new-${label}`, [label]);
      await mailbox.pass();
      await mailbox.expectBooks();
    });
  });

  test('is previewed as it is then copied', async () => {
    await migrating(async (mailbox, account) => {
      fillAll(account);
      const placesOf = (folders: ReadonlyArray<{ sourcePath: string; destinationPath: string }>) =>
        Object.fromEntries(folders.map(({ sourcePath, destinationPath }) => [sourcePath, destinationPath]));
      const planned = await previewFolders(
        mailbox.services,
        await mailbox.record(),
        AbortSignal.timeout(30_000),
      );
      expect(placesOf(planned.folders)).toMatchObject({ Work: 'Work', [ALL]: 'Archive' });
      const leftOut = planned.leftOut.map(({ sourcePath, because }) => [sourcePath, because]);
      expect(Object.fromEntries(leftOut)).toEqual({
        '[Gmail]': 'container',
        [STARRED]: 'label',
        [IMPORTANT]: 'label',
        '[Gmail]/Chats': 'label',
      });
      await mailbox.start();
      expect(placesOf(await mailbox.folders())).toEqual(placesOf(planned.folders));
    });
  });

  test('may have each message copied with each label, and the archive for what has none', async () => {
    await migrating(
      async (mailbox, account) => {
        fillAll(account);
        const { status, totals } = await mailbox.start();
        expect({ status, ...totals }).toMatchObject({
          status: 'synced',
          listed: 20,
          copied: 14,
          // What All Mail has of them: it gets what has no other label.
          skipped: 6,
          underOtherLabel: 6,
          failed: 0,
          pending: 0,
        });
        expect(holdings(await mailbox.readDestination())).toEqual({
          INBOX: ['in', 'in-and-work', 'sent', 'starred', 'two-labels'],
          Home: ['two-labels'],
          Work: ['in-and-work', 'two-labels'],
          '[Gmail]/Sent Mail': ['sent'],
          '[Gmail]/Important': ['archived-important', 'two-labels'],
          '[Gmail]/Spam': ['junk'],
          '[Gmail]/Chats': ['chat'],
          Archive: ['archived'],
        });
        await mailbox.expectBooks();
      },
      { policy: { copies: 'each-label', important: true, chats: true } },
    );
  });

  test('tells what is no folder, and that All Mail is hidden', async () => {
    await migrating(async (mailbox, account) => {
      account.delete(ALL);
      account.deliver(['INBOX'], { bytes: 'Subject: in\r\n\r\n' });
      await mailbox.start();
      const { items } = await mailbox.services.state.events.list(mailbox.key, { limit: 50 });
      const texts = items.map(({ text }) => text).join('\n');
      for (const label of [IMPORTANT, STARRED, '[Gmail]/Chats']) expect(texts).toContain(`"${label}"`);
      expect(texts).toContain('All Mail is hidden from IMAP');
      await mailbox.expectBooks();
    });
  });

  test('copies new mail once, and nothing again that only got another label', async () => {
    await migrating(async (mailbox, account, server) => {
      fillAll(account);
      await mailbox.start();
      const before = bodiesAsked(server);
      const labelled = account.folder('INBOX').entries[0];
      if (labelled === undefined) throw new RangeError('The inbox is empty.');
      account.create('Later').add(labelled.mail);
      account.folder('INBOX').remove(new Set([labelled.uid]));
      const relabelled = { copied: 8, skipped: 10, underOtherLabel: 10, failed: 0 };
      expect((await mailbox.pass()).totals).toMatchObject(relabelled);
      expect(bodiesAsked(server)).toBe(before);
      deliver(account, 'new', ['INBOX', 'Work']);
      const withNew = { copied: 9, skipped: 12, underOtherLabel: 12, failed: 0 };
      expect((await mailbox.pass()).totals).toMatchObject(withNew);
      expect(bodiesAsked(server)).toBe(before + 1);
      expect(holdings(await mailbox.readDestination())).toEqual({
        ...ONE_FOLDER,
        Work: ['in-and-work', 'new'],
      });
      await mailbox.expectBooks();
    });
  });

  test('loses nothing that loses the label it was to be copied with', async () => {
    await migrating(async (mailbox, account) => {
      fillAll(account);
      await mailbox.plan();
      account.folder('Home').remove(new Set([1]));
      account.folder('Work').remove(new Set([1]));
      await mailbox.deliver();
      expect((await mailbox.record()).status).toBe('synced');
      // with the labels that they have left
      await mailbox.pass();
      expect(holdings(await mailbox.readDestination())).toEqual({
        ...Object.fromEntries(
          Object.entries(ONE_FOLDER).filter(([name]) => name !== 'Home' && name !== 'Work'),
        ),
        INBOX: ['in', 'in-and-work', 'starred'],
        Work: ['two-labels'],
      });
      await mailbox.expectBooks();
    });
  });

  test.each(['request', 'answer'] as const)(
    'is planned whole after a planner that died at any request (%s lost)',
    async (lost) => {
      await withResource(startProviderServer(gmailScript()), async (server) => {
        fillAll(server.addUser('bob', 'secret'));
        let deaths = 0;
        for (let requests = lost === 'request' ? 5 : 6; ; requests += 4) {
          const mailbox = await bench.mailbox({ sourceServer: server.end('bob') });
          const { clients, services } = mailbox.worker();
          const cut = cutAfter(clients, requests, lost);
          await mailbox.plan('start', longBudget(), services).catch(() => undefined);
          mailbox.lapseLeases();
          const died = cut.happened();
          await mailbox.plan();
          await mailbox.deliver();
          expect(await mailbox.record()).toMatchObject({
            status: 'synced',
            totals: { copied: 8, failed: 0 },
          });
          expect(holdings(await mailbox.readDestination())).toEqual(ONE_FOLDER);
          await mailbox.expectBooks();
          if (!died) break;
          deaths += 1;
        }
        expect(deaths).toBeGreaterThan(3);
      });
    },
  );

  test('has nothing doubled when lanes die with messages under way', async () => {
    await migrating(
      async (mailbox, account) => {
        for (let index = 1; index <= 150; index += 1) {
          deliver(account, `m${index}`, index % 3 === 0 ? ['INBOX', 'Work'] : ['INBOX']);
        }
        await mailbox.plan();
        const worker = dyingAtWrite(mailbox.worker(), 2, 'request');
        await mailbox.chunk(undefined, longBudget(), worker.services).catch(() => undefined);
        expect(worker.died()).toBe(true);
        mailbox.lapseLeases();
        await mailbox.deliver();
        expect(await mailbox.record()).toMatchObject({
          status: 'synced',
          totals: { copied: 150, failed: 0 },
        });
        const arrived = holdings(await mailbox.readDestination());
        expect(arrived['INBOX']).toHaveLength(100);
        expect(arrived['Work']).toHaveLength(50);
        await mailbox.expectBooks();
      },
      { lanes: 1 },
    );
  });

  test('ends a session in the middle of a message list and goes on in the next', async () => {
    await migrating(async (mailbox, account, server) => {
      for (let index = 1; index <= 60; index += 1) deliver(account, `m${index}`, ['INBOX']);
      await mailbox.plan();
      server.moods.breakFetchAfter = { messages: 25, bye: 'BYE Session expired, please login again.' };
      await mailbox.chunk();
      server.moods.breakFetchAfter = undefined;
      let record = await mailbox.record();
      for (let wakes = 0; record.status !== 'synced' && wakes < 4; wakes += 1) record = await mailbox.tick();
      expect(record).toMatchObject({ status: 'synced', totals: { copied: 60, failed: 0 } });
      expect(holdings(await mailbox.readDestination())['INBOX']).toHaveLength(60);
      await mailbox.expectBooks();
    });
  });
});
