import { ConnectionClosedError } from '../../../shared/imap/errors.ts';
import { fetchFlags } from '../../../shared/imap/mailbox/fetch-flags.ts';
import { examineMailbox } from '../../../shared/imap/mailbox/examine-mailbox.ts';
import { mailboxExists } from '../../../shared/imap/mailbox/mailbox-exists.ts';
import { statusOfMailbox } from '../../../shared/imap/mailbox/status-of-mailbox.ts';
import type { AppendOutcome } from '../../../shared/imap/transfer/append-outcome.ts';
import { type AppendRequest, openAppender } from '../../../shared/imap/transfer/appender.ts';
import { LeaseLapsedError } from '../../../shared/imap/transfer/errors.ts';
import type { ImapConnection } from '../../../shared/imap/wire/imap-connection.ts';
import { type Dovecot, startDovecot } from '../../support/dovecot.ts';
import { eventually } from '../../support/eventually.ts';
import { openImapConnection } from '../../support/open-imap-connection.ts';
import { patience, rejectionOf } from '../../support/scripted-peer.ts';
import { withResource } from '../../support/with-resource.ts';

const WAIT = patience(60_000);

function message(text: string, flags: string[] = []): AppendRequest {
  const body = (async function* () {
    yield Buffer.from(text);
  })();
  return { flags, internalDate: '', size: text.length, body };
}

/** Dovecot announces MULTIAPPEND and LITERAL+. */
describe('messages that share a command', () => {
  let server: Dovecot;
  let user: string;
  let users = 0;
  let c: ImapConnection;

  beforeAll(async () => {
    server = await startDovecot();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    users += 1;
    user = `user${users}`;
    await server.addUser(user, 'secret');
    c = await openImapConnection(server.access(user));
  });
  afterEach(() => c.logout(WAIT));

  async function send(requests: readonly AppendRequest[]): Promise<AppendOutcome[]> {
    const appender = openAppender(c, 'INBOX', { wait: WAIT });
    const outcomes: Promise<AppendOutcome>[] = [];
    for (const request of requests) outcomes.push((await appender.append(request)).outcome);
    await appender.flush();
    return Promise.all(outcomes);
  }

  async function stored(): Promise<string[]> {
    const other = await openImapConnection(server.access(user));
    await examineMailbox(other, 'INBOX', WAIT);
    const rows: string[] = [];
    for await (const { uid, flags } of fetchFlags(other, { range: { from: 1 } }, WAIT))
      rows.push(`${uid} ${flags.filter((flag) => flag !== '\\Recent').join(' ')}`.trim());
    await other.logout(WAIT);
    return rows;
  }

  test('get consecutive UIDs in their order, each with its own flags', async () => {
    const outcomes = await send([
      message('one', ['\\Seen']),
      message('two', ['work', '\\Flagged']),
      message('three'),
    ]);

    const uidValidity = expect.any(Number) as number;
    expect(outcomes).toEqual([1, 2, 3].map((uid) => ({ kind: 'appended', uid, uidValidity })));
    expect((await stored()).map((row) => row.split(' ').toSorted().join(' '))).toEqual([
      '1 \\Seen',
      '2 \\Flagged work',
      '3',
    ]);
  });

  test.each([
    ['first', 0],
    ['middle one', 70],
    ['last', 199],
  ])(
    'are not stored when the %s of 200 has a keyword that the server refuses, but other batches are',
    async (_, bad) => {
      const texts = Array.from(
        { length: 200 },
        (__, index) => `Subject: ${index}\r\n\r\n${'x'.repeat(3_000)}`,
      );

      const outcomes = await send(
        texts.map((text, index) => message(text, index === bad ? ['k'.repeat(300)] : ['\\Seen'])),
      );

      const refused = outcomes.filter(({ kind }) => kind === 'undecided').length;
      expect(outcomes[bad]).toMatchObject({ kind: 'undecided', error: { command: 'APPEND' } });
      expect(refused).toBe(bad === 199 ? 8 : 64);
      expect(outcomes.filter(({ kind }) => kind === 'appended')).toHaveLength(200 - refused);
      expect(await stored()).toHaveLength(200 - refused);
      // the connection is in step
      expect((await send([message('after')]))[0]?.kind).toBe('appended');
    },
  );

  test('never let the text of a mail become commands, even where the server finds fault with a flag or date', async () => {
    const text = 'Subject: x\r\n\r\nx1 CREATE hacked\r\nx2 CREATE hacked\r\n';
    const outcomes = await send([
      message('one'),
      message(text, ['\\NoSuchFlag']),
      { ...message(text), internalDate: '99-Foo-2001 00:00:00 +0000' },
      message('two'),
    ]);

    expect(outcomes.map(({ kind }) => kind)).toEqual(['appended', 'refused', 'refused', 'appended']);
    expect(await mailboxExists(c, 'hacked', WAIT)).toBe(false);
  });

  test('do not suffer from an empty one among them', async () => {
    const outcomes = await send([message('one'), message(''), message('two')]);

    expect(outcomes.map(({ kind }) => kind)).toEqual(['appended', 'refused', 'appended']);
  });

  test('are all or none there when the connection is lost before the end of the command', async () => {
    const appender = openAppender(c, 'INBOX', { wait: WAIT, batchIdleMs: 10_000 });
    const sent = [await appender.append(message('one')), await appender.append(message('two'))];
    await server.kick(user);

    for (const { outcome } of sent) expect(await rejectionOf(outcome)).toBeInstanceOf(ConnectionClosedError);
    expect(await stored()).toEqual([]);
  });

  test('are none there when the lease lapses before the end of the command', async () => {
    let valid = true;
    const appender = openAppender(c, 'INBOX', { wait: WAIT, mayWrite: () => valid });
    const { outcome } = await appender.append(message('one'));
    valid = false;
    await appender.flush();

    expect(await rejectionOf(outcome)).toBeInstanceOf(LeaseLapsedError);
    await eventually('the server has let go of the connection', async () => {
      const who = await server.doveadm('who', '-1', user);
      return !who.split('\n').some((line) => line.startsWith(`${user} `));
    });
    expect(await stored()).toEqual([]);
  });

  test('arrive when no further one comes', async () => {
    const appender = openAppender(c, 'INBOX', { wait: WAIT, batchIdleMs: 1 });
    const { outcome } = await appender.append(message('one'));

    expect((await outcome).kind).toBe('appended');
    expect(await statusOfMailbox(c, 'INBOX', WAIT)).toMatchObject({ messages: 1 });
  });
});

