import { compareMailboxes } from '../../support/compare-mailboxes.ts';
import type { DovecotOptions } from '../../support/dovecot.ts';
import type { MailboxBench } from '../../support/mailbox-bench.ts';
import { fillOddTree } from '../../support/odd-folder-tree.ts';
import { startSyncBench } from '../../support/sync-bench.ts';

const SLASHED: DovecotOptions = {};
/** As Courier has it: everything below INBOX, parted by dots. */
const DOTTED: DovecotOptions = { mailLocation: 'maildir', settings: { 'namespace inbox/prefix': 'INBOX.' } };
/** A prefix that is not the inbox. */
const PREFIXED: DovecotOptions = {
  settings: { 'namespace inbox/prefix': 'mail/', 'namespace inbox/separator': '/' },
};

/** Source folder to destination folder, levels joined with '/', as the checker names them. */
async function places(
  mailbox: MailboxBench,
  [from, to]: readonly [Shape, Shape],
): Promise<Record<string, string>> {
  const name = (path: string, { prefix, delimiter }: Shape): string =>
    path === 'INBOX'
      ? path
      : (path.startsWith(prefix) ? path.slice(prefix.length) : path).split(delimiter).join('/');
  return Object.fromEntries(
    (await mailbox.folders()).map(({ sourcePath, destinationPath }) => [
      name(sourcePath, from),
      name(destinationPath, to),
    ]),
  );
}

interface Shape {
  readonly delimiter: string;
  readonly prefix: string;
  readonly options: DovecotOptions;
}

const slashed: Shape = { delimiter: '/', prefix: '', options: SLASHED };
const dotted: Shape = { delimiter: '.', prefix: 'INBOX.', options: DOTTED };
const prefixed: Shape = { delimiter: '/', prefix: 'mail/', options: PREFIXED };

/** What must not be lost whatever the servers are. */
const KEPT = [
  'R&D',
  'say "hi"',
  '50% off',
  'st*r',
  ' lead',
  'lead',
  'trail ',
  '📬 Poczta/Zażółć gęślą/日本語',
  'CASE',
  'case',
  'Case/CASE',
];

describe.each([
  ['/', 'INBOX. and .', slashed, dotted],
  ['INBOX. and .', '/', dotted, slashed],
  ['/', 'mail/ and /', slashed, prefixed],
  ['mail/ and /', 'INBOX. and .', prefixed, dotted],
] as const)('from a server with %s to one with %s', (_from, _to, source, destination) => {
  test('a tree of odd names arrives complete, and so does what comes later', async () => {
    const bench = await startSyncBench({ source: source.options, destination: destination.options });
    try {
      const mailbox = await bench.mailbox();
      const taken = await mailbox.source((probe) => fillOddTree(probe, source.delimiter));
      expect(taken.length).toBeGreaterThanOrEqual(20);
      expect(await mailbox.start()).toMatchObject({
        status: 'synced',
        totals: { listed: taken.length, copied: taken.length },
      });
      const first = await places(mailbox, [source, destination]);
      for (const name of KEPT) expect([name, first[name]]).toEqual([name, name]);
      expect(Object.values(first).some((path) => path.split('/').length === 10)).toBe(true);
      await mailbox.source((probe) =>
        probe.append(['R&D'], { bytes: 'Message-ID: <late@example.org>\r\nSubject: late\r\n\r\ntext\r\n' }),
      );
      expect(await mailbox.pass()).toMatchObject({ totals: { copied: taken.length + 1 } });
      expect(await places(mailbox, [source, destination])).toEqual(first);
      const compared = compareMailboxes(await mailbox.readSource(), await mailbox.readDestination(), {
        folderMap: first,
      });
      expect(compared.differences).toEqual([]);
      await mailbox.expectBooks();
    } finally {
      await bench.stop();
    }
  });
});
