import {
  CommandRefusedError,
  CommandTimeoutError,
  ConnectionClosedError,
  ProtocolError,
  ThrottledError,
} from '../../../shared/imap/errors.ts';
import type { UntaggedResponse } from '../../../shared/imap/wire/response.ts';
import { connectPeer, patience, rejectionOf, tagOf } from '../../support/scripted-peer.ts';

/** Two commands are pending; what the peer does then must reject both. */
async function twoPending(
  act: (peer: ReturnType<typeof connectPeer>['peer'], tag: string) => void,
  options: Parameters<typeof connectPeer>[0] & { deadlineMs?: number } = {},
) {
  const { connection, peer } = connectPeer(options);
  const wait = patience(options.deadlineMs);
  const first = rejectionOf(connection.run('NOOP', wait));
  const second = rejectionOf(connection.run('UID FETCH 1 (FLAGS)', wait));
  const tag = tagOf(await peer.line());
  await peer.line();
  act(peer, tag);
  const errors = [await first, await second];
  return { connection, peer, errors };
}

describe('a connection whose peer misbehaves', () => {
  test.each([
    ['sends garbage', 'HTTP/1.1 400 Bad Request\r\n', ProtocolError],
    ['sends an untagged line that is no response', '* \r\n', ProtocolError],
    ['answers a command that was not given', 'Zz9 OK done\r\n', ProtocolError],
    ['closes a list that it has not opened', '* 1 FETCH UID 5)\r\n', ProtocolError],
    ['ends a response within a list', '* 1 FETCH (UID 5\r\n', ProtocolError],
    ['does not close a quoted string', '* 1 FETCH (INTERNALDATE "1-Jan\r\n', ProtocolError],
    ['announces a literal of nonsense', '* 1 FETCH (UID {x}\r\n', ProtocolError],
    ['lists what is no number', '* SEARCH 1 two\r\n', ProtocolError],
    ['says goodbye', '* BYE Server is going down\r\n', ConnectionClosedError],
    ['says BAD without a tag', 'BAD Command unknown\r\n', ProtocolError],
    ['says NO without a tag', 'NO Must issue STARTTLS first\r\n', ProtocolError],
    ['throttles nobody in particular', '* BAD [THROTTLED] Slow down\r\n', ThrottledError],
  ])('that %s rejects every pending command', async (_, words, type) => {
    const { connection, errors } = await twoPending((peer) => peer.send(words));

    for (const error of errors) expect(error).toBeInstanceOf(type);
    expect(connection.closed).toBe(true);
    expect(await rejectionOf(connection.run('NOOP', patience()))).toBe(errors[0]);
  });

  test('that closes the connection rejects every pending command', async () => {
    const { errors } = await twoPending((peer) => peer.close());

    for (const error of errors) expect(error).toBeInstanceOf(ConnectionClosedError);
  });

  test('that sends a line without end is stopped at the limit', async () => {
    const { errors, connection } = await twoPending(
      (peer) => {
        for (let sent = 0; sent < 64; sent += 1) peer.send(`* OK ${'x'.repeat(1024)}`);
      },
      { limits: { lineBytes: 16 * 1024 } },
    );

    for (const error of errors) expect(error).toBeInstanceOf(ProtocolError);
    expect(connection.meter.peak).toBeLessThan(256 * 1024);
  });

  test('that nests lists without end is stopped at the limit', async () => {
    const { errors } = await twoPending((peer) => peer.send(`* 1 FETCH ${'('.repeat(5000)}\r\n`));

    for (const error of errors) expect(error).toBeInstanceOf(ProtocolError);
  });

  test('that sends more values than any message has is stopped at the limit', async () => {
    const { errors } = await twoPending((peer) => peer.send(`* FLAGS (${'a '.repeat(30_000)})\r\n`));

    for (const error of errors) expect(error).toBeInstanceOf(ProtocolError);
  });

  test('that announces a large literal where a short text belongs is stopped before it comes', async () => {
    const { errors } = await twoPending((peer) => peer.send('* STATUS {4000000000}\r\n'));

    for (const error of errors) expect(error).toBeInstanceOf(ProtocolError);
  });

  test('that sends many literals in one response is stopped at the limit', async () => {
    const literal = `{60000}\r\n${'x'.repeat(60_000)} `;
    const { errors } = await twoPending((peer) => peer.send(`* 1 FETCH (${literal.repeat(100)}`), {});

    for (const error of errors) expect(error).toBeInstanceOf(ProtocolError);
  });

  test('that sends nothing but empty lines is stopped', async () => {
    const { errors } = await twoPending((peer) => peer.send('\r\n'.repeat(1000)));

    for (const error of errors) expect(error).toBeInstanceOf(ProtocolError);
  });

  test('that keeps silent is given up after the deadline', async () => {
    const { errors } = await twoPending(() => undefined, { deadlineMs: 20 });

    for (const error of errors) expect(error).toBeInstanceOf(CommandTimeoutError);
  });

  test('that keeps silent instead of asking for a literal is given up after the deadline', async () => {
    const { connection } = connectPeer();

    const error = await rejectionOf(connection.run(['CREATE ', Buffer.from('odd\nname')], patience(20)));

    expect(error).toBeInstanceOf(CommandTimeoutError);
  });

  test('that confirms a command before it has all of it is not believed', async () => {
    const { connection, peer } = connectPeer();
    const created = rejectionOf(connection.run(['CREATE ', Buffer.from('odd\nname')], patience()));
    await peer.answer();

    expect(await created).toBeInstanceOf(ProtocolError);
  });

  test('tells in its goodbye that it throttles', async () => {
    const { errors } = await twoPending((peer) =>
      peer.send('* BYE Session expired: Account exceeded command or bandwidth limits\r\n'),
    );

    for (const error of errors) expect(error).toBeInstanceOf(ThrottledError);
  });

  test('keeps the words of its goodbye', async () => {
    const { errors } = await twoPending((peer) => peer.send('* BYE [UNAVAILABLE] Back at noon\r\n'));

    expect(errors[0]).toMatchObject({ serverText: 'Back at noon' });
  });

  test('is named in the errors of the connection', async () => {
    const { errors } = await twoPending((peer) => peer.close(), { side: 'destination' });

    expect(errors[0]).toMatchObject({ side: 'destination' });
  });
});

