import { CommandRefusedError } from '../../../shared/imap/errors.ts';
import { createMailbox } from '../../../shared/imap/mailbox/create-mailbox.ts';
import { examineMailbox } from '../../../shared/imap/mailbox/examine-mailbox.ts';
import { fetchFlags } from '../../../shared/imap/mailbox/fetch-flags.ts';
import { mailboxExists } from '../../../shared/imap/mailbox/mailbox-exists.ts';
import { searchUids } from '../../../shared/imap/mailbox/search-uids.ts';
import { selectMailbox } from '../../../shared/imap/mailbox/select-mailbox.ts';
import { statusOfMailbox } from '../../../shared/imap/mailbox/status-of-mailbox.ts';
import { statusOfMailboxes } from '../../../shared/imap/mailbox/status-of-mailboxes.ts';
import { storeFlags } from '../../../shared/imap/mailbox/store-flags.ts';
import { subscribeMailbox } from '../../../shared/imap/mailbox/subscribe-mailbox.ts';
import type { AppendOutcome } from '../../../shared/imap/transfer/append-outcome.ts';
import { openAppender } from '../../../shared/imap/transfer/appender.ts';
import { fetchMessages } from '../../../shared/imap/transfer/fetch-messages.ts';
import type { ImapConnection } from '../../../shared/imap/wire/imap-connection.ts';
import { type Dovecot, startDovecot } from '../../support/dovecot.ts';
import { openImapConnection } from '../../support/open-imap-connection.ts';
import { patience, rejectionOf } from '../../support/scripted-peer.ts';
import { withResource } from '../../support/with-resource.ts';

const WAIT = patience(60_000);
const NAMES = ['plain', 'Entwürfe & Notizen', '受信トレイ', '🎉 "quoted"', 'per%cent', 'star*', ' blanks '];

async function all<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const row of rows) list.push(row);
  return list;
}

async function append(
  c: ImapConnection,
  path: string,
  texts: readonly string[],
  options: { batchMessages?: number } = {},
): Promise<AppendOutcome[]> {
  const appender = openAppender(c, path, { wait: WAIT, ...options });
  const outcomes: Promise<AppendOutcome>[] = [];
  for (const text of texts) {
    const body = (async function* () {
      yield Buffer.from(text);
    })();
    const message = { flags: [], internalDate: '', size: Buffer.byteLength(text), body };
    outcomes.push((await appender.append(message)).outcome);
  }
  await appender.flush();
  return Promise.all(outcomes);
}

