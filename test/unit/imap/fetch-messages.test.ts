import { createHash } from 'node:crypto';
import {
  CommandRefusedError,
  ConnectionClosedError,
  ProtocolError,
  ThrottledError,
} from '../../../shared/imap/errors.ts';
import { digestMessages } from '../../../shared/imap/transfer/digest-messages.ts';
import { fetchMessages, type FetchMessagesOptions } from '../../../shared/imap/transfer/fetch-messages.ts';
import type { UndeliveredMessage } from '../../../shared/imap/transfer/source-message.ts';
import type { ImapConnection } from '../../../shared/imap/wire/imap-connection.ts';
import { connectPeer, patience, rejectionOf, type ScriptedPeer, tagOf } from '../../support/scripted-peer.ts';

const DATE = ' 7-Jan-2001 02:44:25 +0500';
const ATTRIBUTES = `FLAGS (\\Seen) INTERNALDATE "${DATE}"`;

const literal = (text: string): string => `{${text.length}}\r\n${text}`;
const row = (uid: number, text: string): string =>
  `* ${uid} FETCH (UID ${uid} ${ATTRIBUTES} BODY[] ${literal(text)})\r\n`;

interface Received {
  uid: number;
  flags: readonly string[];
  internalDate: string;
  size: number;
  text: string;
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const chunk of body) parts.push(chunk);
  return Buffer.concat(parts).toString('latin1');
}

/** Fetches everything; `messages` grows as they come. */
function collect(connection: ImapConnection, uids: readonly number[], options: FetchMessagesOptions = {}) {
  const messages: Received[] = [];
  const undelivered: UndeliveredMessage[] = [];
  const done = (async () => {
    const onUndelivered = (message: UndeliveredMessage): void => void undelivered.push(message);
    for await (const { body, ...rest } of fetchMessages(connection, uids, patience(), {
      onUndelivered,
      ...options,
    })) {
      messages.push({ ...rest, text: await textOf(body) });
    }
  })();
  return { messages, undelivered, done };
}

/** Answers commands by `replies` (keyed by what follows UID FETCH) until the client has no more; returns what it asked. */
async function serve(
  peer: ScriptedPeer,
  count: number,
  reply: (command: string) => [string, string?],
): Promise<string[]> {
  const asked: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const line = await peer.line();
    const command = line.slice(line.indexOf(' ') + 1);
    asked.push(command);
    const [untagged, status = 'OK done'] = reply(command);
    peer.send(`${untagged}${tagOf(line)} ${status}\r\n`);
  }
  return asked;
}

