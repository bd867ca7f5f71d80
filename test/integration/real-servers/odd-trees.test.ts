import { compareMailboxes } from '../../support/compare-mailboxes.ts';
import { ImapTestClient, type MailboxAccess } from '../../support/imap-test-client.ts';
import type { MailboxBench } from '../../support/mailbox-bench.ts';
import { fillOddTree } from '../../support/odd-folder-tree.ts';
import {
  REAL_PAIRS,
  type RealServer,
  type RealServerBench,
  startRealServerBench,
} from '../../support/real-server-bench.ts';
import { withResource } from '../../support/with-resource.ts';

/** Separators, and how many folders of the tree a server takes: no names with its separator or in `REPLACED`. */
const SOURCES: Readonly<Record<RealServer, { delimiter: string; folders: number }>> = {
  Dovecot: { delimiter: '/', folders: 26 },
  Courier: { delimiter: '.', folders: 24 },
  Cyrus: { delimiter: '/', folders: 23 },
};

/** Names that a server does not have, and by what they are replaced there, levels joined with '/'. */
const REPLACED: Readonly<Record<RealServer, Readonly<Record<string, RegExp>>>> = {
  Dovecot: {},
  // The dot is its separator; it cannot list characters beyond the first 65,536.
  Courier: {
    'a.b': /^a_b$/,
    'a.b/c.d': /^a_b\/c_d$/,
    '📬 Poczta': /^_ Poczta~\w+$/,
    '📬 Poczta/Zażółć gęślą': /^_ Poczta~\w+\/Zażółć gęślą$/,
    '📬 Poczta/Zażółć gęślą/日本語': /^_ Poczta~\w+\/Zażółć gęślą\/日本語$/,
  },
  Cyrus: { 'say "hi"': /^say _hi_~\w+$/, 'back\\slash': /^back_slash~\w+$/, '50% off': /^50_ off~\w+$/ },
};

let bench: RealServerBench;

beforeAll(async () => {
  bench = await startRealServerBench();
});
afterAll(() => bench.stop());

describe.each(REAL_PAIRS)('from %s to %s', (from, to) => {
  test('a tree of odd names arrives complete, and so does what comes later', async () => {
    const mailbox = await bench.mailbox(from, to);
    const taken = await mailbox.source((probe) => fillOddTree(probe, SOURCES[from].delimiter));
    expect(taken).toHaveLength(SOURCES[from].folders);
    expect(await mailbox.start()).toMatchObject({
      status: 'synced',
      totals: { listed: taken.length, copied: taken.length },
    });
    const first = await places(mailbox);
    for (const name of taken.map((levels) => levels.join('/'))) {
      const replacement = REPLACED[to][name];
      const place = first[name] ?? '';
      const asExpected = replacement === undefined ? place === name : replacement.test(place);
      expect([name, place, asExpected]).toEqual([name, place, true]);
    }
    expect(new Set(Object.values(first)).size).toBe(Object.keys(first).length);

    await mailbox.source((probe) =>
      probe.append(['R&D'], { bytes: 'Message-ID: <late@example.org>\r\nSubject: late\r\n\r\ntext\r\n' }),
    );
    expect(await mailbox.pass()).toMatchObject({ totals: { copied: taken.length + 1 } });
    expect(await places(mailbox)).toEqual(first);
    const compared = compareMailboxes(await mailbox.readSource(), await mailbox.readDestination(), {
      folderMap: first,
    });
    expect(compared.differences).toEqual([]);
    await mailbox.expectBooks();
  });
});

/** Source folder to destination folder, levels joined with '/', as the checker names them. */
async function places(mailbox: MailboxBench): Promise<Record<string, string>> {
  const folders = await mailbox.folders();
  const names = (access: MailboxAccess, paths: readonly string[]): Promise<string[]> =>
    withResource(ImapTestClient.connect(access), async (client) =>
      paths.map((path) => client.segmentsOf(path).join('/')),
    );
  const from = folders.map(({ sourcePath }) => sourcePath);
  const to = folders.map(({ destinationPath }) => destinationPath);
  const there = await names(mailbox.access.destination, to);
  return Object.fromEntries(
    (await names(mailbox.access.source, from)).map((name, index) => [name, there[index] ?? '']),
  );
}
