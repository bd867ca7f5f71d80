import {
  CommandRefusedError,
  MailboxRenamedError,
  ProtocolError,
  ThrottledError,
} from '../../../shared/imap/errors.ts';
import { createMailbox } from '../../../shared/imap/mailbox/create-mailbox.ts';
import { examineMailbox } from '../../../shared/imap/mailbox/examine-mailbox.ts';
import { fetchFlags } from '../../../shared/imap/mailbox/fetch-flags.ts';
import { fetchIdentities } from '../../../shared/imap/mailbox/fetch-identities.ts';
import { searchUids } from '../../../shared/imap/mailbox/search-uids.ts';
import { selectMailbox } from '../../../shared/imap/mailbox/select-mailbox.ts';
import { statusOfMailbox } from '../../../shared/imap/mailbox/status-of-mailbox.ts';
import { statusOfMailboxes } from '../../../shared/imap/mailbox/status-of-mailboxes.ts';
import { storeFlags } from '../../../shared/imap/mailbox/store-flags.ts';
import { subscribeMailbox } from '../../../shared/imap/mailbox/subscribe-mailbox.ts';
import { fingerprintHeader } from '../../../shared/migration/fingerprint.ts';
import { connectPeer, patience, rejectionOf, type ScriptedPeer, tagOf } from '../../support/scripted-peer.ts';

type Reply = (command: string) => readonly [untagged: string, status?: string];

/** Answers every command until the test ends; `asked` holds what was asked. */
function serving(peer: ScriptedPeer, reply: Reply): string[] {
  const asked: string[] = [];
  const loop = async (): Promise<void> => {
    for (;;) {
      const line = await peer.line();
      const command = line.slice(line.indexOf(' ') + 1);
      asked.push(command);
      const [untagged, status = 'OK done'] = reply(command);
      peer.send(`${untagged}${tagOf(line)} ${status}\r\n`);
    }
  };
  loop().catch(() => undefined);
  return asked;
}

function server(reply: Reply, capabilities: string[] = []) {
  const { connection, peer } = connectPeer({ capabilities });
  return { connection, asked: serving(peer, reply) };
}

async function all<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const row of rows) list.push(row);
  return list;
}

const OPENED = [
  '* FLAGS (\\Seen \\Deleted)',
  '* OK [PERMANENTFLAGS (\\Seen a]b \\*)] Limited',
  '* 17 EXISTS',
  '* 2 RECENT',
  '* OK [UNSEEN 3] first unseen',
  '* OK [UIDVALIDITY 3857529045] UIDs valid',
  '* OK [UIDNEXT 4392] Predicted next UID',
  '* OK [HIGHESTMODSEQ 90060115205545359] Highest',
  '',
].join('\r\n');

describe('opening a mailbox', () => {
  test('for reading tells its counters and changes nothing', async () => {
    const { connection, asked } = server(() => [OPENED, 'OK [READ-ONLY] done'], ['CONDSTORE']);

    const mailbox = await examineMailbox(connection, 'Entwürfe "x"', patience());

    expect(asked).toEqual(['EXAMINE "Entw&APw-rfe \\"x\\"" (CONDSTORE)']);
    expect(mailbox).toEqual({
      path: 'Entwürfe "x"',
      readOnly: true,
      messages: 17,
      uidNext: 4392,
      uidValidity: 3857529045,
      highestModseq: 90060115205545359n,
    });
  });

  test('for writing tells which flags can be kept', async () => {
    const { connection, asked } = server(() => [OPENED, 'OK [READ-WRITE] done']);

    const mailbox = await selectMailbox(connection, 'INBOX', patience());

    expect(asked).toEqual(['SELECT "INBOX"']);
    expect(mailbox).toMatchObject({
      readOnly: false,
      permanentFlags: { flags: ['\\Seen', 'a]b'], anyKeyword: true },
    });
  });

  test('tells when it is read-only all the same', async () => {
    const { connection } = server(() => [OPENED, 'OK [READ-ONLY] done']);

    const mailbox = await selectMailbox(connection, 'INBOX', patience());

    expect(mailbox.readOnly).toBe(true);
    expect(mailbox.permanentFlags).toBeUndefined();
  });

  test('asks STATUS for the counters that a server leaves out', async () => {
    const { connection, asked } = server((command) =>
      command.startsWith('STATUS')
        ? ['* STATUS "Box" (MESSAGES 1 UIDNEXT 9 UIDVALIDITY 7)\r\n']
        : ['* 1 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n'],
    );

    const mailbox = await examineMailbox(connection, 'Box', patience());

    expect(asked).toHaveLength(2);
    expect(mailbox).toMatchObject({ messages: 1, uidNext: 9, uidValidity: 7 });
  });

  test('that does not exist is refused by name', async () => {
    const { connection } = server(() => ['', 'NO [NONEXISTENT] Unknown Mailbox']);

    expect(await rejectionOf(examineMailbox(connection, 'x', patience()))).toMatchObject({
      name: 'CommandRefusedError',
      responseCode: 'NONEXISTENT',
      command: 'EXAMINE',
    });
  });
});

