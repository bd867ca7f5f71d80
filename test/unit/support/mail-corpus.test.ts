import { createHash } from 'node:crypto';
import { mailCorpus, type CorpusMessage } from '../../support/mail-corpus.ts';

const corpus = mailCorpus({ messages: 3_000, largeMessageBytes: 1024 * 1024 });
const all = corpus.folders.flatMap(({ messages }) => messages);

function sha256(message: CorpusMessage): string {
  return createHash('sha256').update(message.bytes()).digest('hex');
}

function headerOf(message: CorpusMessage): string {
  return message.bytes().toString('latin1').split('\r\n\r\n', 1)[0] ?? '';
}

function digests(seed: number): string[] {
  return mailCorpus({ seed, messages: 700, largeMessageBytes: 0 }).folders.flatMap(({ messages }) =>
    messages.map((message) => `${sha256(message)} ${message.internalDate} ${message.flags.join()}`),
  );
}

describe('the mail of the tests', () => {
  test('is the same for the same seed, and other mail for another', () => {
    expect(digests(4)).toEqual(digests(4));
    expect(digests(4)).not.toEqual(digests(5));
  });

  test('fills INBOX and twelve folders with as many messages as asked', () => {
    expect(corpus.folders).toHaveLength(13);
    expect(all).toHaveLength(3_000);
    expect(corpus.messageCount).toBe(3_000);
    for (const { messages } of corpus.folders) expect(messages.length).toBeGreaterThan(30);
  });

  test('holds true twins, two and three in a folder and one in every folder', () => {
    const inbox = corpus.folders[0]?.messages ?? [];
    const twins = Map.groupBy(inbox, (message) => `${sha256(message)} ${message.internalDate}`);
    const counts = [...twins.values()].map(({ length }) => length);
    expect(counts).toEqual(expect.arrayContaining([2, 3]));
    const [first, ...others] = corpus.folders.map(({ messages }) => new Set(messages.map(sha256)));
    expect([...(first ?? [])].filter((digest) => others.every((folder) => folder.has(digest)))).toHaveLength(
      1,
    );
  });

  test('holds messages that only their bytes tell apart', () => {
    const pairs = corpus.folders[0]?.messages.filter(({ kind }) => kind === 'same header') ?? [];
    expect(new Set(pairs.map(headerOf)).size).toBe(1);
    expect(new Set(pairs.map((message) => message.bytes().length)).size).toBe(1);
    expect(new Set(pairs.map(sha256)).size).toBe(pairs.length);
    expect(pairs.length).toBeGreaterThan(1);
  });

  test('holds no NUL and no carriage return right before a line end, which servers change', () => {
    for (const message of all) {
      const text = message.bytes().toString('latin1');
      expect(text.includes('\0') || text.includes('\r\r\n')).toBe(false);
    }
  });

  test('holds one message of the size asked for', () => {
    expect(all.filter((message) => message.bytes().length === 1024 * 1024)).toHaveLength(1);
  });
});
