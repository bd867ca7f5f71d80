import { compareMailboxes } from '../support/compare-mailboxes.ts';
import { startDovecot, type Dovecot } from '../support/dovecot.ts';
import { fillMailbox } from '../support/fill-mailbox.ts';
import { ImapProbe } from '../support/imap-probe.ts';
import type { ReportedMailbox } from '../support/mailhaul-process.ts';
import { CORPUS_FOLDERS, mailCorpus } from '../support/mail-corpus.ts';
import {
  linesMissing,
  snapshotLines,
  snapshotMailbox,
  type MailboxSnapshot,
} from '../support/mailbox-snapshot.ts';
import { mailboxMigration, type MailboxMigration } from '../support/migration-run.ts';

const LONG = 180_000;
const [INBOX = [], DRAFTS = [], LARGE = [], PROJECTS = []] = CORPUS_FOLDERS;
const NEW_FOLDER = ['Projekty – Łódź', 'Nowy & ważny folder 🗂'];
const NOTHING = { copied: 0, adopted: 0, skipped: 0, underOtherLabel: 0, failed: 0 };

/** The steps build on one another: one mailbox, from its first copy on. */
describe('a mailbox of 3,000 messages, copied and then kept in step', () => {
  let source: Dovecot;
  let destination: Dovecot;
  let migration: MailboxMigration;
  let sourceAtFirst: MailboxSnapshot;
  let first: ReportedMailbox;

  const readSource = (): Promise<MailboxSnapshot> => snapshotMailbox(source.access('anna'));
  const readDestination = (): Promise<MailboxSnapshot> =>
    snapshotMailbox(destination.access('anna@new.example'));
  const destinationLines = async (): Promise<string[]> => snapshotLines(await readDestination());

  beforeAll(async () => {
    [source, destination] = await Promise.all([
      startDovecot({ users: { anna: 'old secret' } }),
      startDovecot({ users: { 'anna@new.example': 'new secret' } }),
    ]);
    await fillMailbox(source.access('anna'), mailCorpus({ messages: 3_000 }));
    sourceAtFirst = await readSource();
    migration = await mailboxMigration(
      { server: source, user: 'anna' },
      { server: destination, user: 'anna@new.example' },
    );
    first = await migration.run();
  }, LONG);
  afterAll(() => Promise.all([source?.stop(), destination?.stop(), migration?.remove()]));

  test('arrives with nothing missing, doubled or altered, in twelve nested folders of many scripts', async () => {
    const { report } = compareMailboxes(await readSource(), await readDestination());
    expect(report).toBe('equal: 3000 messages');
  });

  test('leaves the source untouched', async () => {
    expect(snapshotLines(await readSource())).toEqual(snapshotLines(sourceAtFirst));
  });

  test('is reported in sums that add up', () => {
    const sizes = [...sourceAtFirst.values()].flatMap(({ messages }) => messages.map(({ size }) => size));
    expect(first).toMatchObject({
      source: 'anna',
      destination: 'anna@new.example',
      status: 'synced',
      folders: 13,
      messages: { listed: 3_000, copied: 3_000, adopted: 0, skipped: 0, underOtherLabel: 0, failed: 0 },
      thisRun: { copied: 3_000, adopted: 0, skipped: 0, underOtherLabel: 0, failed: 0 },
      bytes: sizes.reduce((sum, size) => sum + size, 0),
      skippedItems: [],
    });
  });

  test(
    'gets nothing from a second run when nothing has changed',
    async () => {
      const before = await destinationLines();
      const report = await migration.run();
      expect(report).toMatchObject({
        status: 'synced',
        messages: { listed: 3_000, copied: 3_000 },
        thisRun: NOTHING,
      });
      expect(await destinationLines()).toEqual(before);
    },
    LONG,
  );

  test(
    'gets five new messages, three changes of flags and a new folder by the next run, and nothing else',
    async () => {
      const before = await destinationLines();
      await ImapProbe.use(source.access('anna'), async (probe) => {
        await probe.createFolder(NEW_FOLDER);
        for (const [index, folder] of [INBOX, INBOX, PROJECTS, NEW_FOLDER, NEW_FOLDER].entries()) {
          const bytes = `Subject: new ${index}\r\n\r\nbody ${index}\r\n`;
          await probe.append(folder, { bytes, flags: ['\\Flagged'] });
        }
        const [one = 0, two = 0, three = 0] = (await probe.uids(DRAFTS)).slice(10);
        await probe.setFlags(DRAFTS, [one], ['\\Seen', '\\Answered', 'changed-by-test']);
        await probe.setFlags(DRAFTS, [two], ['$Forwarded', 'changed-by-test']);
        await probe.setFlags(DRAFTS, [three], ['changed-by-test']);
      });

      const report = await migration.run();
      expect(report).toMatchObject({
        folders: 14,
        messages: { listed: 3_005, copied: 3_005 },
        thisRun: { ...NOTHING, copied: 5 },
      });
      expect(compareMailboxes(await readSource(), await readDestination()).report).toBe(
        'equal: 3005 messages',
      );
      const after = await destinationLines();
      expect(linesMissing(before, after)).toHaveLength(3); // the messages whose flags changed, as they were
      expect(linesMissing(after, before)).toHaveLength(5 + 3 + 1); // new, changed, and the folder
    },
    LONG,
  );

  test(
    'stays as its user left it: deleted, moved and marked mail is not put back',
    async () => {
      const uids = threeInInbox(await readDestination());
      await ImapProbe.use(destination.access('anna@new.example'), async (probe) => {
        await probe.remove(INBOX, uids.slice(0, 1));
        await probe.move(INBOX, uids.slice(1, 2), LARGE);
        await probe.setFlags(INBOX, uids.slice(2, 3), ['\\Answered', 'mine']);
      });
      const before = await destinationLines();
      const report = await migration.run();
      expect(report.thisRun).toMatchObject(NOTHING);
      expect(await destinationLines()).toEqual(before);
    },
    LONG,
  );

  test(
    'stays as its user left it, although the source marks the very messages that were deleted, moved or marked',
    async () => {
      const uids = threeInInbox(await readSource());
      await ImapProbe.use(source.access('anna'), (probe) =>
        probe.setFlags(INBOX, uids, ['\\Seen', 'changed-again']),
      );
      const before = await destinationLines();
      const report = await migration.run();
      expect(report.thisRun).toMatchObject(NOTHING);
      expect(await destinationLines()).toEqual(before);
    },
    LONG,
  );

  /** The UIDs, on either side, of the same three messages that have no twin. */
  function threeInInbox(mailbox: MailboxSnapshot): number[] {
    const groups = Map.groupBy(sourceAtFirst.get('INBOX')?.messages ?? [], ({ sha256 }) => sha256);
    const chosen = [...groups].filter(([, twins]) => twins.length === 1).slice(20, 23);
    const messages = mailbox.get('INBOX')?.messages ?? [];
    const uids = chosen.map(([sha256]) => messages.find((message) => message.sha256 === sha256)?.uid ?? 0);
    expect(uids).not.toContain(0);
    expect(uids).toHaveLength(3);
    return uids;
  }
});
