import { ConnectionClosedError, ThrottledError } from '../../../shared/imap/errors.ts';
import type { AppendOutcome } from '../../../shared/imap/transfer/append-outcome.ts';
import { AppendWindow } from '../../../shared/imap/transfer/append-window.ts';
import {
  type Appender,
  type AppenderOptions,
  type AppendRequest,
  openAppender,
} from '../../../shared/imap/transfer/appender.ts';
import { LeaseLapsedError } from '../../../shared/imap/transfer/errors.ts';
import { connectPeer, patience, rejectionOf, type ScriptedPeer, tagOf } from '../../support/scripted-peer.ts';

const NEVER_IDLE = { batchIdleMs: 9_000 };

async function* inChunks(...parts: string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield Buffer.from(part, 'latin1');
}

function message(text: string, more: Partial<AppendRequest> = {}): AppendRequest {
  return { flags: [], internalDate: '', size: text.length, body: inChunks(text), ...more };
}

function open(options: Partial<AppenderOptions> = {}, more: string[] = []) {
  const capabilities = ['LITERAL+', 'MULTIAPPEND', 'UIDPLUS', ...more];
  const { connection, peer } = connectPeer({ capabilities });
  const appender = openAppender(connection, 'Box', { wait: patience(), ...NEVER_IDLE, ...options });
  return { connection, peer, appender };
}

/** Reads one APPEND to its end. */
async function receive(peer: ScriptedPeer): Promise<{ tag: string; heads: string[]; bodies: string[] }> {
  const first = await peer.line();
  const heads: string[] = [];
  const bodies: string[] = [];
  for (let line = first.slice(tagOf(first).length); line !== ''; line = await peer.line()) {
    heads.push(line);
    bodies.push((await peer.bytes(Number(/\{(\d+)\+\}$/.exec(line)?.[1]))).toString('latin1'));
  }
  return { tag: tagOf(first), heads, bodies };
}

async function sendAll(
  appender: Appender,
  ...texts: string[]
): Promise<{ outcomes: Array<Promise<AppendOutcome>> }> {
  const outcomes = [];
  for (const text of texts) outcomes.push((await appender.append(message(text))).outcome);
  return { outcomes };
}

