import { compareMailboxes, type MailboxComparison } from '../../support/compare-mailboxes.ts';
import { fillMailbox } from '../../support/fill-mailbox.ts';
import { type CorpusMessage, type MailCorpus, mailCorpus, withoutKinds } from '../../support/mail-corpus.ts';
import { seededRandom } from '../../support/random.ts';
import { type RealServerBench, startRealServerBench } from '../../support/real-server-bench.ts';
import { startTcpProxy } from '../../support/tcp-proxy.ts';
import { withResource } from '../../support/with-resource.ts';

/** Without what Cyrus refuses; with much that Courier and Cyrus store in another form. */
const corpus = withoutKinds(
  mailCorpus({ seed: 11, messages: 150, largeMessageBytes: 0, folders: [['INBOX'], ['Überblick']] }),
  'newest',
  'header without its end',
  'malformed header',
);

/** What was on its way when a connection broke is at the destination or is not; in which form, the server decides. */
describe.each(['Courier', 'Cyrus'] as const)('%s as a destination whose connection breaks', (to) => {
  let bench: RealServerBench;
  let size = 0;

  beforeAll(async () => {
    bench = await startRealServerBench();
    size = corpus.folders
      .flatMap(({ messages }) => messages)
      .reduce((sum, message) => sum + message.bytes().length, 0);
  });
  afterAll(() => bench.stop());

  /** Cuts the connections to the destination again and again, until the mailbox is copied all the same. */
  async function copyWithCuts(
    mail: Pick<MailCorpus, 'folders' | 'messageCount'>,
    nextCut: () => { direction: 'up' | 'down'; bytes: number },
  ): Promise<MailboxComparison> {
    return await withResource(startTcpProxy({ port: bench.servers[to].port }), async (proxy) => {
      const mailbox = await bench.mailbox('Dovecot', to, { destinationPort: proxy.port, lanes: 2 });
      await fillMailbox(mailbox.access.source, mail);
      let cuts = 0;
      const cutSoon = (): void => {
        if (cuts >= 4) return;
        const { direction, bytes } = nextCut();
        proxy.when(direction, bytes, () => {
          cuts += 1;
          proxy.cut();
          cutSoon();
        });
      };
      cutSoon();
      let record = await mailbox.start();
      for (let wakes = 0; record.status !== 'synced' && wakes < 10; wakes += 1) record = await mailbox.tick();
      expect(record.status).toBe('synced');
      expect(cuts).toBeGreaterThan(0);
      expect(record.totals.copied).toBe(mail.messageCount);
      await mailbox.expectBooks();
      return compareMailboxes(await mailbox.readSource(), await mailbox.readDestination());
    });
  }

  test.each([1, 2, 3])('has every message exactly once in the end (seed %i)', async (seed) => {
    const random = seededRandom(seed);
    const compared = await copyWithCuts(corpus, () =>
      random.next() < 0.6
        ? { direction: 'up', bytes: random.between(1, size / 5) }
        : { direction: 'down', bytes: random.between(1, 6_000) },
    );
    expect(compared.differences.filter(({ kind }) => kind !== 'altered')).toEqual([]);
    expect(compared.destinationMessages).toBe(corpus.messageCount);
  });

  test.each([4, 5])('knows again what it stores in another form (seed %i)', async (seed) => {
    const random = seededRandom(seed);
    const messages: CorpusMessage[] = Array.from({ length: 40 }, (_, index) => ({
      kind: 'of another form',
      flags: [],
      internalDate: ' 7-Jan-2001 02:44:25 +0500',
      bytes: () =>
        Buffer.from(`From: Zo\xeb <${index}@example.com>\r\nSubject: ${index}\r\n\r\nno end`, 'latin1'),
    }));
    const folders = [{ segments: ['INBOX'], messages }];
    // An answer that never comes: of one message at Courier, of a whole batch at Cyrus.
    const compared = await copyWithCuts({ folders, messageCount: messages.length }, () => ({
      direction: 'down',
      bytes: random.between(1_200, 2_400),
    }));
    expect(compared.destinationMessages).toBe(messages.length);
    expect(new Set(compared.differences.map(({ kind }) => kind))).toEqual(new Set(['altered']));
  });
});