describe.each([
  ['all that Dovecot can do', undefined],
  ['no extension at all', 'IMAP4rev1'],
])('on a server with %s', (_, capability) => {
  let server: Dovecot;
  let users = 0;
  beforeAll(async () => {
    server = await startDovecot(capability === undefined ? {} : { capability });
  });
  afterAll(async () => server.stop());

  async function connect(): Promise<ImapConnection> {
    users += 1;
    const user = `user${users}`;
    await server.addUser(user, 'secret');
    return openImapConnection({ host: server.host, port: server.port, user, password: 'secret' });
  }

  test('mailboxes of any name are made, found, counted and opened', async () => {
    const c = await connect();
    for (const name of NAMES) {
      await createMailbox(c, name, WAIT);
      await createMailbox(c, name, WAIT); // again is as good
      await subscribeMailbox(c, name, WAIT);
      expect(await mailboxExists(c, name, WAIT)).toBe(true);
      await append(c, name, [`Subject: in ${name}\r\n\r\n`]);
    }
    expect(await mailboxExists(c, 'no such', WAIT)).toBe(false);

    const counters = await statusOfMailboxes(c, [...NAMES, 'no such', 'INBOX'], WAIT);

    for (const name of NAMES) {
      expect(counters.get(name)).toMatchObject({ messages: 1, uidNext: 2 });
      const { readOnly, path, ...opened } = await examineMailbox(c, name, WAIT);
      expect({ readOnly, path }).toEqual({ readOnly: true, path: name });
      expect(opened).toMatchObject({ messages: 1, uidNext: 2 });
      expect((await statusOfMailbox(c, name, WAIT)).uidValidity).toBe(opened.uidValidity);
    }
    expect(counters.get('no such')).toBeInstanceOf(CommandRefusedError);
    expect(counters.get('INBOX')).toMatchObject({ messages: 0 });
    await c.logout(WAIT);
  });

  test('a mailbox that does not exist is refused, and the connection goes on', async () => {
    const c = await connect();

    expect(await rejectionOf(examineMailbox(c, 'no such', WAIT))).toMatchObject({
      command: 'EXAMINE',
      status: 'NO',
    });
    // two messages that share a command share its refusal
    const kind = capability === undefined ? 'undecided' : 'refused';
    expect(await append(c, 'no such', ['x', 'y'.repeat(10_000)])).toMatchObject([
      { kind, error: { responseCode: 'TRYCREATE' } },
      { kind, error: { responseCode: 'TRYCREATE' } },
    ]);
    expect(await append(c, 'INBOX', ['x'])).toMatchObject([{ kind: 'appended' }]);
    await c.logout(WAIT);
  });

  test('flags are written, read back, and found again by what has changed', async () => {
    const c = await connect();
    await append(c, 'INBOX', ['1', '2', '3', '4']);
    const opened = await selectMailbox(c, 'INBOX', WAIT);
    expect(opened.permanentFlags?.flags).toContain('\\Seen');
    expect(opened.permanentFlags?.anyKeyword).toBe(true);

    const refusals = await storeFlags(
      c,
      [
        { uids: [1, 3], flags: ['\\Seen', 'work'] },
        { uids: [4], flags: ['\\Flagged'] },
        { uids: [99], flags: ['\\Seen'] },
      ],
      WAIT,
    );

    expect(refusals).toEqual(new Map());
    const flags = async (query: Parameters<typeof fetchFlags>[1]) =>
      (await all(fetchFlags(c, query, WAIT))).map(
        ({ uid, flags: list }) =>
          `${uid} ${list
            .filter((flag) => flag !== '\\Recent')
            .toSorted()
            .join(' ')}`,
      );
    expect(await flags({ uids: [1, 2, 3, 99] })).toEqual(['1 \\Seen work', '2 ', '3 \\Seen work']);
    expect(await flags({ range: { from: 3 } })).toEqual(['3 \\Seen work', '4 \\Flagged']);
    expect(await flags({ range: { from: 90 } })).toEqual([]);
    await c.logout(WAIT);
  });

  test('flags that the server refuses are left out and the others written', async () => {
    const c = await connect();
    await append(c, 'INBOX', ['1']);
    await selectMailbox(c, 'INBOX', WAIT);

    const refusals = await storeFlags(c, [{ uids: [1], flags: ['\\Seen', '\\Invented', 'work'] }], WAIT);

    expect(refusals.get(1)).toMatchObject({ dropped: ['\\Invented'], written: true });
    const [row] = await all(fetchFlags(c, { uids: [1] }, WAIT));
    expect(row?.flags.filter((flag) => flag !== '\\Recent').toSorted()).toEqual(['\\Seen', 'work']);
    await c.logout(WAIT);
  });

  test('UIDs are found in ranges, also past the last one', async () => {
    const c = await connect();
    await append(c, 'INBOX', ['1', '2', '3', '4', '5']);
    await examineMailbox(c, 'INBOX', WAIT);

    expect([...(await searchUids(c, { from: 1 }, WAIT))]).toEqual([1, 2, 3, 4, 5]);
    expect([...(await searchUids(c, { from: 2, to: 3 }, WAIT))]).toEqual([2, 3]);
    expect([...(await searchUids(c, { from: 6 }, WAIT))]).toEqual([]);
    expect([...(await searchUids(c, { from: 9, to: 3 }, WAIT))]).toEqual([]);
    await c.logout(WAIT);
  });

  test('messages that vanished meanwhile do not come', async () => {
    const c = await connect();
    await append(c, 'INBOX', ['1', '2', '3']);
    await selectMailbox(c, 'INBOX', WAIT);
    await storeFlags(c, [{ uids: [2], flags: ['\\Deleted'] }], WAIT);
    await c.run('EXPUNGE', WAIT);

    const uids: number[] = [];
    for await (const { uid } of fetchMessages(c, [1, 2, 3, 4], WAIT)) uids.push(uid);

    expect(uids).toEqual([1, 3]);
    await c.logout(WAIT);
  });
});