describe('the status of mailboxes', () => {
  test('comes in one round trip, each to its own name', async () => {
    const { connection, peer } = connectPeer({ capabilities: ['CONDSTORE'] });
    const asking = statusOfMailboxes(connection, ['INBOX', 'a "b"', 'gone', 'Ä'], patience());
    const tags: string[] = [];
    for (let index = 0; index < 4; index += 1) {
      const line = await peer.line();
      expect(line).toContain('(MESSAGES UIDNEXT UIDVALIDITY HIGHESTMODSEQ)');
      tags.push(tagOf(line));
    }
    // the last one first, and the names in other words than ours
    peer.send('* STATUS &AMQ- (MESSAGES 4 UIDNEXT 40 UIDVALIDITY 400 HIGHESTMODSEQ 0)\r\n');
    peer.send('* STATUS inbox (MESSAGES 1 UIDNEXT 10 UIDVALIDITY 100 HIGHESTMODSEQ 5)\r\n');
    peer.send('* STATUS {5}\r\na "b" (UIDVALIDITY 200 UIDNEXT 20 MESSAGES 2)\r\n');
    peer.send(`${tags[2]} NO [NONEXISTENT] no such mailbox\r\n`);
    for (const index of [3, 0, 1]) peer.send(`${tags[index]} OK\r\n`);

    const answers = await asking;

    expect(answers.get('INBOX')).toEqual({ messages: 1, uidNext: 10, uidValidity: 100, highestModseq: 5n });
    expect(answers.get('a "b"')).toEqual({ messages: 2, uidNext: 20, uidValidity: 200 });
    expect(answers.get('gone')).toBeInstanceOf(CommandRefusedError);
    expect(answers.get('Ä')).toEqual({ messages: 4, uidNext: 40, uidValidity: 400 });
  });

  test('is an error where the server leaves counters out', async () => {
    const { connection } = server(() => ['* STATUS x (MESSAGES 1)\r\n']);

    expect(await rejectionOf(statusOfMailbox(connection, 'x', patience()))).toBeInstanceOf(
      CommandRefusedError,
    );
  });

  test('ends when the server throttles', async () => {
    const { connection } = server(() => ['', 'NO [THROTTLED] slower']);

    expect(await rejectionOf(statusOfMailboxes(connection, ['a', 'b'], patience()))).toBeInstanceOf(
      ThrottledError,
    );
  });
});