describe('a complaint without a tag', () => {
  test('is about the command that is refused next, and about no other', async () => {
    const { connection, peer } = connectPeer();
    const before = connection.run('NOOP', patience());
    const refused = rejectionOf(connection.run('APPEND x', patience()));
    const after = connection.run('CHECK', patience());
    const tags = [tagOf(await peer.line()), tagOf(await peer.line()), tagOf(await peer.line())];

    peer.send('* BAD NULs are not allowed\r\n');
    peer.send(`${tags[0]} OK\r\n${tags[1]} BAD Invalid characters\r\n${tags[2]} OK\r\n`);

    expect(await refused).toMatchObject({
      name: 'CommandRefusedError',
      status: 'BAD',
      command: 'APPEND',
      serverText: 'NULs are not allowed / Invalid characters',
    });
    await Promise.all([before, after]);
    await Promise.all([connection.run('NOOP', patience()), peer.answer()]);
  });

  test('about each of several commands leaves the others alone', async () => {
    const { connection, peer } = connectPeer();
    const answers = Array.from({ length: 4 }, () =>
      connection.run('APPEND x', patience()).then(
        () => 'OK',
        (error: unknown) => (error instanceof CommandRefusedError ? error.status : error),
      ),
    );
    for (let command = 0; command < 4; command += 1) {
      if (command % 2 === 0) await peer.answer();
      else await peer.answer('* BAD Invalid characters\r\n', 'BAD Invalid characters');
    }

    expect(await Promise.all(answers)).toEqual(['OK', 'BAD', 'OK', 'BAD']);
    expect(connection.closed).toBe(false);
  });

  test('that no answer follows ends the connection at the deadline, whatever else the server says', async () => {
    let talking: NodeJS.Timeout | undefined;
    const { errors, connection } = await twoPending(
      (peer) => {
        peer.send('* BAD Error in IMAP command\r\n');
        talking = setInterval(() => peer.send('* OK Still here\r\n'), 5);
      },
      { deadlineMs: 60 },
    ).finally(() => clearInterval(talking));

    for (const error of errors) {
      expect(error).toBeInstanceOf(ProtocolError);
      expect(error).toMatchObject({ serverText: 'Error in IMAP command', retryable: true });
    }
    expect(connection.closed).toBe(true);
  });

  test('that leaves one command without an answer does not say that it was refused', async () => {
    const { connection, peer } = connectPeer();
    const lost = rejectionOf(connection.run('APPEND x', patience(60)));
    const done = connection.run('NOOP', patience(60));
    await peer.line();
    peer.send(`* BAD Invalid characters\r\n${tagOf(await peer.line())} OK\r\n`);

    expect(await lost).toBeInstanceOf(ProtocolError);
    expect((await done).status).toBe('OK');
  });

  test('that no command explains ends the connection: the server heard what we had not said', async () => {
    const { connection, peer } = connectPeer();
    const done = connection.run('NOOP', patience());
    const line = await peer.line();
    peer.send('* BAD Invalid tag\r\n');
    const later = rejectionOf(connection.run('CHECK', patience()));
    await peer.line();
    peer.send(`${tagOf(line)} OK\r\n`);

    expect((await done).status).toBe('OK');
    expect(await later).toBeInstanceOf(ProtocolError);
    expect(connection.closed).toBe(true);
  });
});

