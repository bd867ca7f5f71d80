import { CommandRefusedError } from '../../../shared/imap/errors.ts';
import type { SourceMessage } from '../../../shared/imap/transfer/source-message.ts';
import { SourceReplacedError } from '../../../shared/sync/errors.ts';
import { sourceEnd } from '../../../shared/sync/source-end.ts';
import { connectPeer, patience, rejectionOf, type ScriptedPeer, tagOf } from '../../support/scripted-peer.ts';

const OPENED = '* 3 EXISTS\r\n* OK [UIDVALIDITY 1] valid\r\n* OK [UIDNEXT 9] next\r\n';
const message = (uid: number, body: string): string =>
  `* ${uid} FETCH (UID ${uid} FLAGS () INTERNALDATE " 1-Jan-2024 00:00:00 +0000" BODY[] {${body.length}}\r\n${body})\r\n`;

/** Answers commands in their order with what the server says to each; @returns the commands. */
async function answerAll(peer: ScriptedPeer, answers: readonly string[]): Promise<string[]> {
  const commands: string[] = [];
  for (const untagged of answers) commands.push(await peer.answer(untagged));
  return commands;
}

async function read(messages: AsyncIterable<SourceMessage>): Promise<string[]> {
  const read: string[] = [];
  for await (const { uid, body } of messages) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk);
    read.push(`${uid} ${Buffer.concat(chunks).toString()}`);
  }
  return read;
}

describe('what is asked of the source ahead of its turn', () => {
  test('leaves in one flight and is what is fetched then', async () => {
    const { connection, peer } = connectPeer();
    const end = sourceEnd(connection, patience());
    end.ask('A', [4, 5]);
    expect(await answerAll(peer, [OPENED, message(4, 'four') + message(5, 'five')])).toEqual([
      'EXAMINE "A"',
      expect.stringContaining('UID FETCH 4:5 '),
    ]);
    expect((await end.openForFetch('A')).uidValidity).toBe(1);
    const { messages } = await end.fetch('A', [4, 5], 1);
    expect(await read(messages)).toEqual(['4 four', '5 five']);
    expect(peer.unread).toBe(0);
  });

  test.each<[string, (end: ReturnType<typeof sourceEnd>) => void]>([
    ['another folder is opened', (end) => void end.open('B').catch(() => undefined)],
    ['another folder is opened for its messages', (end) => void end.openForFetch('B').catch(() => undefined)],
    ['the same folder is opened for something else', (end) => void end.open('A').catch(() => undefined)],
    ['the end is to forget what it knows', (end) => end.forget()],
  ])('is read away when %s', async (_when, act) => {
    const { connection, peer } = connectPeer();
    const end = sourceEnd(connection, patience());
    end.ask('A', [4, 5]);
    act(end);
    const later = end.reopen('C');
    const body = 'x'.repeat(2_000_000);
    const commands = [];
    for (let command = ''; command !== 'EXAMINE "C"'; ) {
      const untagged =
        command === 'EXAMINE "A"' && commands.length === 1 ? message(4, body) + message(5, body) : OPENED;
      command = await peer.answer(untagged);
      commands.push(command);
    }
    expect((await later).uidValidity).toBe(1);
    expect(commands.filter((command) => command.startsWith('UID FETCH'))).toHaveLength(1);
  });

  test('is not taken for other messages of the same folder, which is opened again before they are asked for', async () => {
    const { connection, peer } = connectPeer();
    const end = sourceEnd(connection, patience());
    end.ask('A', [4, 5]);
    const fetching = end.fetch('A', [5], 1);
    const commands = await answerAll(peer, [OPENED, message(4, 'four') + message(5, 'ahead'), OPENED]);
    expect(commands).toEqual(['EXAMINE "A"', expect.stringContaining('UID FETCH 4:5 '), 'EXAMINE "A"']);
    const [messages] = await Promise.all([
      fetching.then((fetched) => read(fetched.messages)),
      answerAll(peer, [message(5, 'five')]),
    ]);
    expect(messages).toEqual(['5 five']);
  });

  test('takes nothing from what is asked of the folder after messages that were left before their end', async () => {
    const { connection, peer } = connectPeer();
    const end = sourceEnd(connection, patience());
    const fetching = end.fetch('A', [4, 5], 1);
    await answerAll(peer, [OPENED]);
    const { messages } = await fetching;
    const reading = messages[Symbol.asyncIterator]();
    const first = reading.next();
    const ahead = await peer.line();
    peer.send(message(4, 'four'));
    expect(await first).toMatchObject({ value: { uid: 4 } });
    await reading.return?.();
    // The server would send message 5 for both, once, if they came to it side by side.
    const again = end.fetch('A', [5], 1);
    peer.send(`${message(5, 'first')}${tagOf(ahead)} OK done\r\n`);
    expect(await answerAll(peer, [OPENED])).toEqual(['EXAMINE "A"']);
    const [read5] = await Promise.all([
      again.then((fetched) => read(fetched.messages)),
      answerAll(peer, [message(5, 'second')]),
    ]);
    expect(read5).toEqual(['5 second']);
  });

  test('is worth nothing when the folder cannot be opened', async () => {
    const { connection, peer } = connectPeer();
    const end = sourceEnd(connection, patience());
    end.ask('A', [4]);
    const opened = end.openForFetch('A');
    await Promise.all([
      expect(opened).rejects.toThrow(CommandRefusedError),
      peer.answer('', 'NO gone').then(() => peer.answer('', 'BAD no mailbox')),
    ]);
    const other = end.open('B');
    await peer.answer(OPENED);
    expect((await other).uidValidity).toBe(1);
  });

  test('does not stand in the way when the folder cannot be opened and the server sends messages all the same', async () => {
    const { connection, peer } = connectPeer();
    const end = sourceEnd(connection, patience());
    end.ask('A', [4]);
    const list = connection.run('NOOP', patience());
    await peer.answer('', 'NO gone');
    await peer.answer(message(4, 'x'.repeat(2_000_000)));
    await peer.answer('');
    await list;
    // and it is asked for anew when the folder is there after all
    const fetching = end.fetch('A', [4], 1);
    await answerAll(peer, [OPENED, message(4, 'four')]);
    expect(await read((await fetching).messages)).toEqual(['4 four']);
  });

  test('names the messages that do not come', async () => {
    const { connection, peer } = connectPeer();
    const end = sourceEnd(connection, patience());
    end.ask('A', [4]);
    await answerAll(peer, [
      OPENED,
      '* 4 FETCH (UID 4 FLAGS () INTERNALDATE " 1-Jan-2024 00:00:00 +0000" BODY[] NIL)\r\n',
    ]);
    const { messages, undelivered } = await end.fetch('A', [4], 1);
    expect(await read(messages)).toEqual([]);
    expect(undelivered.get(4)).toMatchObject({ reason: 'no-body' });
  });
});

