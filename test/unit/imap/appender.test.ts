import { AppendWindow } from '../../../shared/imap/transfer/append-window.ts';
import {
  CommandRefusedError,
  CommandTimeoutError,
  ConnectionClosedError,
  ThrottledError,
} from '../../../shared/imap/errors.ts';
import type { AppendOutcome } from '../../../shared/imap/transfer/append-outcome.ts';
import {
  type AppendRequest,
  type Appender,
  type AppenderOptions,
  openAppender,
} from '../../../shared/imap/transfer/appender.ts';
import { BodySizeMismatchError, LeaseLapsedError } from '../../../shared/imap/transfer/errors.ts';
import { connectPeer, patience, rejectionOf, type ScriptedPeer, tagOf } from '../../support/scripted-peer.ts';

const DATE = ' 7-Jan-2001 02:44:25 +0500';

async function* chunks(...parts: string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Buffer.from(part, 'latin1');
}

function message(text: string, more: Partial<AppendRequest> = {}): AppendRequest {
  return { flags: ['\\Seen'], internalDate: DATE, size: text.length, body: chunks(text), ...more };
}

function open(capabilities: string[], options: Partial<AppenderOptions> = {}) {
  const { connection, peer } = connectPeer({ capabilities });
  const appender = openAppender(connection, 'Sent Items', { wait: patience(), ...options });
  return { connection, peer, appender };
}

async function outcomeOf(appender: Appender, request: AppendRequest): Promise<AppendOutcome> {
  return (await appender.append(request)).outcome;
}

/** Reads one APPEND with a literal that needs no leave. */
async function receive(peer: ScriptedPeer): Promise<{ tag: string; line: string; body: string }> {
  const line = await peer.line();
  const size = Number(/\{(\d+)\+?\}$/.exec(line)?.[1]);
  const body = await peer.bytes(size);
  expect(await peer.line()).toBe('');
  return { tag: tagOf(line), line: line.slice(tagOf(line).length + 1), body: body.toString('latin1') };
}

/** The first part, then a wait, then the rest. */
async function* slowly(first: string, gate: Promise<void>, rest = ''): AsyncGenerator<Uint8Array> {
  yield Buffer.from(first);
  await gate;
  if (rest !== '') yield Buffer.from(rest);
}