test('a server with CONDSTORE tells what has changed since', async () => {
  await withResource(await startDovecot({ users: { u: 'secret' } }), async (server) => {
    const c = await openImapConnection({
      host: server.host,
      port: server.port,
      user: 'u',
      password: 'secret',
    });
    await append(c, 'INBOX', ['1', '2', '3']);
    await selectMailbox(c, 'INBOX', WAIT);
    const { highestModseq } = await statusOfMailbox(c, 'INBOX', WAIT);
    await storeFlags(c, [{ uids: [2], flags: ['\\Answered'] }], WAIT);

    const changed = await all(fetchFlags(c, { range: { from: 1 }, changedSince: highestModseq ?? 0n }, WAIT));

    expect(highestModseq).toBeGreaterThan(0n);
    expect(changed.map(({ uid }) => uid)).toEqual([2]);
    await c.logout(WAIT);
  });
});

describe('a server that refuses what it is given', () => {
  test('over quota refuses the messages that do not fit, one by one, in every mode', async () => {
    for (const capability of [undefined, 'IMAP4rev1 LITERAL-', 'IMAP4rev1']) {
      await withResource(
        await startDovecot({
          users: { u: 'secret' },
          ...(capability === undefined ? {} : { capability }),
          settings: {
            mail_plugins: 'quota',
            'plugin/quota': 'count:User',
            'plugin/quota_rule': '*:storage=20k',
            'plugin/quota_vsizes': 'yes',
          },
        }),
        async (server) => {
          const c = await openImapConnection({
            host: server.host,
            port: server.port,
            user: 'u',
            password: 'secret',
          });

          const texts = ['small', 'x'.repeat(30_000), 'y'.repeat(9000), 'z'.repeat(30_000), 'last'];
          const outcomes = await append(c, 'INBOX', texts, { batchMessages: 1 });

          expect(outcomes.map(({ kind }) => kind)).toEqual([
            'appended',
            'refused',
            'appended',
            'refused',
            'appended',
          ]);
          expect(outcomes[1]).toMatchObject({ error: { reason: 'over-quota', responseCode: 'OVERQUOTA' } });
          await examineMailbox(c, 'INBOX', WAIT);
          expect([...(await searchUids(c, { from: 1 }, WAIT))]).toEqual([1, 2, 3]);
          await c.logout(WAIT);
        },
      );
    }
  });

  test('loses nothing but the message that was half sent when the lease lapses', async () => {
    await withResource(await startDovecot({ users: { u: 'secret' } }), async (server) => {
      const access = { host: server.host, port: server.port, user: 'u', password: 'secret' };
      const c = await openImapConnection(access);
      await append(c, 'INBOX', ['before']);
      let valid = true;
      const appender = openAppender(c, 'INBOX', { wait: WAIT, mayWrite: () => valid });
      const body = (async function* () {
        for (let sent = 0; sent < 100; sent += 1) {
          if (sent === 99) valid = false;
          yield Buffer.alloc(10_000, 'x');
        }
      })();

      await rejectionOf(appender.append({ flags: [], internalDate: '', size: 1_000_000, body }));

      const after = await openImapConnection(access);
      expect(await statusOfMailbox(after, 'INBOX', WAIT)).toMatchObject({ messages: 1 });
      await after.logout(WAIT);
    });
  });
});