describe('messages that are fetched', () => {
  test('come with raw date, flags and bytes, and without being marked as read', async () => {
    const { connection, peer } = connectPeer();
    const { messages, done } = collect(connection, [5, 6, 7]);

    const asked = await serve(peer, 1, () => [row(5, 'five {3}\r\n') + row(6, '') + row(7, 'no end')]);
    await done;

    expect(asked).toEqual(['UID FETCH 5:7 (UID FLAGS INTERNALDATE BODY.PEEK[])']);
    const common = { flags: ['\\Seen'], internalDate: DATE };
    expect(messages).toEqual([
      { uid: 5, size: 10, text: 'five {3}\r\n', ...common },
      { uid: 6, size: 0, text: '', ...common },
      { uid: 7, size: 6, text: 'no end', ...common },
    ]);
  });

  test('are asked for by the next command before the last one ends', async () => {
    const { connection, peer } = connectPeer();
    const { messages, done } = collect(connection, [1, 2, 3, 4, 5], { messagesPerCommand: 2 });
    const first = await peer.line();
    const second = await peer.line();
    expect(peer.unread).toBe(0);

    peer.send(`${row(1, 'a')}${row(2, 'b')}${tagOf(first)} OK\r\n`);
    const third = await peer.line();
    peer.send(`${row(3, 'c')}${row(4, 'd')}${tagOf(second)} OK\r\n${row(5, 'e')}${tagOf(third)} OK\r\n`);
    await done;

    expect(messages.map(({ text }) => text)).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test('simply do not come when they are gone', async () => {
    const { connection, peer } = connectPeer();
    const { messages, undelivered, done } = collect(connection, [1, 2]);

    await serve(peer, 1, () => [row(2, 'x')]);
    await done;

    expect(messages.map(({ uid }) => uid)).toEqual([2]);
    expect(undelivered).toEqual([]);
  });

  test('are not disturbed by what comes unasked', async () => {
    const { connection, peer } = connectPeer();
    const { messages, done } = collect(connection, [1, 2]);

    await serve(peer, 1, () => [
      `* 3 EXISTS\r\n* 9 FETCH (FLAGS (\\Seen))\r\n* 9 FETCH (UID 9 FLAGS ())\r\n${row(1, 'a')}* OK Still here\r\n` +
        `* 9 FETCH (UID 9 BODY[] ${literal('not asked for')})\r\n${row(2, 'b')}${row(2, 'again')}* 1 EXPUNGE\r\n`,
    ]);
    await done;

    expect(messages.map(({ text }) => text)).toEqual(['a', 'b']);
  });

  test('are reported when they come without a body', async () => {
    const { connection, peer } = connectPeer();
    const { messages, undelivered, done } = collect(connection, [1, 2, 3]);

    await serve(peer, 1, () => [
      `* 1 FETCH (UID 1 ${ATTRIBUTES} BODY[] NIL)\r\n* 2 FETCH (UID 2 ${ATTRIBUTES})\r\n${row(3, 'c')}`,
    ]);
    await done;

    expect(messages.map(({ uid }) => uid)).toEqual([3]);
    expect(undelivered).toEqual([
      { uid: 1, reason: 'no-body' },
      { uid: 2, reason: 'no-body' },
    ]);
  });

  test('may come as quoted strings', async () => {
    const { connection, peer } = connectPeer();
    const { messages, done } = collect(connection, [1, 2]);

    await serve(peer, 1, () => [
      `* 1 FETCH (UID 1 ${ATTRIBUTES} BODY[] "a \\"b\\"")\r\n* 2 FETCH (BODY[] "" UID 2 ${ATTRIBUTES})\r\n`,
    ]);
    await done;

    expect(messages.map(({ text, size }) => [text, size])).toEqual([
      ['a "b"', 5],
      ['', 0],
    ]);
  });

  test('may be told in several responses', async () => {
    const { connection, peer } = connectPeer();
    const { messages, done } = collect(connection, [1]);

    await serve(peer, 1, () => [
      `* 1 FETCH (UID 1 ${ATTRIBUTES})\r\n* 1 FETCH (UID 1 BODY[] ${literal('a')})\r\n`,
    ]);
    await done;

    expect(messages).toEqual([{ uid: 1, flags: ['\\Seen'], internalDate: DATE, size: 1, text: 'a' }]);
  });

  test.each([
    ['all attributes', (uid: number, text: string) => `BODY[] ${literal(text)} UID ${uid} ${ATTRIBUTES}`],
    [
      'flags',
      (uid: number, text: string) =>
        `UID ${uid} INTERNALDATE "${DATE}" BODY[] ${literal(text)} FLAGS (\\Seen)`,
    ],
    [
      'the date',
      (uid: number, text: string) =>
        `UID ${uid} FLAGS (\\Seen) BODY[] ${literal(text)} INTERNALDATE "${DATE}"`,
    ],
  ])('are all there, each with its own body, from a server that sends bodies before %s', async (_, items) => {
    const { connection, peer } = connectPeer();
    const { messages, undelivered, done } = collect(connection, [1, 2, 3, 4, 5], { messagesPerCommand: 2 });
    const bodies = new Map([1, 3, 4, 5].map((uid) => [uid, `body of ${uid}`])); // 2 is gone

    let asked = 0;
    const serving = (async () => {
      for (;;) {
        await serve(peer, 1, (command) => {
          asked += 1;
          const [, set = '', what = ''] = /^UID FETCH (\S+) (.*)$/.exec(command) ?? [];
          const [from = 0, to = from] = set.split(':').map(Number);
          const rows = [...bodies].filter(([uid]) => uid >= from && uid <= to);
          return [
            rows
              .map(([uid, text]) =>
                what.includes('BODY')
                  ? `* ${uid} FETCH (${items(uid, text)})\r\n`
                  : `* ${uid} FETCH (UID ${uid} ${ATTRIBUTES})\r\n`,
              )
              .join(''),
          ];
        });
      }
    })();
    serving.catch(() => undefined);
    await done;
    connection.destroy();

    expect(messages.toSorted((a, b) => a.uid - b.uid)).toEqual(
      [...bodies].map(([uid, text]) => ({
        uid,
        flags: ['\\Seen'],
        internalDate: DATE,
        size: text.length,
        text,
      })),
    );
    expect(undelivered).toEqual([]);
    expect(asked).toBeLessThan(15);
  });

  test('are not handed on when their body turns out to be another one', async () => {
    const { connection, peer } = connectPeer();
    const { messages, done } = collect(connection, [1]);
    const failed = rejectionOf(done);

    await serve(peer, 2, (command) => [
      command.includes('BODY')
        ? `* 1 FETCH (BODY[] ${literal('x')} UID 1 ${ATTRIBUTES})\r\n`
        : `* 1 FETCH (UID 1 ${ATTRIBUTES})\r\n`,
    ]);
    await serve(peer, 1, () => [`* 1 FETCH (BODY[] ${literal('of another')} UID 2)\r\n`]);

    expect(await failed).toBeInstanceOf(ProtocolError);
    expect(messages).toEqual([]);
  });

  test('come without a date when the server has none', async () => {
    const { connection, peer } = connectPeer();
    const { messages, done } = collect(connection, [1]);

    await serve(peer, 3, (command) => [
      command.includes('BODY')
        ? `* 1 FETCH (UID 1 FLAGS () BODY[] ${literal('x')})\r\n`
        : '* 1 FETCH (UID 1 FLAGS ())\r\n',
    ]);
    await done;

    expect(messages).toEqual([{ uid: 1, flags: [], internalDate: '', size: 1, text: 'x' }]);
  });

  test('survive one that the server cannot read', async () => {
    const { connection, peer } = connectPeer();
    const { messages, undelivered, done } = collect(connection, [1, 2, 3, 4]);
    const serving = serve(peer, 5, (command) => {
      const [from = 0, to = from] = (/FETCH (\S+)/.exec(command)?.[1] ?? '').split(':').map(Number);
      if (from <= 3 && to >= 3) return ['', 'NO Message is corrupt'];
      const uids = [1, 2, 4].filter((uid) => uid >= from && uid <= to);
      return [uids.map((uid) => row(uid, `${uid}`)).join('')];
    });
    await Promise.all([serving, done]);

    expect(messages.map(({ uid }) => uid).toSorted((a, b) => a - b)).toEqual([1, 2, 4]);
    expect(undelivered).toMatchObject([
      { uid: 3, reason: 'refused', error: { serverText: 'Message is corrupt' } },
    ]);
  });

  test.each([
    ['a throttle', 'NO [THROTTLED] slow down', ThrottledError],
    ['a BAD', 'BAD what', CommandRefusedError],
    ['an unavailable server', 'NO [UNAVAILABLE] backend gone', CommandRefusedError],
  ])('end with %s, after those that came before', async (_, status, type) => {
    const { connection, peer } = connectPeer();
    const { messages, done } = collect(connection, [1, 2]);
    const failed = rejectionOf(done);

    await serve(peer, 1, () => [row(1, 'a'), status]);

    expect(await failed).toBeInstanceOf(type);
    expect(messages).toHaveLength(1);
  });

  test('are never cut short: a peer that closes in a body makes it throw', async () => {
    const { connection, peer } = connectPeer();
    const { messages, done } = collect(connection, [1]);
    const failed = rejectionOf(done);
    await peer.line();

    peer.send(`* 1 FETCH (UID 1 ${ATTRIBUTES} BODY[] {100}\r\nonly this`);
    peer.close();

    expect(await failed).toBeInstanceOf(ConnectionClosedError);
    expect(messages).toEqual([]);
  });

  test.each(['longer than three', 'lon ger', 'lo'])(
    'throw when the announced length is a lie: 3 for %j',
    async (text) => {
      const { connection, peer } = connectPeer();
      const { messages, done } = collect(connection, [1, 2]);
      const failed = rejectionOf(done);

      await serve(peer, 1, () => [`* 1 FETCH (UID 1 ${ATTRIBUTES} BODY[] {3}\r\n${text})\r\n`]);

      expect(await failed).toBeInstanceOf(ProtocolError);
      expect(messages).toEqual([]);
    },
  );

  test('may be left unread, or half read', async () => {
    const { connection, peer } = connectPeer();
    const seen: number[] = [];
    const done = (async () => {
      for await (const { uid, body } of fetchMessages(connection, [1, 2, 3], patience())) {
        seen.push(uid);
        if (uid === 2) for await (const chunk of body) if (chunk.length > 0) break;
      }
    })();

    await serve(peer, 1, () => [row(1, 'x'.repeat(100_000)) + row(2, 'y'.repeat(100_000)) + row(3, 'z')]);
    await done;

    expect(seen).toEqual([1, 2, 3]);
  });

  test('may be left in the middle, and the connection stays in step', async () => {
    const { connection, peer } = connectPeer();
    const serving = serve(peer, 2, () => [row(1, 'x'.repeat(2_000_000)) + row(2, 'y')]);
    for await (const { uid } of fetchMessages(connection, [1, 2], patience())) if (uid === 1) break;

    const answer = await connection.run('NOOP', patience());
    await serving;

    expect(answer.status).toBe('OK');
  });

  test('stop the socket while the caller is slow, and memory stays flat', async () => {
    const size = 30 * 1024 * 1024;
    const { connection, peer } = connectPeer();
    const piece = Buffer.alloc(64 * 1024, 'm');
    const hash = createHash('sha256');
    let waiting = 0;
    const sending = (async () => {
      const tag = tagOf(await peer.line());
      peer.send(`* 1 FETCH (UID 1 ${ATTRIBUTES} BODY[] {${size}}\r\n`);
      for (let sent = 0; sent < size; sent += piece.length) {
        hash.update(piece);
        if (peer.stream.write(piece)) continue;
        waiting += 1;
        await new Promise<void>((resolve) => peer.stream.once('drain', resolve));
      }
      peer.send(`)\r\n${tag} OK done\r\n`);
    })();
    const got = createHash('sha256');
    for await (const { body } of fetchMessages(connection, [1], patience())) {
      for await (const chunk of body) {
        got.update(chunk);
        await new Promise(setImmediate);
      }
    }
    await sending;

    expect(got.digest('hex')).toBe(hash.digest('hex'));
    expect(waiting).toBeGreaterThan(10);
    expect(connection.meter.peak).toBeLessThan(2 * 1024 * 1024);
    expect(connection.meter.bytes).toBe(0);
  });

  test('do not run into the deadline while it is the caller who is slow', async () => {
    const { connection, peer } = connectPeer({ limits: { backlogBytes: 1000 } });
    const wait = { signal: new AbortController().signal, deadlineMs: 20 };
    const messages = fetchMessages(connection, [1, 2], wait);
    const first = messages.next();
    const tag = tagOf(await peer.line());
    peer.send(row(1, 'x'.repeat(5000)));
    await first;

    // longer than the deadline, with the rest of the answer waiting unread
    await new Promise((resolve) => setTimeout(resolve, 60));
    peer.send(`${row(2, 'y')}${tag} OK\r\n`);

    expect((await messages.next()).value).toMatchObject({ uid: 2 });
    expect((await messages.next()).done).toBe(true);
  });

  test('end with the signal', async () => {
    const { connection, peer } = connectPeer();
    const controller = new AbortController();
    const messages = fetchMessages(connection, [1], { signal: controller.signal, deadlineMs: 20_000 });
    const failed = rejectionOf(messages.next());
    await peer.line();

    controller.abort(new Error('enough'));

    expect(await failed).toMatchObject({ message: 'enough' });
  });

  test('cost nothing when there are none', async () => {
    const { connection, peer } = connectPeer();
    const { messages, done } = collect(connection, []);
    await done;

    expect(messages).toEqual([]);
    expect(peer.unread).toBe(0);
  });

  test('are digested as they pass', async () => {
    const { connection, peer } = connectPeer();
    const serving = serve(peer, 1, () => [row(3, 'a message')]);

    const digests = [];
    for await (const digest of digestMessages(connection, [3], patience())) digests.push(digest);
    await serving;

    expect(digests).toEqual([
      {
        uid: 3,
        size: 9,
        sha256: createHash('sha256').update('a message').digest('hex'),
        internalDate: DATE,
        flags: ['\\Seen'],
      },
    ]);
  });
});
