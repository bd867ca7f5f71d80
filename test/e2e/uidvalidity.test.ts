import { compareMailboxes } from '../support/compare-mailboxes.ts';
import { startDovecot, type Dovecot } from '../support/dovecot.ts';
import { fillMailbox } from '../support/fill-mailbox.ts';
import { ImapProbe } from '../support/imap-probe.ts';
import type { MailboxAccess } from '../support/imap-test-client.ts';
import { CORPUS_FOLDERS, mailCorpus, withoutKinds, type CorpusFolder } from '../support/mail-corpus.ts';
import {
  linesMissing,
  snapshotLines,
  snapshotMailbox,
  type MailboxSnapshot,
} from '../support/mailbox-snapshot.ts';
import { mailboxMigration, type MailboxMigration } from '../support/migration-run.ts';

const LONG = 180_000;
/** A folder without children, so that it can be deleted and made anew. */
const FOLDER = CORPUS_FOLDERS[2] ?? [];
const NAME = FOLDER.join('/');

/** Deletes the folder and makes it anew with this mail. */
async function writeAnew(access: MailboxAccess, messages: CorpusFolder['messages']): Promise<void> {
  await ImapProbe.use(access, async (probe) => {
    const before = await probe.counters(FOLDER);
    await probe.deleteFolder(FOLDER);
    await fillMailbox(access, { folders: [{ segments: FOLDER, messages }] });
    expect((await probe.counters(FOLDER)).uidValidity).not.toBe(before.uidValidity);
  });
}

describe('a folder whose UIDVALIDITY changes', () => {
  let source: Dovecot;
  let destination: Dovecot;
  let migration: MailboxMigration;
  let folder: CorpusFolder;
  // without dates of the future, which become the time of writing, and without twins that only their flags tell apart
  const corpus = withoutKinds(
    mailCorpus({ seed: 11, messages: 700, largeMessageBytes: 0 }),
    'newest',
    'twin of other flags',
  );

  const readSource = (): Promise<MailboxSnapshot> => snapshotMailbox(source.access('anna'));
  const readDestination = (): Promise<MailboxSnapshot> =>
    snapshotMailbox(destination.access('anna@new.example'));

  beforeEach(async () => {
    folder = corpus.folders.find(({ segments }) => segments === FOLDER) ?? { segments: FOLDER, messages: [] };
    [source, destination] = await Promise.all([
      startDovecot({ users: { anna: 'a' } }),
      startDovecot({ users: { 'anna@new.example': 'b' } }),
    ]);
    await fillMailbox(source.access('anna'), corpus);
    migration = await mailboxMigration(
      { server: source, user: 'anna' },
      { server: destination, user: 'anna@new.example' },
    );
    await migration.run();
  }, LONG);
  afterEach(() => Promise.all([source?.stop(), destination?.stop(), migration?.remove()]));

  test(
    'at the source, with the same mail under other UIDs, adds nothing',
    async () => {
      await writeAnew(source.access('anna'), folder.messages.toReversed());
      const before = snapshotLines(await readDestination());
      const report = await migration.run();
      expect(report.thisRun).toMatchObject({ copied: 0, skipped: 0, failed: 0 });
      expect(snapshotLines(await readDestination())).toEqual(before);
      expect(report.messages.listed).toBe(report.messages.copied + report.messages.adopted);
      expect(compareMailboxes(await readSource(), await readDestination()).differences).toEqual([]);
    },
    LONG,
  );

  test(
    'at the source, with the same UIDs, adds nothing',
    async () => {
      await source.doveadm('mailbox', 'update', '--uid-validity', '4242', '-u', 'anna', NAME);
      expect((await readSource()).get(NAME)?.uidValidity).toBe(4242);
      const before = snapshotLines(await readDestination());
      const report = await migration.run();
      expect(report.thisRun).toMatchObject({ copied: 0, skipped: 0, failed: 0 });
      expect(snapshotLines(await readDestination())).toEqual(before);
    },
    LONG,
  );

  test(
    'at the source, with new mail among the old, adds the new mail alone',
    async () => {
      await writeAnew(source.access('anna'), folder.messages);
      await ImapProbe.use(source.access('anna'), async (probe) => {
        await probe.append(FOLDER, { bytes: 'Subject: new one\r\n\r\n1' });
        await probe.append(FOLDER, { bytes: 'Subject: new two\r\n\r\n2' });
      });
      const before = snapshotLines(await readDestination());
      const report = await migration.run();
      expect(report.thisRun).toMatchObject({ copied: 2, skipped: 0, failed: 0 });
      expect(linesMissing(before, snapshotLines(await readDestination()))).toEqual([]);
      expect(compareMailboxes(await readSource(), await readDestination()).differences).toEqual([]);
    },
    LONG,
  );

  test(
    'at the source does not bring back what the user deleted at the destination',
    async () => {
      const inFolder = (await readDestination()).get(NAME)?.messages ?? [];
      const doomed = inFolder.filter(({ label }) => label.includes('with-attachment')).map(({ uid }) => uid);
      expect(doomed).toHaveLength(1);
      await ImapProbe.use(destination.access('anna@new.example'), (probe) => probe.remove(FOLDER, doomed));
      await writeAnew(source.access('anna'), folder.messages);
      const before = snapshotLines(await readDestination());
      const report = await migration.run();
      expect(report.thisRun).toMatchObject({ copied: 0, skipped: 0, failed: 0 });
      expect(snapshotLines(await readDestination())).toEqual(before);
    },
    LONG,
  );

  test(
    'at the destination, with the same mail under other UIDs, adds nothing',
    async () => {
      await writeAnew(destination.access('anna@new.example'), folder.messages.toReversed());
      const before = snapshotLines(await readDestination());
      const report = await migration.run();
      expect(report.thisRun).toMatchObject({ copied: 0, skipped: 0, failed: 0 });
      expect(snapshotLines(await readDestination())).toEqual(before);
      expect(compareMailboxes(await readSource(), await readDestination()).differences).toEqual([]);
    },
    LONG,
  );

  test(
    'at the destination does not mislead later changes of flags to other messages',
    async () => {
      await writeAnew(destination.access('anna@new.example'), folder.messages.toReversed());
      // no twin, so that it is known which message the mark belongs to
      const marked = (await readSource())
        .get(NAME)
        ?.messages.find(({ label }) => label.includes('header-only'));
      await ImapProbe.use(source.access('anna'), (probe) =>
        probe.setFlags(FOLDER, [marked?.uid ?? 0], ['\\Seen', 'changed-by-test']),
      );
      await migration.run();
      await migration.run();
      const messages = (await readDestination()).get(NAME)?.messages ?? [];
      const misled = messages.filter(
        ({ flags, sha256 }) => flags.includes('changed-by-test') && sha256 !== marked?.sha256,
      );
      expect(misled).toEqual([]);
      expect(messages).toHaveLength(folder.messages.length);
    },
    LONG,
  );
});
