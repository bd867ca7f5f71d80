import { createHash } from 'node:crypto';
import { compareMailboxes } from '../../support/compare-mailboxes.ts';
import { copyMailbox } from '../../support/copy-mailbox.ts';
import { startDovecot, type Dovecot } from '../../support/dovecot.ts';
import { fillMailbox } from '../../support/fill-mailbox.ts';
import { ImapProbe } from '../../support/imap-probe.ts';
import { instantOf } from '../../support/internal-date.ts';
import { mailCorpus } from '../../support/mail-corpus.ts';
import { snapshotMailbox } from '../../support/mailbox-snapshot.ts';

describe('what the tests read from a real server', () => {
  const corpus = mailCorpus({ messages: 600, largeMessageBytes: 2 * 1024 * 1024 });
  let source: Dovecot;
  let other: Dovecot;

  beforeAll(async () => {
    source = await startDovecot({ users: { anna: 'secret', bert: 'two "words"\\:' } });
    other = await startDovecot({
      users: { anna: 'secret' },
      capability: 'IMAP4rev1 NAMESPACE',
      mailLocation: 'maildir',
      settings: { 'namespace inbox/prefix': 'INBOX.', 'namespace inbox/separator': '.' },
    });
    await fillMailbox(source.access('anna'), corpus);
  });
  afterAll(() => Promise.all([source?.stop(), other?.stop()]));

  test('is what was written: bytes, flags and dates of every folder', async () => {
    const snapshot = await snapshotMailbox(source.access('anna'));
    expect([...snapshot.keys()].toSorted()).toEqual(
      corpus.folders.map(({ segments }) => segments.join('/')).toSorted(),
    );
    for (const { segments, messages } of corpus.folders) {
      const found = snapshot.get(segments.join('/'))?.messages ?? [];
      const wanted = messages
        // Dovecot ends every line with CRLF and takes no date of the future
        .filter(({ kind, internalDate }) => !/binary|bare line/.test(kind) && !internalDate.includes('2037'))
        .map((message) => ({
          sha256: createHash('sha256').update(message.bytes()).digest('hex'),
          flags: message.flags.toSorted(),
          instant: instantOf(message.internalDate),
        }));
      const read = found.map(({ sha256, flags, instant }) => ({ sha256, flags, instant }));
      expect(found).toHaveLength(messages.length);
      expect(read).toEqual(expect.arrayContaining(wanted));
    }
  });

  test('is equal after a byte-exact copy, also to a server with another separator, a prefix and no extensions', async () => {
    await copyMailbox(source.access('anna'), source.access('bert'));
    await copyMailbox(source.access('anna'), other.access('anna'));
    const original = await snapshotMailbox(source.access('anna'));
    expect(compareMailboxes(original, await snapshotMailbox(source.access('bert'))).report).toBe(
      'equal: 600 messages',
    );
    expect(compareMailboxes(original, await snapshotMailbox(other.access('anna'))).report).toBe(
      'equal: 600 messages',
    );
  });

  test('shows each thing that a user does', async () => {
    await source.addUser('carl', 'secret');
    const probe = await ImapProbe.open(source.access('carl'));
    const kept = await probe.append(['INBOX'], { bytes: 'Subject: kept\r\n\r\n1', flags: ['\\Seen'] });
    const moved = await probe.append(['INBOX'], { bytes: 'Subject: moved\r\n\r\n2' });
    const removed = await probe.append(['INBOX'], { bytes: 'Subject: removed\r\n\r\n3' });
    await probe.createFolder(['Żółw', 'Q&A']);
    await probe.move(['INBOX'], [moved], ['Żółw', 'Q&A']);
    await probe.remove(['INBOX'], [removed]);
    await probe.setFlags(['INBOX'], [kept], ['\\Flagged', '$Later']);
    expect(await probe.uids(['INBOX'])).toEqual([kept]);
    expect(await probe.messageCount()).toBe(2);
    expect(await probe.countersIfThere(['nowhere'])).toBeUndefined();
    const snapshot = await snapshotMailbox(source.access('carl'));
    expect(snapshot.get('INBOX')?.messages).toMatchObject([
      { label: 'kept', flags: ['$Later', '\\Flagged'] },
    ]);
    expect(snapshot.get('Żółw/Q&A')?.messages).toMatchObject([{ label: 'moved', size: 19 }]);

    await probe.renameFolder(['Żółw', 'Q&A'], ['Answers']);
    await probe.deleteFolder(['Answers']);
    expect(await probe.folders()).not.toContainEqual(['Answers']);
    await probe.close();
  });

  test('is what the server holds now, after a user got another password', async () => {
    await source.addUser('dora', 'old');
    await source.addUser('dora', 'new');
    expect(source.access('dora').password).toBe('new');
    await expect(snapshotMailbox({ ...source.access('dora'), password: 'old' })).rejects.toThrow(
      'AUTHENTICATIONFAILED',
    );
    expect([...(await snapshotMailbox(source.access('dora'))).keys()]).toEqual(['INBOX']);
  });
});
