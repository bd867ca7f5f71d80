import { compareMailboxes } from '../support/compare-mailboxes.ts';
import { copyMailbox } from '../support/copy-mailbox.ts';
import { startDovecot, type Dovecot } from '../support/dovecot.ts';
import { fillMailbox } from '../support/fill-mailbox.ts';
import { mailCorpus, withoutKinds, type CorpusFolder } from '../support/mail-corpus.ts';
import {
  linesMissing,
  snapshotLines,
  snapshotMailbox,
  type MailboxSnapshot,
} from '../support/mailbox-snapshot.ts';
import { copyWithMbsync } from '../support/mbsync.ts';
import { mailboxMigration, type MailboxMigration } from '../support/migration-run.ts';
import { withResource } from '../support/with-resource.ts';

const LONG = 180_000;
const ORDINARY = new Set(['plain', 'with attachment', 'UTF-8 in the header', 'no final line end']);

describe('a destination that another tool has filled before', () => {
  let source: Dovecot;
  let destination: Dovecot;
  // of twins with other flags it would not be known which of them is adopted
  const corpus = withoutKinds(
    mailCorpus({ seed: 3, messages: 900, largeMessageBytes: 1024 * 1024 }),
    'twin of other flags',
  );
  const all = corpus.messageCount;

  beforeAll(async () => {
    [source, destination] = await Promise.all([
      startDovecot({ users: { anna: 'a', ordinary: 'a' } }),
      startDovecot({
        users: {
          'full@new.example': 'b',
          'half@new.example': 'b',
          'more@new.example': 'b',
          'ordinary@new.example': 'b',
        },
      }),
    ]);
    await fillMailbox(source.access('anna'), corpus);
  }, LONG);
  afterAll(() => Promise.all([source?.stop(), destination?.stop()]));

  function withMigration(
    from: string,
    to: string,
    act: (migration: MailboxMigration) => Promise<void>,
  ): Promise<void> {
    return withResource(
      mailboxMigration({ server: source, user: from }, { server: destination, user: to }),
      act,
    );
  }
  function readDestination(user: string): Promise<MailboxSnapshot> {
    return snapshotMailbox(destination.access(user));
  }

  test(
    'is adopted whole, twins too, and stays untouched to the last UID',
    async () => {
      await copyMailbox(source.access('anna'), destination.access('full@new.example'));
      const before = snapshotLines(await readDestination('full@new.example'));
      await withMigration('anna', 'full@new.example', async (migration) => {
        const report = await migration.run();
        expect(report.messages).toMatchObject({
          listed: all,
          copied: 0,
          adopted: all,
          skipped: 0,
          failed: 0,
        });
        expect(snapshotLines(await readDestination('full@new.example'))).toEqual(before);
        const second = await migration.run();
        expect(second.thisRun).toMatchObject({ copied: 0, adopted: 0, skipped: 0, failed: 0 });
        expect(snapshotLines(await readDestination('full@new.example'))).toEqual(before);
      });
    },
    LONG,
  );

  test(
    'gets only what it lacks, so that true twins are as many as at the source',
    async () => {
      // every second message, in runs of three: some twins are cut apart
      const half = corpus.folders.map(({ segments, messages }): CorpusFolder => {
        return { segments, messages: messages.filter((_message, index) => Math.floor(index / 3) % 2 === 0) };
      });
      const there = half.reduce((sum, { messages }) => sum + messages.length, 0);
      await fillMailbox(destination.access('half@new.example'), { folders: half });
      const before = snapshotLines(await readDestination('half@new.example'));
      await withMigration('anna', 'half@new.example', async (migration) => {
        const report = await migration.run();
        expect(report.messages).toMatchObject({
          listed: all,
          copied: all - there,
          adopted: there,
          skipped: 0,
          failed: 0,
        });
        const [from, to] = [
          await snapshotMailbox(source.access('anna')),
          await readDestination('half@new.example'),
        ];
        // what was there before keeps its dates; Dovecot dates mail of the future anew
        const differences = compareMailboxes(from, to).differences.filter(
          ({ detail }) => !detail.includes('newest'),
        );
        expect(differences).toEqual([]);
        expect(linesMissing(before, snapshotLines(to))).toEqual([]);
      });
    },
    LONG,
  );

  test(
    'keeps mail of its own beside what is adopted and copied',
    async () => {
      const own = withoutKinds(
        mailCorpus({ seed: 77, messages: 500, largeMessageBytes: 0 }),
        'oldest', // these two are the same for every seed
        'newest',
      );
      await fillMailbox(destination.access('more@new.example'), own);
      const before = snapshotLines(await readDestination('more@new.example'));
      await withMigration('anna', 'more@new.example', async (migration) => {
        const report = await migration.run();
        expect(report.messages.copied + report.messages.adopted).toBe(all);
        const [from, to] = [
          await snapshotMailbox(source.access('anna')),
          await readDestination('more@new.example'),
        ];
        expect(linesMissing(before, snapshotLines(to))).toEqual([]);
        const comparison = compareMailboxes(from, to);
        expect(comparison.destinationMessages).toBe(own.messageCount + report.messages.copied);
        const kinds = comparison.differences.map(({ kind }) => kind);
        expect(kinds).not.toContain('missing');
        expect(kinds).not.toContain('altered');
      });
    },
    LONG,
  );

  test(
    'is adopted although mbsync wrote a line of its own into every message',
    async () => {
      const ordinary = corpus.folders.map(({ segments, messages }): CorpusFolder => {
        return { segments, messages: [...new Set(messages.filter(({ kind }) => ORDINARY.has(kind)))] };
      });
      const count = ordinary.reduce((sum, { messages }) => sum + messages.length, 0);
      await fillMailbox(source.access('ordinary'), { folders: ordinary });
      // mbsync loses keywords, which may come with the flags
      await copyWithMbsync(source.access('ordinary'), destination.access('ordinary@new.example'));
      const before = snapshotLines(await readDestination('ordinary@new.example'), { ignoreFlags: true });
      await withMigration('ordinary', 'ordinary@new.example', async (migration) => {
        const report = await migration.run();
        expect(report.messages).toMatchObject({
          listed: count,
          copied: 0,
          adopted: count,
          skipped: 0,
          failed: 0,
        });
        expect(snapshotLines(await readDestination('ordinary@new.example'), { ignoreFlags: true })).toEqual(
          before,
        );
      });
    },
    LONG,
  );
});
