import { DEFAULT_LABEL_POLICY, labelFolders, labelRank } from '../../../shared/migration/label-policy.ts';

const LISTED = [
  { path: 'INBOX', delimiter: '/' },
  { path: 'Work', delimiter: '/' },
  { path: 'Work/[Gmail]', delimiter: '/' },
  { path: '[Gmail]', delimiter: '/' },
  { path: '[Gmail]/Wszystkie', delimiter: '/', specialUse: '\\All' as const },
  { path: '[Gmail]/Ważne', delimiter: '/', specialUse: '\\Important' as const },
  { path: '[Gmail]/Oznaczone gwiazdką', delimiter: '/', specialUse: '\\Flagged' as const },
  { path: '[Gmail]/Wysłane', delimiter: '/', specialUse: '\\Sent' as const },
  { path: '[Gmail]/Czaty', delimiter: '/' },
];

describe('labels of Gmail', () => {
  test('stars are no folder, what is important and chats only where they are wanted', () => {
    const leftOut = (policy: Partial<typeof DEFAULT_LABEL_POLICY>): string[] =>
      labelFolders(LISTED, { ...DEFAULT_LABEL_POLICY, ...policy }).leftOut.map(({ path }) => path);
    expect(leftOut({})).toEqual(['[Gmail]/Ważne', '[Gmail]/Oznaczone gwiazdką', '[Gmail]/Czaty']);
    expect(leftOut({ important: true })).toEqual(['[Gmail]/Oznaczone gwiazdką', '[Gmail]/Czaty']);
    expect(leftOut({ chats: true })).toEqual(['[Gmail]/Ważne', '[Gmail]/Oznaczone gwiazdką']);
  });

  test("claim messages in their order: the user's own, sent, inbox, and the archive last", () => {
    const { all, leftOut } = labelFolders(LISTED, DEFAULT_LABEL_POLICY);
    const folders = LISTED.filter((label) => !leftOut.some(({ path }) => path === label.path));
    expect(all?.path).toBe('[Gmail]/Wszystkie');
    const order = folders.toSorted((a, b) => labelRank(a) - labelRank(b)).map(({ path }) => path);
    expect(order).toEqual([
      'Work',
      'Work/[Gmail]',
      '[Gmail]',
      '[Gmail]/Wysłane',
      'INBOX',
      '[Gmail]/Wszystkie',
    ]);
  });
});