describe('a connection', () => {
  test('gives each command its own answer, in whatever order they come', async () => {
    const { connection, peer } = connectPeer();
    const first = connection.run('NOOP', patience());
    const second = connection.run('CHECK', patience());
    const [a, b] = [tagOf(await peer.line()), tagOf(await peer.line())];

    peer.send(`${b} OK second\r\n${a} OK first\r\n`);

    expect((await first).text).toBe('first');
    expect((await second).text).toBe('second');
  });

  test('rejects only the command that was refused', async () => {
    const { connection, peer } = connectPeer();
    const refused = rejectionOf(connection.run('SELECT x', patience()));
    const carriedOut = connection.run('NOOP', patience());
    await peer.answer('', 'NO [NONEXISTENT] No such mailbox');
    await peer.answer();

    expect(await refused).toMatchObject({
      name: 'CommandRefusedError',
      status: 'NO',
      responseCode: 'NONEXISTENT',
      command: 'SELECT',
    });
    expect((await carriedOut).status).toBe('OK');
    expect(connection.closed).toBe(false);
  });

  test('turns a throttling answer into a typed wait', async () => {
    const { connection, peer } = connectPeer();
    const throttled = rejectionOf(connection.run('NOOP', patience()));
    await peer.answer('', 'BAD Request is throttled. Suggested Backoff Time: 299961 milliseconds');

    const error = await throttled;

    expect(error).toBeInstanceOf(ThrottledError);
    expect(error).toMatchObject({ waitMs: 299_961 });
  });

  test('is not disturbed by what comes unasked', async () => {
    const { connection, peer } = connectPeer();
    const seen: UntaggedResponse[] = [];
    const done = connection.run('NOOP', patience(), {
      untagged: (response) => {
        seen.push(response);
        return true;
      },
    });
    await peer.answer(
      [
        '* 23 EXISTS',
        '* 1 RECENT',
        '* 3 EXPUNGE',
        '* 4 FETCH (FLAGS (\\Seen))',
        '* OK [ALERT] Disk is nearly full {5}',
        '* OK Still here',
        '* NO Warning',
        '* VANISHED (EARLIER) 1:4',
        '* ID ("name" {3}',
        'abc)',
        '+ idling',
        '',
        '* XYZZY (((',
        '',
      ].join('\r\n'),
    );

    expect((await done).status).toBe('OK');
    expect(seen.map((response) => response.kind)).toEqual([
      'count',
      'count',
      'count',
      'fetch',
      'status',
      'status',
      'status',
    ]);
  });

  test('ends with the signal of any command, and every command hears of it', async () => {
    const { connection, peer } = connectPeer();
    const controller = new AbortController();
    const reason = new Error('the budget is spent');
    const bound = rejectionOf(connection.run('NOOP', { signal: controller.signal, deadlineMs: 20_000 }));
    const other = rejectionOf(connection.run('NOOP', patience()));
    await peer.line();

    controller.abort(reason);

    expect(await bound).toBe(reason);
    expect(await other).toBe(reason);
    expect(connection.closed).toBe(true);
  });

  test('does not end with a signal whose command has its answer', async () => {
    const { connection, peer } = connectPeer();
    const controller = new AbortController();
    const done = connection.run('NOOP', { signal: controller.signal, deadlineMs: 20_000 });
    await peer.answer();
    await done;

    controller.abort();

    expect(connection.closed).toBe(false);
  });

  test('sends nothing for a signal that is aborted already', async () => {
    const { connection } = connectPeer();

    await rejectionOf(connection.run('NOOP', { signal: AbortSignal.abort(), deadlineMs: 20_000 }));

    expect(connection.closed).toBe(false);
  });

  test('waits for leave before a literal, and nobody else writes meanwhile', async () => {
    const { connection, peer } = connectPeer();
    const created = connection.run(['CREATE ', Buffer.from('a\nb')], patience());
    const after = connection.run('NOOP', patience());
    const line = await peer.line();
    expect(line).toMatch(/^\S+ CREATE \{3\}$/);
    expect(peer.unread).toBe(0);

    peer.send('+ go ahead\r\n');

    expect(await peer.line()).toBe('a\nb');
    peer.send(`${tagOf(line)} OK created\r\n`);
    await peer.answer();
    await Promise.all([created, after]);
  });

  test('goes on after a literal that was refused before it was sent', async () => {
    const { connection, peer } = connectPeer();
    const created = rejectionOf(connection.run(['CREATE ', Buffer.from('a\nb')], patience()));
    await peer.answer('', 'NO Not allowed');
    expect(await created).toBeInstanceOf(CommandRefusedError);

    const done = connection.run('NOOP', patience());

    expect(await peer.answer()).toBe('NOOP');
    await done;
  });

  test('a farewell before the commands ahead of LOGOUT are answered is bad news for them, with its words', async () => {
    const { connection, peer } = connectPeer();
    const listing = rejectionOf(connection.run('LIST "" "*"', patience()));
    const out = connection.logout(patience());
    await peer.line();
    await peer.line();
    peer.send('* BYE [UNAVAILABLE] Too many connections\r\n');
    expect(await listing).toMatchObject({ name: 'ThrottledError', limit: 'connections' });
    await out;
  });

  test('shows words in UTF-8 as they are meant, and other bytes as they are', async () => {
    const { connection, peer } = connectPeer();
    const utf8 = rejectionOf(connection.run('NOOP', patience()));
    await peer.answer('', 'NO \xe5\xaf\x86\xe7\xa0\x81');
    expect(await utf8).toMatchObject({ serverText: '密码' });
    const latin1 = rejectionOf(connection.run('NOOP', patience()));
    await peer.answer('', 'NO gel\xf6scht');
    expect(await latin1).toMatchObject({ serverText: 'gelöscht' });
  });

  test('says goodbye politely', async () => {
    const { connection, peer } = connectPeer();
    const out = connection.logout(patience());
    await peer.answer('* BYE logging out\r\n');
    await out;

    expect(connection.closed).toBe(true);
  });

  test('does not wait for ever to say goodbye', async () => {
    const { connection } = connectPeer();

    await connection.logout(patience(20));

    expect(connection.closed).toBe(true);
  });
});
