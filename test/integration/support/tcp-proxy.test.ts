import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { compareMailboxes } from '../../support/compare-mailboxes.ts';
import { startDovecot, type Dovecot } from '../../support/dovecot.ts';
import { eventually } from '../../support/eventually.ts';
import { fillMailbox } from '../../support/fill-mailbox.ts';
import { ImapProbe } from '../../support/imap-probe.ts';
import { mailCorpus } from '../../support/mail-corpus.ts';
import { snapshotMailbox } from '../../support/mailbox-snapshot.ts';
import { startTcpProxy } from '../../support/tcp-proxy.ts';
import { withResource } from '../../support/with-resource.ts';

describe('the proxy of the tests', () => {
  let server: Dovecot;

  beforeAll(async () => {
    server = await startDovecot({ users: { direct: 'x', proxied: 'x', late: 'x' } });
  });
  afterAll(() => server?.stop());

  test('passes every byte on, both ways', async () => {
    const corpus = mailCorpus({ messages: 500, largeMessageBytes: 3 * 1024 * 1024 });
    const past = corpus.folders.map(({ segments, messages }) => ({
      segments,
      messages: messages.filter(({ internalDate }) => !internalDate.includes('2037')),
    }));
    await withResource(startTcpProxy(server), async (proxy) => {
      await fillMailbox(server.access('direct'), { folders: past });
      await fillMailbox({ ...server.access('proxied'), port: proxy.port }, { folders: past });
      const through = await snapshotMailbox({ ...server.access('direct'), port: proxy.port });
      expect(compareMailboxes(through, await snapshotMailbox(server.access('proxied'))).differences).toEqual(
        [],
      );
      expect(proxy.bytesUp()).toBeGreaterThan(3 * 1024 * 1024);
      expect(proxy.bytesDown()).toBeGreaterThan(3 * 1024 * 1024);
    });
  });

  test('calls back at the byte asked for, and once', async () => {
    await withResource(startTcpProxy(server), async (proxy) => {
      const calls: number[] = [];
      proxy.when('up', 1_000, () => void calls.push(proxy.bytesUp()));
      await fillMailbox(
        { ...server.access('proxied'), port: proxy.port },
        mailCorpus({ messages: 20, largeMessageBytes: 0 }),
      );
      expect(calls).toHaveLength(1);
      expect(calls[0]).toBeGreaterThanOrEqual(1_000);
    });
  });

  test('lets nothing through while what it called for is under way', async () => {
    await withResource(startTcpProxy(server), async (proxy) => {
      const called = Promise.withResolvers<void>();
      const opened = Promise.withResolvers<void>();
      const closed: number[] = [];
      proxy.when('up', 1, () => {
        called.resolve();
        return opened.promise;
      });
      const listed = ImapProbe.use({ ...server.access('late'), port: proxy.port }, (probe) =>
        probe.counters(['INBOX']),
      );
      await called.promise;
      const before = proxy.bytesUp() + proxy.bytesDown();
      // another client finds the gate shut as well
      const other = connect(proxy.port, '127.0.0.1');
      await once(other, 'connect');
      closed.push(proxy.bytesUp() + proxy.bytesDown());
      opened.resolve();
      await once(other, 'data');
      other.destroy();
      expect(closed).toEqual([before]);
      expect((await listed).messages).toBe(0);
    });
  });

  test('still delivers what a client had sent before it vanished, when data is long under way', async () => {
    const body = 'Subject: late\r\n\r\nlate\r\n';
    const sha256 = createHash('sha256').update(body).digest('hex');
    await withResource(startTcpProxy(server, { delayUpMs: 100 }), async (proxy) => {
      const socket = connect(proxy.port, '127.0.0.1');
      await once(socket, 'data');
      const append = `b APPEND INBOX {${body.length}+}\r\n${body}\r\n`;
      proxy.when('up', 1, () => void socket.resetAndDestroy());
      socket.write(`a LOGIN late x\r\n${append}`);
      await ImapProbe.use(server.access('late'), (probe) =>
        eventually('the late message is there', async () => (await probe.counters(['INBOX'])).messages === 1),
      );
    });
    await withResource(startTcpProxy(server, { delayUpMs: 20 }), async (proxy) => {
      const socket = connect(proxy.port, '127.0.0.1');
      await once(socket, 'data');
      proxy.when('up', 1, () => {
        proxy.delayUntilNextConnection();
        socket.resetAndDestroy();
      });
      socket.write(`a LOGIN late x\r\nb APPEND INBOX {${body.length}+}\r\n${body}\r\n`);
      await once(socket, 'close');
      await ImapProbe.use({ ...server.access('late'), port: proxy.port }, (probe) =>
        eventually(
          'what was kept back is there, too',
          async () => (await probe.counters(['INBOX'])).messages === 2,
        ),
      );
    });
    const inbox = (await snapshotMailbox(server.access('late'))).get('INBOX');
    expect(inbox?.messages.map((message) => message.sha256)).toEqual([sha256, sha256]);
  });
});