describe('with LITERAL+ an appender', () => {
  test('sends messages without waiting, and ties each answer to its message', async () => {
    const { peer, appender } = open(['LITERAL+', 'UIDPLUS']);

    const first = await appender.append(message('one', { flags: ['\\Seen', '$Forwarded'] }));
    const second = await appender.append(message('', { flags: [] }));
    const third = await appender.append(
      message('three\r\n{5}', { internalDate: '7-Jan-2001 02:44:25 +0500' }),
    );
    const received = [await receive(peer), await receive(peer), await receive(peer)];
    peer.send(`${received[1]?.tag} NO [TOOBIG] no\r\n${received[2]?.tag} OK [APPENDUID 9 12] done\r\n`);
    peer.send(`${received[0]?.tag} OK [APPENDUID 9 11] done\r\n`);

    expect(received.map(({ line }) => line)).toEqual([
      `APPEND "Sent Items" (\\Seen $Forwarded) "${DATE}" {3+}`,
      `APPEND "Sent Items" () "${DATE}" {0+}`,
      `APPEND "Sent Items" (\\Seen) "${DATE}" {10+}`,
    ]);
    expect(received.map(({ body }) => body)).toEqual(['one', '', 'three\r\n{5}']);
    expect(await first.outcome).toEqual({ kind: 'appended', uid: 11, uidValidity: 9 });
    expect(await second.outcome).toMatchObject({ kind: 'refused', error: { responseCode: 'TOOBIG' } });
    expect(await third.outcome).toEqual({ kind: 'appended', uid: 12, uidValidity: 9 });
  });

  test('sends the whole literal even when the server refuses early', async () => {
    const { peer, appender } = open(['LITERAL+']);
    const gate = Promise.withResolvers<void>();
    const appending = appender.append(message('', { size: 9, body: slowly('begin ', gate.promise, 'end') }));
    const line = await peer.line();
    await peer.bytes(6);
    peer.send(`${tagOf(line)} NO [OVERQUOTA] full\r\n`);
    await new Promise(setImmediate);
    gate.resolve();

    expect((await peer.bytes(5)).toString()).toBe('end\r\n');
    expect(await (await appending).outcome).toMatchObject({
      kind: 'refused',
      error: { reason: 'over-quota' },
    });
  });

  test('holds back while too many messages are unanswered', async () => {
    const { peer, appender } = open(['LITERAL+'], { window: new AppendWindow(2, 1000) });
    await appender.append(message('a'));
    await appender.append(message('b'));
    let third = false;
    const waiting = appender.append(message('c')).then((result) => {
      third = true;
      return result;
    });
    const { tag } = await receive(peer);
    await receive(peer);
    await new Promise(setImmediate);
    expect(third).toBe(false);

    peer.send(`${tag} OK\r\n`);

    await waiting;
    expect((await receive(peer)).body).toBe('c');
  });

  test('holds back while too many bytes are unanswered, but never within a message', async () => {
    const { peer, appender } = open(['LITERAL+'], { window: new AppendWindow(1000, 10) });
    const large = await appender.append(message('x'.repeat(100)));
    const next = appender.append(message('y'));
    const { tag, body } = await receive(peer);
    expect(body).toHaveLength(100);
    expect(peer.unread).toBe(0);

    peer.send(`${tag} OK\r\n`);

    expect(await large.outcome).toEqual({ kind: 'appended' });
    await next;
    expect((await receive(peer)).body).toBe('y');
  });

  test('keeps memory flat when the server reads slowly', async () => {
    const { connection, peer, appender } = open(['LITERAL+']);
    const piece = Buffer.alloc(64 * 1024, 'm');
    const count = 480; // 30 MB
    async function* body(): AsyncGenerator<Uint8Array> {
      for (let index = 0; index < count; index += 1) yield piece;
    }
    const { stream } = peer;
    stream.removeAllListeners('data');
    let received = 0;
    stream.on('data', (chunk: Buffer) => {
      received += chunk.length;
      stream.pause();
      setImmediate(() => stream.resume());
    });

    await appender.append(message('', { size: count * piece.length, body: body() }));

    expect(received).toBeGreaterThan(count * piece.length - 1024 * 1024);
    expect(connection.unsent.peak).toBeLessThan(1024 * 1024);
  });

  test('flushes when every outcome is there', async () => {
    const { peer, appender } = open(['LITERAL+']);
    const results = [await appender.append(message('a')), await appender.append(message('b'))];
    let settled = 0;
    for (const { outcome } of results) outcome.then(() => (settled += 1)).catch(() => undefined);
    const flushed = appender.flush();
    for (let index = 0; index < 2; index += 1) {
      expect(settled).toBe(index);
      const { tag } = await receive(peer);
      peer.send(`${tag} OK\r\n`);
      await results[index]?.outcome;
    }

    await flushed;
    expect(settled).toBe(2);
  });
});

describe('with LITERAL- an appender', () => {
  test('sends small messages without waiting and asks before large ones', async () => {
    const { peer, appender } = open(['LITERAL-']);
    const large = 'x'.repeat(4097);
    const first = await appender.append(message('y'.repeat(4096)));
    const second = appender.append(message(large));
    const small = await receive(peer);
    const line = await peer.line();
    expect(line).toMatch(/\{4097\}$/);
    expect(peer.unread).toBe(0);

    peer.send(`${small.tag} OK\r\n+ send it\r\n`);

    expect((await peer.bytes(4097)).toString()).toBe(large);
    expect(await peer.line()).toBe('');
    peer.send(`${tagOf(line)} OK\r\n`);
    expect(await first.outcome).toEqual({ kind: 'appended' });
    expect(await (await second).outcome).toEqual({ kind: 'appended' });
  });
});