test('messages that together are over quota are not stored, and those that fit are when each is sent alone', async () => {
  const options = {
    users: { u: 'secret' },
    settings: {
      mail_plugins: 'quota',
      'plugin/quota': 'count:User',
      'plugin/quota_rule': '*:storage=20k',
      'plugin/quota_vsizes': 'yes',
    },
  };
  await withResource(startDovecot(options), async (server) => {
    const c = await openImapConnection(server.access('u'));
    const send = async (batchMessages: number): Promise<AppendOutcome[]> => {
      const appender = openAppender(c, 'INBOX', { wait: WAIT, batchMessages });
      const outcomes: Promise<AppendOutcome>[] = [];
      for (const text of ['small', 'x'.repeat(30_000), 'y'.repeat(9_000), 'last'])
        outcomes.push((await appender.append(message(text))).outcome);
      await appender.flush();
      return Promise.all(outcomes);
    };

    const undecided = { kind: 'undecided', error: { reason: 'over-quota', responseCode: 'OVERQUOTA' } };
    expect(await send(64)).toMatchObject([undecided, undecided, undecided, undecided]);
    expect(await statusOfMailbox(c, 'INBOX', WAIT)).toMatchObject({ messages: 0 });
    const alone = await send(1);
    expect(alone.map(({ kind }) => kind)).toEqual(['appended', 'refused', 'appended', 'appended']);
    await c.logout(WAIT);
  });
});
