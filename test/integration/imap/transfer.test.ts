import { createHash } from 'node:crypto';
import { ConnectionClosedError } from '../../../shared/imap/errors.ts';
import { createMailbox } from '../../../shared/imap/mailbox/create-mailbox.ts';
import { examineMailbox } from '../../../shared/imap/mailbox/examine-mailbox.ts';
import type { AppendOutcome } from '../../../shared/imap/transfer/append-outcome.ts';
import { openAppender } from '../../../shared/imap/transfer/appender.ts';
import { digestMessages } from '../../../shared/imap/transfer/digest-messages.ts';
import { fetchMessages } from '../../../shared/imap/transfer/fetch-messages.ts';
import type { ImapConnection } from '../../../shared/imap/wire/imap-connection.ts';
import { HeaderFingerprint } from '../../../shared/migration/fingerprint.ts';
import { fetchIdentities } from '../../../shared/imap/mailbox/fetch-identities.ts';
import { searchUids } from '../../../shared/imap/mailbox/search-uids.ts';
import { type Dovecot, startDovecot } from '../../support/dovecot.ts';
import { fillMailbox } from '../../support/fill-mailbox.ts';
import type { MailboxAccess } from '../../support/imap-test-client.ts';
import { type CorpusMessage, mailCorpus } from '../../support/mail-corpus.ts';
import { type MessageSnapshot, snapshotMailbox } from '../../support/mailbox-snapshot.ts';
import { openImapConnection } from '../../support/open-imap-connection.ts';
import { patience, rejectionOf } from '../../support/scripted-peer.ts';
import { withResource } from '../../support/with-resource.ts';

const LARGE_BYTES = 30 * 1024 * 1024;
const WAIT = patience(60_000);

/** Messages that are hard to carry, beside those of the corpus. */
function awkward(): CorpusMessage[] {
  const bodies = [
    'Subject: ends like a literal\r\n\r\nbody {5}',
    'Subject: ends like a literal line\r\n\r\nbody {5}\r\n',
    'Subject: ends like a pipelined literal\r\n\r\n{5+}\r\n',
    'Subject: holds a tagged line\r\n\r\nMh1 OK done\r\n* BYE\r\n)\r\n',
    'Subject: no line end',
    '\r\nno header at all\r\n',
    'Subject: 8-bit \xe4\xf6\xfc \xff\r\n\r\n\x80\x81\xfe\r\n',
    'Subject: long line\r\n\r\n' + 'x'.repeat(20_000) + '\r\n',
    'Subject: 4096\r\n\r\n'.padEnd(4096, 'y'),
    'Subject: 4097\r\n\r\n'.padEnd(4097, 'y'),
    'x',
  ];
  const zones = ['+0500', '-1130', '+0000', '+1400', '+0545'];
  return bodies.map((text, index) => ({
    kind: 'awkward',
    flags: index % 2 === 0 ? ['\\Seen', '$Forwarded', 'projekt-2026'] : [],
    internalDate: `${index % 2 === 0 ? ' 7' : '17'}-Jan-2001 02:44:25 ${zones[index % zones.length]}`,
    bytes: () => Buffer.from(text, 'latin1'),
  }));
}

function access(server: Dovecot, user: string): MailboxAccess {
  return { host: server.host, port: server.port, user, password: 'secret' };
}

const traits = ({ sha256, size, internalDate, flags }: Omit<MessageSnapshot, 'uid'>): string =>
  `${sha256} ${size} ${internalDate} (${flags.join(' ')})`;

async function copyAll(
  source: ImapConnection,
  destination: ImapConnection,
  mailbox: string,
): Promise<{ outcomes: AppendOutcome[]; fingerprints: Map<number, bigint> }> {
  const uids = [...(await searchUids(source, { from: 1 }, WAIT))];
  const appender = openAppender(destination, mailbox, { wait: WAIT });
  const outcomes: Promise<AppendOutcome>[] = [];
  const fingerprints = new Map<number, bigint>();
  for await (const message of fetchMessages(source, uids, WAIT, { messagesPerCommand: 40 })) {
    const header = new HeaderFingerprint();
    const flags = message.flags.filter((flag) => flag !== '\\Recent');
    const observe = (chunk: Uint8Array): void => header.update(chunk);
    const { outcome } = await appender.append({ ...message, flags, observe });
    fingerprints.set(message.uid, header.digest());
    outcomes.push(outcome);
  }
  await appender.flush();
  return { outcomes: await Promise.all(outcomes), fingerprints };
}

let source: Dovecot;
let sent: number;
let original: readonly MessageSnapshot[];

beforeAll(async () => {
  source = await startDovecot({ users: { alice: 'secret' } });
  const corpus = mailCorpus({ messages: 400, largeMessageBytes: LARGE_BYTES, folders: [['INBOX']] });
  const [inbox] = corpus.folders;
  const messages = [...(inbox?.messages ?? []), ...awkward()];
  await fillMailbox(access(source, 'alice'), { folders: [{ segments: ['INBOX'], messages }] });
  original = (await snapshotMailbox(access(source, 'alice'))).get('INBOX')?.messages ?? [];
  sent = messages.length;
});

afterAll(async () => source.stop());