describe('without LITERAL+ an appender', () => {
  test('sends the next command right behind the literal', async () => {
    const { peer, appender } = open([]);
    const first = appender.append(message('one'));
    const line = await peer.line();
    peer.send('+ ok\r\n');
    expect((await peer.bytes(5)).toString()).toBe('one\r\n');
    const { outcome } = await first;

    const second = appender.append(message('two'));
    const nextLine = await peer.line(); // before the first is answered
    peer.send(`${tagOf(line)} OK\r\n+ ok\r\n`);
    expect((await peer.bytes(5)).toString()).toBe('two\r\n');
    peer.send(`${tagOf(nextLine)} OK\r\n`);

    expect(await outcome).toEqual({ kind: 'appended' });
    expect(await (await second).outcome).toEqual({ kind: 'appended' });
  });

  test('drops the body of a message that is refused before it was sent, and goes on', async () => {
    const { peer, appender } = open([]);
    let read = 0;
    async function* body(): AsyncGenerator<Uint8Array> {
      for (const part of ['a', 'b', 'c']) {
        read += 1;
        yield Buffer.from(part);
      }
    }
    const first = appender.append(message('abc', { body: body() }));
    await peer.answer('', 'NO [TRYCREATE] no such mailbox');
    expect(await (await first).outcome).toMatchObject({
      kind: 'refused',
      error: { responseCode: 'TRYCREATE', command: 'APPEND' },
    });
    expect(read).toBe(3);

    const second = appender.append(message('next'));
    const line = await peer.line();
    expect(line).toMatch(/APPEND .* \{4\}$/);
    peer.send('+ ok\r\n');
    await peer.bytes(6);
    peer.send(`${tagOf(line)} OK\r\n`);
    expect(await (await second).outcome).toEqual({ kind: 'appended' });
  });

  test('takes an early or repeated continuation for nothing', async () => {
    const { peer, appender } = open([]);
    peer.send('+ too early\r\n');
    await new Promise(setImmediate);
    const appending = appender.append(message('one'));
    const line = await peer.line();
    expect(peer.unread).toBe(0);
    peer.send('+ ok\r\n+ ok\r\n');
    await peer.bytes(5);
    peer.send(`${tagOf(line)} OK\r\n`);

    expect(await (await appending).outcome).toEqual({ kind: 'appended' });
  });
});