describe('searching UIDs', () => {
  test('uses ESEARCH where offered', async () => {
    const { connection, asked } = server(() => ['* ESEARCH (TAG "x") UID ALL 4:6,9\r\n'], ['ESEARCH']);

    expect([...(await searchUids(connection, { from: 4, to: 20 }, patience()))]).toEqual([4, 5, 6, 9]);
    expect(asked).toEqual(['UID SEARCH RETURN (ALL) UID 4:20']);
  });

  test('asks again without ESEARCH when that finds nothing, as on iCloud', async () => {
    const { connection, asked } = server(
      (command) => [command.includes('RETURN') ? '* ESEARCH (TAG "x") UID COUNT 2\r\n' : '* SEARCH 7 8\r\n'],
      ['ESEARCH'],
    );

    expect([...(await searchUids(connection, { from: 1 }, patience()))]).toEqual([7, 8]);
    expect(asked).toHaveLength(2);
  });

  test('leaves out the newest message when it is older than the range', async () => {
    const { connection, asked } = server(() => ['* SEARCH 41\r\n']);

    expect([...(await searchUids(connection, { from: 42 }, patience()))]).toEqual([]);
    expect(asked).toEqual(['UID SEARCH UID 42:*']);
  });

  test('sorts, and lists each message once', async () => {
    const { connection } = server(() => ['* SEARCH 9 3\r\n* SEARCH 3 5\r\n* 4 EXISTS\r\n']);

    expect([...(await searchUids(connection, { from: 1 }, patience()))]).toEqual([3, 5, 9]);
  });

  test.each([
    ['SEARCH', [], (uids: number[]) => `* SEARCH ${uids.join(' ')}\r\n`],
    ['ESEARCH', ['ESEARCH'], (uids: number[]) => `* ESEARCH (TAG "x") UID ALL ${uids.join(',')}\r\n`],
  ])(
    'takes a million messages in one %s response without holding its line',
    async (_, capabilities, answer) => {
      const uids = Array.from({ length: 1_000_000 }, (_unused, index) => index * 2 + 1);
      const { connection } = server(() => [answer(uids)], capabilities);

      const found = await searchUids(connection, { from: 1 }, patience());

      expect(found.length).toBe(1_000_000);
      expect(found.at(-1)).toBe(1_999_999);
    },
  );

  test.each(['* SEARCH 1 2 3 4\r\n', '* ESEARCH UID ALL 1:4294967295\r\n'])(
    'stops a server that lists too many',
    async (words) => {
      const { connection, peer } = connectPeer({ limits: { listedUids: 3 }, capabilities: ['ESEARCH'] });
      serving(peer, () => [words]);

      expect(await rejectionOf(searchUids(connection, { from: 1 }, patience()))).toBeInstanceOf(
        ProtocolError,
      );
    },
  );

  test('reports a set that is none', async () => {
    const { connection } = server(() => ['* ESEARCH UID ALL 0:5\r\n'], ['ESEARCH']);

    expect(await rejectionOf(searchUids(connection, { from: 1 }, patience()))).toBeInstanceOf(ProtocolError);
  });
});

describe('fetching identities', () => {
  const header = 'Message-ID: <a@b>\r\nDate: today\r\n\r\n';

  test('gives fingerprint, size and flags, whatever the order and however many responses', async () => {
    const section = 'BODY[HEADER.FIELDS (MESSAGE-ID DATE "FROM" TO CC SUBJECT IN-REPLY-TO RECEIVED)]';
    const { connection, asked } = server(() => [
      `* 1 FETCH (${section} {${header.length}}\r\n${header} UID 1 RFC822.SIZE 100 FLAGS (\\Seen a))\r\n` +
        `* 2 FETCH (UID 2 FLAGS ())\r\n* 2 FETCH (UID 2 ${section} "" RFC822.SIZE 5)\r\n` +
        `* 3 FETCH (UID 3 FLAGS (x))\r\n* 4 FETCH (UID 4 FLAGS () RFC822.SIZE 7 ${section} NIL)\r\n`,
    ]);

    const identities = await all(fetchIdentities(connection, [1, 2, 3, 4], patience()));

    expect(asked).toEqual([
      'UID FETCH 1:4 (UID FLAGS RFC822.SIZE BODY.PEEK[HEADER.FIELDS (Message-ID Date From To Cc Subject In-Reply-To Received)])',
    ]);
    expect(identities).toEqual([
      { uid: 1, fingerprint: fingerprintHeader(Buffer.from(header)), size: 100, flags: ['\\Seen', 'a'] },
      { uid: 2, fingerprint: 0n, size: 5, flags: [] },
      { uid: 4, fingerprint: 0n, size: 7, flags: [] },
    ]);
  });

  test('goes through any number of messages in commands of bounded length', async () => {
    const { connection, asked } = server((command) => {
      const uids = (/FETCH (\S+)/.exec(command)?.[1] ?? '').split(',');
      return [
        uids.map((uid) => `* 1 FETCH (UID ${uid} FLAGS () RFC822.SIZE 1 BODY[HEADER] "")\r\n`).join(''),
      ];
    });
    const uids = Array.from({ length: 3000 }, (_, index) => 1_000_000 + index * 2);

    const identities = await all(fetchIdentities(connection, uids, patience()));

    expect(identities.map(({ uid }) => uid)).toEqual(uids);
    for (const command of asked) expect(command.length).toBeLessThan(4096);
  });

  test('throws what the server refuses', async () => {
    const { connection } = server(() => ['', 'NO not now']);

    expect(await rejectionOf(all(fetchIdentities(connection, [1], patience())))).toBeInstanceOf(
      CommandRefusedError,
    );
  });
});