describe.each([
  ['all that Dovecot can do', undefined],
  ['LITERAL+ without MULTIAPPEND', 'IMAP4rev1 LITERAL+ UIDPLUS'],
  ['LITERAL-', 'IMAP4rev1 LITERAL- UIDPLUS'],
  ['no extension at all', 'IMAP4rev1'],
])('between a full server and one that announces %s', (_, capability) => {
  test('every message arrives byte for byte, with its date in its zone and its flags, in flat memory', async () => {
    const options = { users: { bob: 'secret' }, ...(capability === undefined ? {} : { capability }) };
    await withResource(await startDovecot(options), async (destination) => {
      const from = await openImapConnection(access(source, 'alice'));
      const to = await openImapConnection(access(destination, 'bob'));
      await createMailbox(to, 'Übertrag', WAIT);
      await examineMailbox(from, 'INBOX', WAIT);

      const { outcomes, fingerprints } = await copyAll(from, to, 'Übertrag');

      const arrived = (await snapshotMailbox(access(destination, 'bob'))).get('Übertrag')?.messages ?? [];
      expect(arrived.map(traits)).toEqual(original.map(traits));
      expect(arrived).toHaveLength(sent);
      expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['appended']));
      // Dovecot tells the UIDs even where it does not announce that it can
      expect(outcomes.map((outcome) => (outcome.kind === 'appended' ? outcome.uid : outcome.error))).toEqual(
        arrived.map(({ uid }) => uid),
      );
      expect(from.meter.peak).toBeLessThan(2 * 1024 * 1024);
      expect(to.unsent.peak).toBeLessThan(2 * 1024 * 1024);

      // the same messages have the same identity on both sides, and on their way
      await examineMailbox(to, 'Übertrag', WAIT);
      const identities = async (c: ImapConnection, uids: number[]): Promise<string[]> => {
        const list: string[] = [];
        for await (const { fingerprint, size } of fetchIdentities(c, uids, WAIT))
          list.push(`${fingerprint} ${size}`);
        return list;
      };
      const ours = await identities(
        from,
        original.map(({ uid }) => uid),
      );
      expect(
        await identities(
          to,
          arrived.map(({ uid }) => uid),
        ),
      ).toEqual(ours);
      expect(ours.map((identity) => identity.split(' ')[0])).toEqual(
        original.map(({ uid }) => String(fingerprints.get(uid))),
      );
      await Promise.all([from.logout(WAIT), to.logout(WAIT)]);
    });
  }, 120_000);
});

test('digests of messages are those of their bytes', async () => {
  const c = await openImapConnection(access(source, 'alice'));
  await examineMailbox(c, 'INBOX', WAIT);
  const digests = new Map<number, string>();
  for await (const { uid, sha256 } of digestMessages(
    c,
    original.map(({ uid }) => uid),
    WAIT,
  ))
    digests.set(uid, sha256);
  await c.logout(WAIT);

  expect(digests).toEqual(new Map(original.map(({ uid, sha256 }) => [uid, sha256])));
});

test('nothing is marked as read at the source', async () => {
  const after = (await snapshotMailbox(access(source, 'alice'))).get('INBOX')?.messages ?? [];

  expect(after).toEqual(original);
});

test('a connection over TLS carries the same bytes', async () => {
  const c = await openImapConnection({ ...access(source, 'alice'), port: source.tlsPort, ca: source.ca });
  const large = original.find(({ size }) => size >= LARGE_BYTES);
  const uid = large?.uid ?? 0;
  await examineMailbox(c, 'INBOX', WAIT);
  await createMailbox(c, 'Copy', WAIT);
  const appender = openAppender(c, 'Copy', { wait: WAIT });
  const reader = await openImapConnection({
    ...access(source, 'alice'),
    port: source.tlsPort,
    ca: source.ca,
  });
  await examineMailbox(reader, 'INBOX', WAIT);
  const hash = createHash('sha256');
  for await (const message of fetchMessages(reader, [uid], WAIT)) {
    await (await appender.append({ ...message, flags: [] })).outcome;
  }
  await examineMailbox(reader, 'Copy', WAIT);
  for await (const { body } of fetchMessages(reader, [1], WAIT))
    for await (const chunk of body) hash.update(chunk);

  expect(hash.digest('hex')).toBe(large?.sha256);
  expect(c.unsent.peak).toBeLessThan(2 * 1024 * 1024);
  await Promise.all([c.logout(WAIT), reader.logout(WAIT)]);
});

test('a server that is gone in the middle of a message ends both sides with a typed error', async () => {
  await withResource(await startDovecot({ users: { carol: 'secret' } }), async (server) => {
    const to = await openImapConnection(access(server, 'carol'));
    const from = await openImapConnection(access(source, 'alice'));
    await examineMailbox(from, 'INBOX', WAIT);
    const uid = original.find(({ size }) => size >= LARGE_BYTES)?.uid ?? 0;
    const appender = openAppender(to, 'INBOX', { wait: WAIT });

    const copying = (async () => {
      for await (const message of fetchMessages(from, [uid], WAIT)) {
        const body = (async function* () {
          let first = true;
          for await (const chunk of message.body) {
            yield chunk;
            if (first) await server.kick('carol');
            first = false;
          }
        })();
        const { outcome } = await appender.append({ ...message, flags: [], body });
        await outcome;
      }
    })();

    expect(await rejectionOf(copying)).toBeInstanceOf(ConnectionClosedError);
    expect(to.closed).toBe(true);
    // the source is in step: what is left of the message was thrown away
    expect((await from.run('NOOP', WAIT)).status).toBe('OK');
    await from.logout(WAIT);
  });
});