describe.each([['LITERAL+'], ['LITERAL-'], ['']])('an appender (%s)', (capability) => {
  const lively = (peer: ScriptedPeer): void => {
    // gives leave to whatever asks for it
    if (capability === '') peer.send('+ ok\r\n');
  };
  const start = (options: Partial<AppenderOptions> = {}) => open([capability], options);

  test.each([
    ['less', 'ab', '', 2],
    ['more', 'abcd', 'ef', 6],
  ])('destroys the connection when a body has %s bytes than announced', async (_, first, rest, actual) => {
    const { connection, peer, appender } = start();
    const gate = Promise.withResolvers<void>();
    const body = slowly(first, gate.promise, rest);
    const failed = rejectionOf(appender.append(message('', { size: 4, body })));
    await peer.line();
    lively(peer);
    gate.resolve();

    const error = await failed;

    expect(error).toBeInstanceOf(BodySizeMismatchError);
    expect(error).toMatchObject({ declared: 4, actual });
    expect(connection.closed).toBe(true);
    await expect(peer.bytes(100)).rejects.toThrow('The client has gone');
  });

  test('destroys the connection when a body breaks off, and throws what the body threw', async () => {
    const { connection, peer, appender } = start();
    const broken = new Error('source is gone');
    const gate = Promise.withResolvers<void>();
    const failed = rejectionOf(appender.append(message('abcd', { body: slowly('ab', gate.promise) })));
    await peer.line();
    lively(peer);
    await peer.bytes(2);
    gate.reject(broken);

    expect(await failed).toBe(broken);
    expect(connection.failure).toBeInstanceOf(ConnectionClosedError);
    expect(connection.failure?.cause).toBe(broken);
  });

  test('keeps the connection when a body cannot be read at all', async () => {
    const { connection, peer, appender } = start();
    const body = {
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('source is gone')) }),
    };

    await rejectionOf(appender.append(message('abcd', { body })));

    expect(connection.closed).toBe(false);
    expect(peer.unread).toBe(0);
  });

  test('sends nothing once the lease has lapsed', async () => {
    const { connection, peer, appender } = start({ mayWrite: () => false });

    expect(await rejectionOf(appender.append(message('abcd')))).toBeInstanceOf(LeaseLapsedError);
    expect(connection.closed).toBe(true);
    await expect(peer.line()).rejects.toThrow('had sent ""');
  });

  test.each(['ab', 'abcd'])(
    'leaves a message unfinished when the lease lapses after %j of it',
    async (sent) => {
      let valid = true;
      const { connection, peer, appender } = start({ mayWrite: () => valid });
      const gate = Promise.withResolvers<void>();
      const rest = 'abcd'.slice(sent.length);
      const body = slowly(sent, gate.promise, rest);
      const failed = rejectionOf(appender.append(message('abcd', { body })));
      await peer.line();
      lively(peer);
      await peer.bytes(sent.length);
      valid = false;
      gate.resolve();

      expect(await failed).toBeInstanceOf(LeaseLapsedError);
      expect(connection.closed).toBe(true);
      // not even the line end that would complete the message
      await expect(peer.bytes(1)).rejects.toThrow('had sent ""');
    },
  );

  test('rejects outcomes whose answer was lost with the connection', async () => {
    const { peer, appender } = start();
    const appending = appender.append(message('abcd'));
    await peer.line();
    lively(peer);
    const { outcome } = await appending;
    const failed = rejectionOf(outcome);
    peer.close();

    expect(await failed).toBeInstanceOf(ConnectionClosedError);
    await appender.flush();
    expect(await rejectionOf(appender.append(message('next')))).toBeInstanceOf(ConnectionClosedError);
  });

  test('rejects when throttled, and sends no more', async () => {
    const { peer, appender } = start();
    const appending = appender.append(message('abcd'));
    const line = await peer.line();
    lively(peer);
    const { outcome } = await appending;
    await peer.bytes(6);
    peer.send(`${tagOf(line)} NO Request is throttled. Suggested Backoff Time: 5000 milliseconds\r\n`);

    expect(await rejectionOf(outcome)).toMatchObject({ waitMs: 5000 });
    expect(await rejectionOf(appender.append(message('next')))).toBeInstanceOf(ThrottledError);
    expect(peer.unread).toBe(0);
  });

  test('gives up a server that answers nothing', async () => {
    const { peer, appender } = start({ wait: patience(20) });
    const appending = appender.append(message('abcd'));
    await peer.line();
    lively(peer);

    expect(await rejectionOf(appending.then(({ outcome }) => outcome))).toBeInstanceOf(CommandTimeoutError);
  });

  test('does not blame the server while it is the source that is slow', async () => {
    const { peer, appender } = start({ wait: patience(20) });
    // longer than the deadline
    const pause = new Promise<void>((resolve) => setTimeout(resolve, 60));
    const appending = appender.append(message('abcd', { body: slowly('ab', pause, 'cd') }));
    const line = await peer.line();
    lively(peer);
    await peer.bytes(6);
    peer.send(`${tagOf(line)} OK\r\n`);

    expect(await (await appending).outcome).toEqual({ kind: 'appended' });
  });

  test('refuses by itself what the server has announced to refuse', async () => {
    const { peer, appender } = open([capability, 'APPENDLIMIT=3']);

    const outcome = await outcomeOf(appender, message('abcd'));

    expect(outcome).toMatchObject({ kind: 'refused', error: { responseCode: 'TOOBIG' } });
    expect(peer.unread).toBe(0);
  });

  test.each([
    ['flag', { flags: ['a) "x" {1}\r\nMh9 DELETE INBOX'] }],
    ['date', { internalDate: '1" {1}\r\nMh9 DELETE INBOX' }],
  ])('never lets a %s become a command', async (_, more) => {
    const { peer, appender } = start();

    const outcome = await outcomeOf(appender, message('abcd', more));

    expect(outcome).toMatchObject({ kind: 'refused' });
    expect(outcome).toHaveProperty('error', expect.any(CommandRefusedError));
    expect(peer.unread).toBe(0);
  });
});

describe('APPENDUID', () => {
  test.each([
    ['[APPENDUID 9 11]', { kind: 'appended', uid: 11, uidValidity: 9 }],
    ['[APPENDUID 9 0]', { kind: 'appended' }],
    ['[APPENDUID 9 99999999999]', { kind: 'appended' }],
    ['[APPENDUID nonsense]', { kind: 'appended' }],
    ['', { kind: 'appended' }],
  ])('%j is read', async (code, expected) => {
    const { peer, appender } = open(['LITERAL+']);
    const { outcome } = await appender.append(message('a'));
    const { tag } = await receive(peer);
    peer.send(`${tag} OK ${code} done\r\n`);

    expect(await outcome).toEqual(expected);
  });
});
