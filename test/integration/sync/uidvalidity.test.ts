import { APPEND_MODES } from '../../support/append-modes.ts';
import { cutAfter } from '../../support/cut-clients.ts';
import { dyingAtWrite } from '../../support/dying-at-write.ts';
import type { Dovecot } from '../../support/dovecot.ts';
import { fillMailbox } from '../../support/fill-mailbox.ts';
import { longBudget, type MailboxBench } from '../../support/mailbox-bench.ts';
import { mailCorpus } from '../../support/mail-corpus.ts';
import { snapshotLines } from '../../support/mailbox-snapshot.ts';
import { startSyncBench, type SyncBench } from '../../support/sync-bench.ts';

const FOLDER = ['Folder'];
/** Without dates of the future, which become the time of writing. */
const messages = (
  mailCorpus({ seed: 5, messages: 90, largeMessageBytes: 0, folders: [FOLDER] }).folders[0]?.messages ?? []
).filter(({ kind }) => kind !== 'newest');

describe.each(APPEND_MODES)(
  'a folder with twins and drafts whose UIDVALIDITY changes ($mode)',
  ({ mode, server }) => {
    let bench: SyncBench;
    let mailbox: MailboxBench;
    let validity = 50_000;

    beforeAll(async () => {
      bench = await startSyncBench({ destination: server });
    });
    afterAll(() => bench.stop());

    beforeEach(async () => {
      mailbox = await bench.mailbox();
      await fillMailbox(mailbox.access.source, { folders: [{ segments: FOLDER, messages }] });
      await mailbox.start();
      await mailbox.expectEqual();
    });

    async function renumber(server: Dovecot, user: string): Promise<void> {
      validity += 1;
      await server.doveadm('mailbox', 'update', '--uid-validity', String(validity), '-u', user, 'Folder');
    }

    async function expectNothingNew(): Promise<void> {
      const before = snapshotLines(await mailbox.readDestination());
      expect(await mailbox.pass()).toMatchObject({ status: 'synced' });
      expect(snapshotLines(await mailbox.readDestination())).toEqual(before);
      await mailbox.expectEqual();
      await mailbox.expectBooks();
    }

    test('at the source: nothing is copied twice', async () => {
      await renumber(bench.source, mailbox.access.source.user);
      await expectNothingNew();
    });

    test('at the destination: nothing is doubled, and new mail goes on', async () => {
      await renumber(bench.destination, mailbox.access.destination.user);
      await expectNothingNew();
      await mailbox.source((probe) => probe.append(FOLDER, { bytes: 'Subject: new\r\n\r\nnew\r\n' }));
      await mailbox.pass();
      await mailbox.expectEqual();
      await mailbox.expectBooks();
    });

    test('at both ends at once, with new mail: only that is copied', async () => {
      await renumber(bench.source, mailbox.access.source.user);
      await renumber(bench.destination, mailbox.access.destination.user);
      await mailbox.source((probe) => probe.append(FOLDER, { bytes: 'Subject: new\r\n\r\nnew\r\n' }));
      const record = await mailbox.pass();
      expect(record.totals.listed).toBe(messages.length + 1);
      await mailbox.expectEqual();
      await mailbox.expectBooks();
    });

    test('at the source, made anew in another order: nothing is copied twice', async () => {
      await mailbox.source((probe) => probe.deleteFolder(FOLDER));
      await fillMailbox(mailbox.access.source, {
        folders: [{ segments: FOLDER, messages: messages.toReversed() }],
      });
      await expectNothingNew();
    });

    test('at the source: what the user deleted at the destination does not come back', async () => {
      const removed = (await mailbox.readDestination()).get('Folder')?.messages[40];
      await mailbox.destination((probe) => probe.remove(FOLDER, [removed?.uid ?? 0]));
      await renumber(bench.source, mailbox.access.source.user);
      await mailbox.pass();
      expect((await mailbox.readDestination()).get('Folder')?.messages).toHaveLength(messages.length - 1);
      await mailbox.expectBooks();
    });

    test('at the source, with a worker that dies while it carries the ledger over, at any request', async () => {
      for (const requests of [9, 12, 14, 16, 18]) {
        await renumber(bench.source, mailbox.access.source.user);
        const { clients, services } = mailbox.worker();
        await mailbox.services.state.mailboxes.change(
          mailbox.key.tenant,
          mailbox.key.mailboxId,
          (record) => ({
            ...record,
            requestedPass: true,
          }),
        );
        await mailbox.plan('request');
        mailbox.queues.waiting.length = 0;
        cutAfter(clients, requests, 'answer');
        await mailbox.chunk(undefined, longBudget(), services).catch(() => undefined);
        mailbox.lapseLeases();
        await mailbox.chunk();
        await mailbox.deliver();
        await expectNothingNew();
      }
    });

    test('at the destination while messages are in doubt: they are matched, then the rest is copied', async () => {
      const extra = mailCorpus({ seed: 6, messages: 60, largeMessageBytes: 0, folders: [FOLDER] });
      await fillMailbox(mailbox.access.source, extra);
      await mailbox.services.state.mailboxes.change(mailbox.key.tenant, mailbox.key.mailboxId, (record) => ({
        ...record,
        requestedPass: true,
      }));
      await mailbox.plan('request');
      const worker = dyingAtWrite(mailbox.worker(), mode === 'no extension' ? 3 : 2, 'request');
      await mailbox.chunk(undefined, longBudget(), worker.services).catch(() => undefined);
      expect(worker.died()).toBe(true);
      await renumber(bench.destination, mailbox.access.destination.user);
      mailbox.lapseLeases();
      await mailbox.deliver();
      expect(await mailbox.record()).toMatchObject({ status: 'synced' });
      expect((await mailbox.readDestination()).get('Folder')?.messages).toHaveLength(
        (await mailbox.readSource()).get('Folder')?.messages.length ?? 0,
      );
      await mailbox.expectBooks();
    });
  },
);