describe('what is asked for before its turn', () => {
  const row = (uid: number): string =>
    `* ${uid} FETCH (UID ${uid} FLAGS () INTERNALDATE " 1-Jan-2024 00:00:00 +0000")\r\n`;

  test('leaves behind what is asked for already, before any answer, and comes in its turn', async () => {
    const { connection, peer } = connectPeer();
    const end = sourceEnd(connection, patience());
    end.ask('A', [4]);
    expect(end.askAhead('B', [5])).toBe(true);
    expect(end.askAhead('A', [6])).toBe(true);
    const lines: string[] = [];
    for (let count = 0; count < 6; count += 1) lines.push(await peer.line());
    expect(lines.map((line) => line.slice(line.indexOf(' ') + 1))).toEqual([
      'EXAMINE "A"',
      expect.stringContaining('UID FETCH 4 '),
      'EXAMINE "B"',
      expect.stringContaining('UID FETCH 5 '),
      'EXAMINE "A"',
      expect.stringContaining('UID FETCH 6 '),
    ]);
    const said = [OPENED, message(4, 'four'), OPENED, message(5, 'five'), OPENED, message(6, 'six')];
    for (const [index, line] of lines.entries()) peer.send(`${said[index]}${tagOf(line)} OK done\r\n`);
    const got: string[] = [];
    for (const [path, uid] of [
      ['A', 4],
      ['B', 5],
      ['A', 6],
    ] as const) {
      end.ask(path, [uid]);
      expect((await end.openForFetch(path)).uidValidity).toBe(1);
      got.push(...(await read((await end.fetch(path, [uid], 1)).messages)));
    }
    expect(got).toEqual(['4 four', '5 five', '6 six']);
    expect(peer.unread).toBe(0);
  });

  test('is never in the folder that was asked last, nor behind a piece that is not asked for whole, nor large', () => {
    const { connection } = connectPeer();
    const end = sourceEnd(connection, patience());
    const many = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
    expect(end.askAhead('B', [5])).toBe(false);
    end.ask('A', [4]);
    expect(end.askAhead('A', [5])).toBe(false);
    expect(end.askAhead('B', many(251))).toBe(false);
    expect(end.askAhead('B', many(250))).toBe(true);
    expect(end.askAhead('B', [251])).toBe(false);
    expect(['C', 'D', 'E'].map((path) => end.askAhead(path, [1]))).toEqual([true, true, false]);
    expect(end.askAhead('D', [1])).toBe(true); // is in the line already
    end.ask('F', many(501));
    expect(end.askAhead('G', [1])).toBe(false);
  });

  test('is passed over when its turn does not come', async () => {
    const { connection, peer } = connectPeer();
    const end = sourceEnd(connection, patience());
    end.ask('A', [4]);
    end.askAhead('B', [5]);
    end.askAhead('C', [6]);
    const body = 'x'.repeat(2_000_000);
    const answering = answerAll(peer, [
      OPENED,
      message(4, 'four'),
      OPENED,
      message(5, body),
      OPENED,
      message(6, 'six'),
    ]);
    expect(await read((await end.fetch('A', [4], 1)).messages)).toEqual(['4 four']);
    end.ask('C', [6]);
    expect(await read((await end.fetch('C', [6], 1)).messages)).toEqual(['6 six']);
    expect((await answering).filter((command) => command === 'EXAMINE "C"')).toHaveLength(1);
  });

  test('is given up when the server leaves out what was asked for before it, whose folder is opened again', async () => {
    const { connection, peer } = connectPeer();
    const end = sourceEnd(connection, patience());
    end.ask('A', [4, 5]);
    end.askAhead('B', [6]);
    const reading = end.fetch('A', [4, 5], 1).then(({ messages }) => read(messages));
    // the flags come after the body, so that the body is of no use yet
    await answerAll(peer, [OPENED]);
    const first = await peer.line();
    peer.send(`* 4 FETCH (BODY[] {4}\r\nfour UID 4)\r\n${message(5, 'five')}${tagOf(first)} OK done\r\n`);
    const commands = await answerAll(peer, [
      OPENED,
      message(6, 'x'.repeat(2_000_000)),
      OPENED,
      row(4),
      '* 4 FETCH (UID 4 BODY[] {4}\r\nfour)\r\n',
    ]);
    expect(commands).toEqual([
      'EXAMINE "B"',
      expect.stringContaining('UID FETCH 6 '),
      'EXAMINE "A"',
      expect.stringContaining('UID FETCH 4 '),
      expect.stringContaining('UID FETCH 4 '),
    ]);
    expect(await reading).toEqual(['5 five', '4 four']);
    const again = end.fetch('B', [6], 1).then(({ messages }) => read(messages));
    expect((await answerAll(peer, [OPENED, message(6, 'six')]))[0]).toBe('EXAMINE "B"');
    expect(await again).toEqual(['6 six']);
  });

  test('must find the same folder when it comes back to it', async () => {
    const { connection, peer } = connectPeer();
    const end = sourceEnd(connection, patience());
    end.ask('A', [4]);
    end.askAhead('B', [6]);
    const reading = end.fetch('A', [4], 1).then(({ messages }) => read(messages));
    const refused = rejectionOf(reading);
    await answerAll(peer, [OPENED]);
    const first = await peer.line();
    peer.send(`* 4 FETCH (BODY[] {4}\r\nfour UID 4)\r\n${tagOf(first)} OK done\r\n`);
    await answerAll(peer, [OPENED, message(6, 'six'), OPENED.replace('UIDVALIDITY 1', 'UIDVALIDITY 2')]);
    expect(await refused).toBeInstanceOf(SourceReplacedError);
    expect(peer.unread).toBe(0);
  });

  test('is asked for again when a folder behind it cannot be opened', async () => {
    const { connection, peer } = connectPeer();
    const end = sourceEnd(connection, patience());
    end.ask('A', [4]);
    end.askAhead('B', [5]);
    end.askAhead('C', [6]);
    const reading = end.fetch('A', [4], 1).then(({ messages }) => read(messages));
    await answerAll(peer, [OPENED, message(4, 'four'), OPENED, message(5, 'five')]);
    await peer.answer('', 'NO gone');
    await peer.answer('', 'BAD nothing is open');
    expect(await reading).toEqual(['4 four']);
    const next = end.fetch('B', [5], 1).then(({ messages }) => read(messages));
    expect((await answerAll(peer, [OPENED, message(5, 'five')]))[0]).toBe('EXAMINE "B"');
    expect(await next).toEqual(['5 five']);
  });

  test('is worth nothing for a folder that has other UIDs by now', async () => {
    const { connection, peer } = connectPeer();
    const end = sourceEnd(connection, patience());
    end.ask('A', [4]);
    const fetching = end.fetch('A', [4], 7);
    await Promise.all([
      expect(fetching).rejects.toThrow(SourceReplacedError),
      answerAll(peer, [OPENED, message(4, 'four')]),
    ]);
  });
});
