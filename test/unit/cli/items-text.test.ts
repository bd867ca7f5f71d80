import { parse } from 'csv-parse/sync';
import type { MigrationItem } from '../../../cli/api/mailhaul-api.ts';
import { itemsCsv, itemsText } from '../../../cli/items/items-text.ts';

function item(fields: Partial<MigrationItem> = {}): MigrationItem {
  return {
    itemId: '00000000000000a1.7',
    folderId: '00000000000000a1',
    folder: 'Work',
    uid: 7,
    state: 'failed',
    reason: { code: 'refused', summary: 'It was refused.', remedy: 'Mend it.' },
    attempts: 3,
    size: 7000,
    date: 'Mon, 4 May 2020 10:00:00 +0200',
    from: 'Ann <ann@example.org>',
    subject: 'Minutes',
    messageId: '<1@example.org>',
    serverText: 'no',
    at: '2026-01-01T00:00:00.000Z',
    mailboxId: '01M7Z085W8PAVJTG0SHTT936DB',
    email: 'ann@example.org',
    ...fields,
  };
}

describe('items as CSV', () => {
  const rows = (items: readonly MigrationItem[]) =>
    parse<Record<string, string>>(itemsCsv(items), { bom: true, columns: true });

  test('hold all that is known of each, whatever is in a text', () => {
    const subject = 'one, "two"\r\nthree';
    expect(rows([item({ subject }), item({ uid: 8, serverText: undefined })])).toMatchObject([
      {
        Mailbox: 'ann@example.org',
        Folder: 'Work',
        UID: '7',
        State: 'failed',
        Reason: 'refused',
        Description: 'It was refused.',
        Remedy: 'Mend it.',
        ServerText: 'no',
        Date: 'Mon, 4 May 2020 10:00:00 +0200',
        From: 'Ann <ann@example.org>',
        Subject: subject,
        MessageID: '<1@example.org>',
        Bytes: '7000',
        Attempts: '3',
        Item: '00000000000000a1.7',
      },
      { UID: '8', ServerText: '' },
    ]);
  });

  test.each(['=HYPERLINK("http://x")', '+1', '-1', '@SUM(A1)', '\t=1'])(
    'have no formula in them: %j',
    (subject) => {
      expect(rows([item({ subject })])[0]?.['Subject']).toBe(`'${subject}`);
    },
  );
});

describe('items as text', () => {
  test('say once for each reason what to do, and of each message what it is', () => {
    const big = { code: 'too-big' as const, summary: 'It is too big.', remedy: 'Raise the limit.' };
    expect(
      itemsText([item(), item({ uid: 9, reason: big, state: 'skipped', attempts: 1 }), item({ uid: 8 })]),
    ).toBe(`It was refused. Mend it.
  ann@example.org · Work · UID 7 · Mon, 4 May 2020 10:00:00 +0200 · Ann <ann@example.org> · Minutes · <1@example.org> · 7.0 kB · failed after 3 tries · “no”
  ann@example.org · Work · UID 8 · Mon, 4 May 2020 10:00:00 +0200 · Ann <ann@example.org> · Minutes · <1@example.org> · 7.0 kB · failed after 3 tries · “no”

It is too big. Raise the limit.
  ann@example.org · Work · UID 9 · Mon, 4 May 2020 10:00:00 +0200 · Ann <ann@example.org> · Minutes · <1@example.org> · 7.0 kB · skipped after 1 try · “no”

3 messages not copied.
`);
  });

  test('are harmless for a terminal, and say when there are none', () => {
    expect(itemsText([item({ subject: '\u001b[31mred' })])).toContain('?[31mred');
    expect(itemsText([])).toBe('Nothing was skipped or failed, and nothing was altered.\n');
  });
});
