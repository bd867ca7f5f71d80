import { compareMailboxes, type DifferenceKind } from '../../support/compare-mailboxes.ts';
import type { MailboxSnapshot, MessageSnapshot } from '../../support/mailbox-snapshot.ts';

let nextUid = 1;

function message(content: string, changes: Partial<MessageSnapshot> = {}): MessageSnapshot {
  nextUid += 1;
  return {
    uid: nextUid,
    sha256: content,
    size: content.length,
    instant: 1_000_000_000_000,
    internalDate: '09-Sep-2001 01:46:40 +0000',
    flags: [],
    label: content,
    ...changes,
  };
}

function mailbox(folders: Record<string, MessageSnapshot[]>): MailboxSnapshot {
  return new Map(
    Object.entries(folders).map(([name, messages]) => [
      name,
      { path: name, segments: name.split('/'), attributes: [], uidValidity: 1, uidNext: nextUid, messages },
    ]),
  );
}

function kindsOf(source: MailboxSnapshot, destination: MailboxSnapshot): DifferenceKind[] {
  return compareMailboxes(source, destination).differences.map(({ kind }) => kind);
}

function twins(count: number): MailboxSnapshot {
  return mailbox({ INBOX: Array.from({ length: count }, () => message('a')) });
}

describe('the comparison of two mailboxes', () => {
  test('finds the same mail equal, whatever its order and UIDs', () => {
    const source = mailbox({ INBOX: [message('a'), message('b'), message('b')], 'Łódź/ü': [message('a')] });
    const destination = mailbox({
      INBOX: [message('b'), message('a'), message('b')],
      'Łódź/ü': [message('a')],
    });
    const comparison = compareMailboxes(source, destination);
    expect(comparison.differences).toEqual([]);
    expect(comparison.report).toBe('equal: 4 messages');
  });

  test('sees a message that is missing', () => {
    expect(
      kindsOf(mailbox({ INBOX: [message('a'), message('b')] }), mailbox({ INBOX: [message('a')] })),
    ).toEqual(['missing']);
  });

  test('sees that one of two twins is missing', () => {
    expect(
      kindsOf(mailbox({ INBOX: [message('a'), message('a')] }), mailbox({ INBOX: [message('a')] })),
    ).toEqual(['missing']);
  });

  test('sees a message that came twice', () => {
    expect(
      kindsOf(mailbox({ INBOX: [message('a')] }), mailbox({ INBOX: [message('a'), message('a')] })),
    ).toEqual(['doubled']);
  });

  test('sees a third twin where there were two', () => {
    expect(kindsOf(twins(2), twins(3))).toEqual(['doubled']);
  });

  test('sees one message missing and another doubled although the counts agree', () => {
    const destination = mailbox({ INBOX: [message('b'), message('b')] });
    expect(kindsOf(mailbox({ INBOX: [message('a'), message('b')] }), destination).toSorted()).toEqual([
      'doubled',
      'missing',
    ]);
  });

  test('sees a message whose bytes were changed', () => {
    expect(
      kindsOf(mailbox({ INBOX: [message('a')] }), mailbox({ INBOX: [message('a with X-TUID')] })),
    ).toEqual(['altered']);
  });

  test('sees a message that nobody sent', () => {
    const destination = mailbox({ INBOX: [message('a'), message('new', { instant: 5 })] });
    expect(kindsOf(mailbox({ INBOX: [message('a')] }), destination)).toEqual(['unexpected']);
  });

  test('sees a changed date of one second', () => {
    const destination = mailbox({ INBOX: [message('a', { instant: 1_000_000_001_000 })] });
    expect(kindsOf(mailbox({ INBOX: [message('a')] }), destination)).toEqual(['date']);
  });

  test('accepts another zone of the same instant', () => {
    const destination = mailbox({ INBOX: [message('a', { internalDate: '09-Sep-2001 03:46:40 +0200' })] });
    expect(kindsOf(mailbox({ INBOX: [message('a')] }), destination)).toEqual([]);
  });

  test.each([
    ['lost', ['\\Seen', '$Forwarded'], ['\\Seen']],
    ['added', [], ['\\Seen']],
    ['changed', ['projekt-2026'], ['projekt-2025']],
  ])('sees a flag that was %s', (_what, before, after) => {
    const source = mailbox({ INBOX: [message('a', { flags: before })] });
    expect(kindsOf(source, mailbox({ INBOX: [message('a', { flags: after })] }))).toEqual(['flags']);
  });

  test('sees that the flags of twins with other dates were exchanged', () => {
    const source = mailbox({
      INBOX: [message('a', { instant: 1, flags: ['\\Seen'] }), message('a', { instant: 2 })],
    });
    const destination = mailbox({
      INBOX: [message('a', { instant: 1 }), message('a', { instant: 2, flags: ['\\Seen'] })],
    });
    expect(kindsOf(source, destination)).toEqual(['flags']);
  });

  test('sees a missing folder, even an empty one', () => {
    expect(kindsOf(mailbox({ INBOX: [], Empty: [] }), mailbox({ INBOX: [] }))).toEqual(['missing-folder']);
  });

  test('sees all mail of a missing folder as missing', () => {
    const source = mailbox({ INBOX: [], Work: [message('a'), message('b')] });
    expect(kindsOf(source, mailbox({ INBOX: [] }))).toEqual(['missing-folder', 'missing', 'missing']);
  });

  test('sees a folder that nobody asked for', () => {
    expect(kindsOf(mailbox({ INBOX: [] }), mailbox({ INBOX: [], INBOX2: [] }))).toEqual([
      'unexpected-folder',
    ]);
  });

  test('accepts an empty parent of a folder of the source', () => {
    expect(kindsOf(mailbox({ 'a/b': [] }), mailbox({ a: [], 'a/b': [] }))).toEqual([]);
  });

  test('sees mail that went to the wrong folder', () => {
    const source = mailbox({ INBOX: [message('a')], Work: [] });
    const destination = mailbox({ INBOX: [], Work: [message('a')] });
    expect(kindsOf(source, destination)).toEqual(['missing', 'unexpected']);
  });

  test('follows a folder that is called otherwise at the destination', () => {
    const source = mailbox({ 'Gesendete Objekte': [message('a')] });
    const destination = mailbox({ Sent: [message('a')] });
    const folderMap = { 'Gesendete Objekte': 'Sent' };
    expect(compareMailboxes(source, destination, { folderMap }).differences).toEqual([]);
    expect(compareMailboxes(source, mailbox({ Sent: [] }), { folderMap }).differences).toHaveLength(1);
  });

  test('says in one line a difference what differs, and where', () => {
    const { report } = compareMailboxes(mailbox({ 'Łódź/ü': [message('a')] }), mailbox({ 'Łódź/ü': [] }));
    expect(report).toMatch(
      /^1 messages against 0: 1 missing\n {2}missing in Łódź\/ü: UID \d+, 1 bytes, .*a$/,
    );
  });
});