describe('fetching flags', () => {
  test('asks only for what has changed where the server knows', async () => {
    const { connection, asked } = server(
      () => ['* 1 FETCH (UID 5 FLAGS (\\Seen) MODSEQ (12))\r\n'],
      ['CONDSTORE'],
    );

    const rows = await all(
      fetchFlags(connection, { range: { from: 1, to: 9 }, changedSince: 11n }, patience()),
    );

    expect(asked).toEqual(['UID FETCH 1:9 (UID FLAGS) (CHANGEDSINCE 11)']);
    expect(rows).toEqual([{ uid: 5, flags: ['\\Seen'] }]);
  });

  test('asks for all where it does not', async () => {
    const { connection, asked } = server(() => [
      '* 1 FETCH (UID 5 FLAGS ())\r\n* 2 FETCH (UID 3 FLAGS ())\r\n',
    ]);

    const rows = await all(fetchFlags(connection, { range: { from: 5 }, changedSince: 11n }, patience()));

    expect(asked).toEqual(['UID FETCH 5:* (UID FLAGS)']);
    expect(rows.map(({ uid }) => uid)).toEqual([5]);
  });

  test('tells of the messages asked for and no others', async () => {
    const { connection } = server(() => ['* 1 FETCH (UID 5 FLAGS ())\r\n* 2 FETCH (UID 6 FLAGS ())\r\n']);

    const rows = await all(fetchFlags(connection, { uids: [4, 5] }, patience()));

    expect(rows.map(({ uid }) => uid)).toEqual([5]);
  });

  test('stops the socket while the caller is slow', async () => {
    const { connection, peer } = connectPeer({ limits: { backlogBytes: 4096 } });
    let paused = false;
    const rows = fetchFlags(connection, { range: { from: 1 } }, patience());
    const first = rows.next();
    const tag = tagOf(await peer.line());
    const sending = (async () => {
      for (let uid = 1; uid <= 20_000; uid += 1) {
        if (peer.stream.write(`* ${uid} FETCH (UID ${uid} FLAGS ())\r\n`)) continue;
        paused = true;
        await new Promise<void>((resolve) => peer.stream.once('drain', resolve));
      }
      peer.send(`${tag} OK\r\n`);
    })();
    await first;
    let count = 1;
    for await (const row of rows) {
      count += row.flags.length === 0 ? 1 : 0;
      if (count % 1000 === 0) await new Promise(setImmediate);
    }
    await sending;

    expect(count).toBe(20_000);
    expect(paused).toBe(true);
    expect(connection.meter.peak).toBeLessThan(2 * 1024 * 1024);
  });
});