describe('with MULTIAPPEND and LITERAL+ an appender', () => {
  test('sends several messages in one command, byte for byte', async () => {
    const { peer, appender } = open();
    const date = '17-Jan-2001 02:44:25 +0500';
    await appender.append(message('one {3+}\r\n', { flags: ['\\Seen', 'work'], internalDate: date }));
    await appender.append(message('two', { internalDate: ' 7-Jan-2001 02:44:25 +0500' }));
    await appender.append(message('three', { body: inChunks('th', 'r', 'ee') }));
    void appender.flush();

    const expected =
      'Mh1 APPEND "Box" (\\Seen work) "17-Jan-2001 02:44:25 +0500" {10+}\r\none {3+}\r\n' +
      ' () " 7-Jan-2001 02:44:25 +0500" {3+}\r\ntwo' +
      ' () {5+}\r\nthree\r\n';
    expect((await peer.bytes(expected.length)).toString('latin1')).toBe(expected);
    await new Promise(setImmediate);
    expect(peer.unread).toBe(0);
  });

  test.each([
    ['11:13', [11, 12, 13]],
    ['11,13:14', [11, 13, 14]],
    ['11,20,500', [11, 20, 500]],
    ['13:11', [11, 12, 13]],
  ])('gives each message its UID from the set %s', async (set, uids) => {
    const { peer, appender } = open();
    const { outcomes } = await sendAll(appender, 'a', 'b', 'c');
    const flushed = appender.flush();
    peer.send(`${(await receive(peer)).tag} OK [APPENDUID 9 ${set}] done\r\n`);
    await flushed;

    expect(await Promise.all(outcomes)).toEqual(
      uids.map((uid) => ({ kind: 'appended', uid, uidValidity: 9 })),
    );
  });

  test.each([
    '9 11:12',
    '9 11:14',
    '9 11',
    '9 11,11,12',
    '9 13,12,11',
    '9 1:4294967295',
    '0 1:3',
    '9 x',
    '9',
  ])('knows no UID where the set says nothing certain (%j)', async (words) => {
    const { peer, appender } = open();
    const { outcomes } = await sendAll(appender, 'a', 'b', 'c');
    void appender.flush();
    peer.send(`${(await receive(peer)).tag} OK [APPENDUID ${words}] done\r\n`);

    expect(await Promise.all(outcomes)).toEqual([1, 2, 3].map(() => ({ kind: 'appended' })));
  });

  test.each(['NO [OVERQUOTA] full', 'BAD what?'])(
    'leaves every message of a batch undecided that is refused (%s), and a single one refused',
    async (answer) => {
      const { peer, appender } = open();
      const { outcomes: together } = await sendAll(appender, 'a', 'b');
      void appender.flush();
      peer.send(`${(await receive(peer)).tag} ${answer}\r\n`);
      expect((await Promise.all(together)).map(({ kind }) => kind)).toEqual(['undecided', 'undecided']);

      const {
        outcomes: [alone],
      } = await sendAll(appender, 'c');
      peer.send(`${(await receive(peer)).tag} ${answer}\r\n`);
      expect(await alone).toMatchObject({ kind: 'refused', error: { command: 'APPEND' } });
    },
  );

  test('sends one by one after a refusal, and more together again as they are taken', async () => {
    const { peer, appender } = open({ batchMessages: 4 });
    await sendAll(appender, 'a', 'b', 'c', 'd');
    peer.send(`${(await receive(peer)).tag} NO\r\n`);
    await new Promise(setImmediate);
    const sizes: number[] = [];
    for (const expected of [1, 2, 4, 4]) {
      const { outcomes } = await sendAll(appender, ...Array.from({ length: expected }, () => 'x'));
      const { tag, bodies } = await receive(peer);
      sizes.push(bodies.length);
      peer.send(`${tag} OK\r\n`);
      await Promise.all(outcomes);
    }

    expect(sizes).toEqual([1, 2, 4, 4]);
  });

  test('ends a batch at its number of messages, and has several under way', async () => {
    const { peer, appender } = open();
    await sendAll(appender, ...Array.from({ length: 130 }, (_, index) => String(index)));
    const counts = [await receive(peer), await receive(peer)].map(({ bodies }) => bodies.length);

    expect(counts).toEqual([64, 64]);
    void appender.flush();
    expect((await receive(peer)).bodies).toEqual(['128', '129']);
  });

  test('ends a batch before it takes more than a quarter of the window', async () => {
    const { peer, appender } = open({ window: new AppendWindow(1000, 400) });
    await sendAll(appender, 'a'.repeat(60), 'b'.repeat(40), 'c'.repeat(90), 'd'.repeat(20));

    expect((await receive(peer)).bodies.map(({ length }) => length)).toEqual([60, 40]);
    expect((await receive(peer)).bodies.map(({ length }) => length)).toEqual([90]);
  });

  test.each([
    ['a large one', message('l'.repeat(1024 * 1024 + 1))],
    ['an empty one, which would cancel the others', message('')],
  ])('sends %s alone', async (_, other) => {
    const { peer, appender } = open();
    await sendAll(appender, 'before');
    await appender.append(other);
    await sendAll(appender, 'after');
    void appender.flush();

    const received = [await receive(peer), await receive(peer), await receive(peer)];
    expect(received.map(({ bodies }) => bodies.map(({ length }) => length))).toEqual([
      [6],
      [other.size],
      [5],
    ]);
  });

  test.each([
    ['a flag of the system that is not everyone’s', { flags: ['\\Special'] }],
    ['a date that is none', { internalDate: '99-Foo-2001 00:00:00 +0000' }],
  ])(
    'asks before it sends the body of a message with %s, for it may be read as commands',
    async (_, more) => {
      const { peer, appender } = open();
      await sendAll(appender, 'before');
      const odd = appender.append(message('x1 DELETE INBOX\r\n', more));
      await receive(peer);
      const line = await peer.line();
      expect(line).toMatch(/ \{17\}$/);
      await new Promise(setImmediate);
      expect(peer.unread).toBe(0);
      peer.send(`${tagOf(line)} BAD Invalid argument\r\n`);

      expect(await (await odd).outcome).toMatchObject({ kind: 'refused' });
      await sendAll(appender, 'after');
      void appender.flush();
      expect((await receive(peer)).bodies).toEqual(['after']);
    },
  );

  test.each([
    ['messages', new AppendWindow(3, 1000)],
    ['bytes', new AppendWindow(1000, 4)],
  ])('ends a batch that fills the window (%s) rather than wait for its own answer', async (_, window) => {
    const { peer, appender } = open({ window });
    const sending = sendAll(appender, ...'abcdefgh'.split(''));
    let bodies = '';
    while (bodies.length < 8) {
      const received = await receive(peer);
      bodies += received.bodies.join('');
      peer.send(`${received.tag} OK\r\n`);
      if (bodies.length >= 6) void sending.then(() => appender.flush());
    }

    expect(bodies).toBe('abcdefgh');
    expect((await Promise.all((await sending).outcomes)).map(({ kind }) => kind)).toEqual(
      bodies.split('').map(() => 'appended'),
    );
  });

  test('ends a batch when no further message comes, also while the next one is awaited', async () => {
    const { peer, appender } = open({ batchIdleMs: 1 });
    const {
      outcomes: [outcome],
    } = await sendAll(appender, 'one');
    const gate = Promise.withResolvers<void>();
    const body = (async function* () {
      await gate.promise;
      yield Buffer.from('two');
    })();
    const next = appender.append(message('two', { body }));
    const first = await receive(peer);
    expect(first.bodies).toEqual(['one']);
    peer.send(`${first.tag} OK\r\n`);
    expect(await outcome).toEqual({ kind: 'appended' });

    gate.resolve();
    await next;
    expect((await receive(peer)).bodies).toEqual(['two']);
  });

  test('does not end a batch in the middle of a message, however slowly it comes', async () => {
    const { peer, appender } = open({ batchIdleMs: 1 });
    await sendAll(appender, 'one');
    // longer than the batch is kept open between messages
    const pause = new Promise<void>((resolve) => setTimeout(resolve, 30));
    const body = (async function* () {
      yield Buffer.from('t');
      await pause;
      yield Buffer.from('wo');
    })();
    await appender.append(message('two', { body }));

    expect((await receive(peer)).bodies.join()).toMatch(/^one(,two)?$/);
  });

  test('goes on to the end of a message when the server refuses early, and adds no further one', async () => {
    const { peer, appender } = open();
    const {
      outcomes: [first],
    } = await sendAll(appender, 'one');
    const gate = Promise.withResolvers<void>();
    const body = (async function* () {
      yield Buffer.from('t');
      await gate.promise;
      yield Buffer.from('wo');
    })();
    const appending = appender.append(message('two', { body }));
    const line = await peer.line();
    await peer.bytes('one () {3+}\r\nt'.length);
    peer.send(`${tagOf(line)} NO [OVERQUOTA] full\r\n`);
    await new Promise(setImmediate);
    gate.resolve();
    const { outcome } = await appending;
    await sendAll(appender, 'three');

    expect((await peer.bytes(4)).toString()).toBe('wo\r\n');
    expect(await Promise.all([first, outcome])).toMatchObject([{ kind: 'undecided' }, { kind: 'undecided' }]);
    void appender.flush();
    expect((await receive(peer)).bodies).toEqual(['three']);
  });

  test('knows nothing of a batch whose connection ends in the middle of it', async () => {
    const { connection, peer, appender } = open();
    const { outcomes } = await sendAll(appender, 'one', 'two');
    await peer.line();
    peer.send('* BYE going down\r\n');
    peer.close();

    for (const outcome of outcomes) expect(await rejectionOf(outcome)).toBeInstanceOf(ConnectionClosedError);
    await appender.flush();
    expect(connection.closed).toBe(true);
    expect(await rejectionOf(appender.append(message('next')))).toBeInstanceOf(ConnectionClosedError);
  });

  test('rejects a whole batch that is throttled, and sends no more', async () => {
    const { peer, appender } = open();
    const { outcomes } = await sendAll(appender, 'one', 'two');
    const flushed = appender.flush();
    peer.send(
      `${(await receive(peer)).tag} NO Request is throttled. Suggested Backoff Time: 5000 milliseconds\r\n`,
    );
    await flushed;

    for (const outcome of outcomes) expect(await rejectionOf(outcome)).toMatchObject({ waitMs: 5000 });
    expect(await rejectionOf(appender.append(message('next')))).toBeInstanceOf(ThrottledError);
    expect(peer.unread).toBe(0);
  });

  test('leaves a batch without its end when the lease has lapsed', async () => {
    let valid = true;
    const { connection, peer, appender } = open({ mayWrite: () => valid });
    const {
      outcomes: [outcome],
    } = await sendAll(appender, 'one');
    await peer.line();
    await peer.bytes(3);
    valid = false;
    await appender.flush();

    expect(await rejectionOf(outcome ?? Promise.resolve())).toBeInstanceOf(LeaseLapsedError);
    expect(connection.failure).toBeInstanceOf(LeaseLapsedError);
    await expect(peer.bytes(1)).rejects.toThrow('had sent ""');
  });

  test('loses the batch to a body that breaks off within it, not to one that never begins', async () => {
    const { connection, peer, appender } = open();
    const {
      outcomes: [first],
    } = await sendAll(appender, 'one');
    const broken = new Error('source is gone');
    const never = { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(broken) }) };
    expect(await rejectionOf(appender.append(message('two', { body: never })))).toBe(broken);
    void appender.flush();
    peer.send(`${(await receive(peer)).tag} OK [APPENDUID 9 1]\r\n`);
    expect(await first).toMatchObject({ uid: 1 });

    const {
      outcomes: [second],
    } = await sendAll(appender, 'three');
    const body = (async function* () {
      yield Buffer.from('f');
      throw broken;
    })();
    expect(await rejectionOf(appender.append(message('four', { body })))).toBe(broken);
    expect(await rejectionOf(second ?? Promise.resolve())).toBeInstanceOf(ConnectionClosedError);
    expect(connection.closed).toBe(true);
  });

  test('lets other commands through when a batch has ended', async () => {
    const { connection, peer, appender } = open({ batchIdleMs: 1 });
    await sendAll(appender, 'one');
    const noop = connection.run('NOOP', patience());
    await receive(peer);
    await peer.answer();

    expect((await noop).status).toBe('OK');
  });
});

test('without LITERAL+ messages do not share commands, whatever else the server can do', async () => {
  const { connection, peer } = connectPeer({ capabilities: ['LITERAL-', 'MULTIAPPEND'] });
  const appender = openAppender(connection, 'Box', { wait: patience() });
  await sendAll(appender, 'one', 'two');

  expect((await receive(peer)).bodies).toEqual(['one']);
  expect((await receive(peer)).bodies).toEqual(['two']);
});
