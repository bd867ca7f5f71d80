import { CommandRefusedError, ConnectionClosedError } from '../../../shared/imap/errors.ts';
import { placeFolder } from '../../../shared/sync/place-folder.ts';
import { connectPeer, patience, rejectionOf, type ScriptedPeer, tagOf } from '../../support/scripted-peer.ts';

const namespace = { prefix: '', delimiter: '/' };

function begin(destinationPath: string, { create = true, hasMail = true, mayBeHidden = false } = {}) {
  const { connection, peer } = connectPeer();
  const options = { namespace, rules: undefined, hasMail, mayBeHidden, wait: patience() };
  return { peer, connection, placing: placeFolder(connection, { create, destinationPath }, options) };
}

const opened = (messages: number): string =>
  `* ${messages} EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 9] x\r\n`;

interface Reply {
  readonly untagged?: string;
  readonly status?: string;
}

/** Hears so many commands before it answers any of them: they are one flight. */
async function flight(peer: ScriptedPeer, replies: readonly Reply[]): Promise<string[]> {
  const lines: string[] = [];
  for (const _ of replies) lines.push(await peer.line());
  for (const [index, { untagged = '', status = 'OK done' }] of replies.entries()) {
    peer.send(`${untagged}${tagOf(lines[index] ?? '')} ${status}\r\n`);
  }
  return lines.map((line) => line.slice(line.indexOf(' ') + 1));
}

describe('the place of a folder', () => {
  test('is made, checked and looked into in one flight, and known before mail clients show it', async () => {
    const { peer, placing } = begin('Plans & more');
    const listed = { untagged: '* LIST () "/" "Plans &- more"\r\n' };
    expect(await flight(peer, [{}, listed, { untagged: opened(3) }])).toEqual([
      'CREATE "Plans &- more"',
      'LIST "" "Plans &- more"',
      'SELECT "Plans &- more"',
    ]);
    const { path, found, shown } = await placing;
    expect(path).toBe('Plans & more');
    expect(await found).toEqual({ messages: 3, record: { uidValidity: 7, uidNext: 9 } });
    expect(await peer.answer()).toBe('SUBSCRIBE "Plans &- more"');
    await shown;
  });

  test('is not looked into where there is no mail for it', async () => {
    const { peer, placing } = begin('Empty', { hasMail: false });
    expect(await peer.answer()).toBe('CREATE "Empty"');
    const { found } = await placing;
    expect(found).toBeUndefined();
    expect(await peer.answer()).toBe('SUBSCRIBE "Empty"');
    expect(peer.unread).toBe(0);
  });

  test('that a planning which died may have made is shown', async () => {
    const { peer, placing } = begin('Plans', { create: false, mayBeHidden: true });
    expect(await flight(peer, [{ untagged: opened(1) }, {}])).toEqual([
      'SELECT "Plans"',
      'SUBSCRIBE "Plans"',
    ]);
    await (await placing).shown;
  });

  test('that is there already is looked into and left as it is', async () => {
    const { peer, placing } = begin('INBOX', { create: false });
    expect(await flight(peer, [{ untagged: opened(1) }])).toEqual(['SELECT "INBOX"']);
    const { found, shown } = await placing;
    expect(await found).toMatchObject({ messages: 1 });
    expect(shown).toBeUndefined();
    expect(peer.unread).toBe(0);
  });

  test('is another one where the name is refused: nobody subscribes to the first, and what it holds does not count', async () => {
    const { peer, placing } = begin('Wow!');
    const refused = { status: 'NO no such name' };
    expect(await flight(peer, [refused, { untagged: opened(5) }])).toEqual([
      'CREATE "Wow!"',
      'SELECT "Wow!"',
    ]);
    expect(await peer.answer()).toBe('LIST "" "Wow!"');
    const [created, selected] = await flight(peer, [{}, { untagged: opened(0) }]);
    const { path, found, shown } = await placing;
    expect(path).toMatch(/^Wow_~[0-9a-f]{8}$/);
    expect([created, selected]).toEqual([`CREATE "${path}"`, `SELECT "${path}"`]);
    expect(await found).toMatchObject({ messages: 0 });
    expect(await peer.answer()).toBe(`SUBSCRIBE "${path}"`);
    await shown;
  });

  test('is another one where the server has cut the name, though it opens what it made of it', async () => {
    const { peer, placing } = begin(' lead');
    const listed = { untagged: '* LIST () "/" "lead"\r\n' };
    await flight(peer, [{}, listed, { untagged: opened(5) }]);
    await flight(peer, [{}, { untagged: opened(0) }]);
    const { path, found } = await placing;
    expect(path).toMatch(/^lead~[0-9a-f]{8}$/);
    expect(await found).toMatchObject({ messages: 0 });
  });

  test('is told where the folder cannot be opened, and where there are no subscriptions', async () => {
    const { peer, placing } = begin('Odd');
    await flight(peer, [{}, { status: 'NO locked' }]);
    const { found, shown } = await placing;
    expect(await rejectionOf(Promise.resolve(found))).toBeInstanceOf(CommandRefusedError);
    await peer.answer('', 'NO no subscriptions here');
    await shown;
  });

  test('is not shown where the connection ends before', async () => {
    const { connection, peer, placing } = begin('Lost');
    await flight(peer, [{}, { untagged: opened(0) }]);
    const { shown } = await placing;
    await peer.line();
    connection.destroy();
    expect(await rejectionOf(Promise.resolve(shown))).toBeInstanceOf(ConnectionClosedError);
  });
});
