import { CommandRefusedError } from '../../../shared/imap/errors.ts';
import type { SourceMessage } from '../../../shared/imap/transfer/source-message.ts';
import { sourceEnd } from '../../../shared/sync/source-end.ts';
import { connectPeer, patience, type ScriptedPeer, tagOf } from '../../support/scripted-peer.ts';

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
    end.askAhead('A', [4, 5]);
    expect(await answerAll(peer, [OPENED, message(4, 'four') + message(5, 'five')])).toEqual([
      'EXAMINE "A"',
      expect.stringContaining('UID FETCH 4:5 '),
    ]);
    expect((await end.openForFetch('A')).uidValidity).toBe(1);
    const { messages } = await end.fetch('A', [4, 5]);
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
    end.askAhead('A', [4, 5]);
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
    end.askAhead('A', [4, 5]);
    const fetching = end.fetch('A', [5]);
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
    const fetching = end.fetch('A', [4, 5]);
    await answerAll(peer, [OPENED]);
    const { messages } = await fetching;
    const reading = messages[Symbol.asyncIterator]();
    const first = reading.next();
    const ahead = await peer.line();
    peer.send(message(4, 'four'));
    expect(await first).toMatchObject({ value: { uid: 4 } });
    await reading.return?.();
    // The server would send message 5 for both, once, if they came to it side by side.
    const again = end.fetch('A', [5]);
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
    end.askAhead('A', [4]);
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
    end.askAhead('A', [4]);
    const list = connection.run('NOOP', patience());
    await peer.answer('', 'NO gone');
    await peer.answer(message(4, 'x'.repeat(2_000_000)));
    await peer.answer('');
    await list;
    // and it is asked for anew when the folder is there after all
    const fetching = end.fetch('A', [4]);
    await answerAll(peer, [OPENED, message(4, 'four')]);
    expect(await read((await fetching).messages)).toEqual(['4 four']);
  });

  test('names the messages that do not come', async () => {
    const { connection, peer } = connectPeer();
    const end = sourceEnd(connection, patience());
    end.askAhead('A', [4]);
    await answerAll(peer, [
      OPENED,
      '* 4 FETCH (UID 4 FLAGS () INTERNALDATE " 1-Jan-2024 00:00:00 +0000" BODY[] NIL)\r\n',
    ]);
    const { messages, undelivered } = await end.fetch('A', [4]);
    expect(await read(messages)).toEqual([]);
    expect(undelivered.get(4)).toMatchObject({ reason: 'no-body' });
  });
});
