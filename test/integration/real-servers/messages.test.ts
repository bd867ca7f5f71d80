import { type DifferenceKind, compareMailboxes } from '../../support/compare-mailboxes.ts';
import { fillAsTaken } from '../../support/fill-mailbox.ts';
import { mailCorpus, withoutKinds } from '../../support/mail-corpus.ts';
import type { MailboxBench } from '../../support/mailbox-bench.ts';
import {
  REAL_PAIRS,
  type RealServer,
  type RealServerBench,
  startRealServerBench,
} from '../../support/real-server-bench.ts';

const INBOX = ['INBOX'];

/** Without dates of the future, in place of which Dovecot stores the moment. */
const corpus = withoutKinds(
  mailCorpus({
    seed: 83,
    messages: 80,
    largeMessageBytes: 100_000,
    folders: [INBOX, ['Entwürfe & Notizen', 'Übergröße']],
  }),
  'newest',
);

const RAW_HEADERS = ['UTF-8 in the header', 'Latin-1 in the header'];
const NO_END = ['no final line end', 'ends like a literal', 'header without its end', 'oldest', 'large'];

/** What a server does not take, and what it stores in another form than it was sent, by kind of message. */
const LIMITS: Readonly<Record<RealServer, { refused: readonly string[]; altered: readonly string[] }>> = {
  Dovecot: { refused: [], altered: [] },
  // Every message ends with a line end there, and no carriage return is left but at the ends of lines.
  Courier: { refused: [], altered: [...NO_END, 'bare carriage returns', 'binary'] },
  // It writes X for every raw 8-bit character of a header.
  Cyrus: { refused: ['header without its end', 'malformed header'], altered: RAW_HEADERS },
};

/** What it does not even take from another server's users, whose servers would have mended it. */
const REFUSED_AT_FIRST: Readonly<Record<RealServer, readonly string[]>> = {
  Dovecot: [],
  Courier: [],
  Cyrus: [...LIMITS.Cyrus.refused, 'bare line feeds', 'binary'],
};

let bench: RealServerBench;

beforeAll(async () => {
  bench = await startRealServerBench();
});
afterAll(() => bench.stop());

describe.each(REAL_PAIRS)('from %s to %s', (from, to) => {
  test('every message arrives as it was, or it is told; later passes bring what is new and nothing else', async () => {
    const mailbox = await bench.mailbox(from, to);
    const taken = await fillAsTaken(mailbox.access.source, corpus);
    const kinds = new Set(taken.map(({ kind }) => kind));
    expect(REFUSED_AT_FIRST[from].filter((kind) => kinds.has(kind))).toEqual([]);
    expect(taken).toHaveLength(
      corpus.folders
        .flatMap(({ messages }) => messages)
        .filter(({ kind }) => !REFUSED_AT_FIRST[from].includes(kind)).length,
    );

    // What the source itself stores in another form has nothing odd any more.
    const count = (which: readonly string[]) =>
      taken.filter(({ kind }) => which.includes(kind) && !LIMITS[from].altered.includes(kind)).length;
    const refused = count(LIMITS[to].refused);
    const altered = count(LIMITS[to].altered);
    expect(await mailbox.start()).toMatchObject({
      status: 'synced',
      totals: { listed: taken.length, copied: taken.length - refused, failed: refused, skipped: 0 },
    });
    const expected = { ...(refused > 0 && { missing: refused }), ...(altered > 0 && { altered }) };
    expect(await differences(mailbox)).toEqual(expected);
    const items = await mailbox.items();
    expect(items.filter(({ reason }) => reason === 'altered')).toHaveLength(altered);
    expect((await mailbox.record()).hasAltered ?? false).toBe(altered > 0);
    expect(items.filter(({ state }) => state === 'failed')).toHaveLength(refused);
    for (const item of items)
      expect([item.subject, item.serverText]).toEqual([item.subject, expect.any(String)]);
    await mailbox.expectBooks();

    const before = await mailbox.destination((probe) => probe.messageCount());
    expect(await mailbox.pass()).toMatchObject({
      status: 'synced',
      totals: { copied: taken.length - refused },
    });
    expect(await mailbox.destination((probe) => probe.messageCount())).toBe(before);

    await mailbox.source(async (probe) => {
      await probe.append(INBOX, {
        bytes: 'Message-ID: <new@example.com>\r\nSubject: new\r\n\r\ntext\r\n',
        flags: ['\\Flagged', '$Forwarded'],
        internalDate: '29-Feb-2000 23:59:59 +1400',
      });
      await probe.setFlags(INBOX, [1, 2], ['\\Seen', '\\Answered', 'projekt-2026']);
      await probe.setFlags(INBOX, [3], []);
    });
    expect(await mailbox.pass()).toMatchObject({ totals: { copied: taken.length - refused + 1 } });
    expect(await differences(mailbox)).toEqual(expected);
    await mailbox.expectBooks();
  });
});

/** How often the two ends differ, by kind. */
async function differences(mailbox: MailboxBench): Promise<Partial<Record<DifferenceKind, number>>> {
  const { differences: found } = compareMailboxes(
    await mailbox.readSource(),
    await mailbox.readDestination(),
  );
  const counts: Partial<Record<DifferenceKind, number>> = {};
  for (const { kind } of found) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