describe('storing flags', () => {
  test('replaces them, many changes in one round trip', async () => {
    const { connection, peer } = connectPeer();
    const storing = storeFlags(
      connection,
      [
        { uids: [5, 3, 4], flags: ['\\Seen', '\\Recent', 'work'] },
        { uids: [9], flags: [] },
      ],
      patience(),
    );
    const lines = [await peer.line(), await peer.line()];
    for (const line of lines) peer.send(`${tagOf(line)} OK\r\n`);

    expect(await storing).toEqual(new Map());
    expect(lines.map((line) => line.slice(tagOf(line).length + 1))).toEqual([
      'UID STORE 3:5 FLAGS.SILENT (\\Seen work)',
      'UID STORE 9 FLAGS.SILENT ()',
    ]);
  });

  test('leaves out the flag that is refused and never takes one away meanwhile', async () => {
    const { connection, asked } = server((command) => [
      '',
      command.includes('bad') ? 'NO invalid keyword' : 'OK',
    ]);

    const refusals = await storeFlags(
      connection,
      [{ uids: [7], flags: ['\\Seen', 'bad', 'good', 'not sendable'] }],
      patience(),
    );

    expect(asked).toEqual([
      'UID STORE 7 FLAGS.SILENT (\\Seen bad good)',
      'UID STORE 7 +FLAGS.SILENT (\\Seen)',
      'UID STORE 7 +FLAGS.SILENT (bad)',
      'UID STORE 7 +FLAGS.SILENT (good)',
      'UID STORE 7 FLAGS.SILENT (\\Seen good)',
    ]);
    expect(refusals.get(7)).toMatchObject({ dropped: ['not sendable', 'bad'], written: true });
  });

  test('reports messages whose flags cannot be written at all', async () => {
    const { connection } = server(() => ['', 'NO read-only']);

    const refusals = await storeFlags(connection, [{ uids: [7, 8], flags: ['\\Seen'] }], patience());

    expect([...refusals.keys()]).toEqual([7, 8]);
    expect(refusals.get(8)).toMatchObject({ written: false, error: { serverText: 'read-only' } });
  });
});

describe('creating a mailbox', () => {
  test('is done when it is there already', async () => {
    const { connection, asked } = server(() => ['', 'NO [ALREADYEXISTS] exists']);

    await createMailbox(connection, 'Sent', patience());

    expect(asked).toEqual(['CREATE "Sent"']);
  });

  test('is done when the server refuses it in other words but lists it', async () => {
    const { connection, asked } = server((command) =>
      command.startsWith('LIST') ? ['* LIST (\\HasNoChildren) "/" a*b\r\n'] : ['', 'NO duplicate'],
    );

    await createMailbox(connection, 'a*b', patience());

    expect(asked).toEqual(['CREATE "a*b"', 'LIST "" "a*b"']);
  });

  test.each([
    ['lists others only', '* LIST () "/" axb\r\n'],
    ['lists it as not existing', '* LIST (\\NonExistent) "/" a*b\r\n'],
    ['lists nothing', ''],
  ])('fails when the server refuses it and %s', async (_, listed) => {
    const { connection } = server((command) =>
      command.startsWith('LIST') ? [listed] : ['', 'NO not allowed'],
    );

    expect(await rejectionOf(createMailbox(connection, 'a*b', patience()))).toMatchObject({
      command: 'CREATE',
      serverText: 'not allowed',
    });
  });

  test('asks for the name that was made in the same flight, where it may have been cut', async () => {
    const { connection, peer } = connectPeer();
    const creating = createMailbox(connection, ' lead', patience());
    const [create, list] = [await peer.line(), await peer.line()];
    expect(list).toContain('LIST "" " lead"');
    peer.send(`${tagOf(create)} OK done\r\n* LIST () "/" "lead"\r\n${tagOf(list)} OK done\r\n`);
    expect(await rejectionOf(creating)).toBeInstanceOf(MailboxRenamedError);
  });

  test('may be followed by a subscription', async () => {
    const { connection, asked } = server(() => ['']);

    await subscribeMailbox(connection, 'Ä', patience());

    expect(asked).toEqual(['SUBSCRIBE "&AMQ-"']);
  });
});
