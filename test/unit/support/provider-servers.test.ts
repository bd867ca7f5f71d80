import { ImapFlow } from 'imapflow';
import { ImapTestClient } from '../../support/imap-test-client.ts';
import { exchangeScript } from '../../support/provider-servers/exchange-script.ts';
import { gmailFolder, gmailScript } from '../../support/provider-servers/gmail-script.ts';
import { icloudScript } from '../../support/provider-servers/icloud-script.ts';
import type { ProviderScript } from '../../support/provider-servers/provider-script.ts';
import { type ProviderServer, startProviderServer } from '../../support/provider-servers/provider-server.ts';
import { yahooScript } from '../../support/provider-servers/yahoo-script.ts';
import { withResource } from '../../support/with-resource.ts';

const MAIL = 'Message-ID: <1@example.com>\r\nSubject: one\r\n\r\nHello.\r\n';

async function served(script: ProviderScript, use: (server: ProviderServer) => Promise<void>): Promise<void> {
  await withResource(startProviderServer(script), async (server) => {
    server.addUser('anna', 'secret');
    await use(server);
  });
}

/** imapflow as a client: its own view of what a provider's server says. */
async function byImapflow<T>(server: ProviderServer, use: (client: ImapFlow) => Promise<T>): Promise<T> {
  const client = new ImapFlow({
    host: '127.0.0.1',
    port: server.port,
    secure: false,
    doSTARTTLS: false,
    auth: { user: 'anna', pass: 'secret' },
    logger: false,
    disableCompression: true,
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.logout().catch(() => undefined);
  }
}

function byHand<T>(server: ProviderServer, use: (client: ImapTestClient) => Promise<T>): Promise<T> {
  return withResource(ImapTestClient.connect(server.access('anna')), use);
}

async function answersTo(client: ImapTestClient, ...parts: readonly (string | Buffer)[]): Promise<string[]> {
  const lines: string[] = [];
  const { status, text } = await client.execute(parts, { onUntagged: (said) => lines.push(said.text) });
  return [...lines, `${status} ${text}`];
}

describe('every scripted provider', () => {
  test.each([gmailScript(), exchangeScript(), yahooScript(), icloudScript()])(
    '$name: keeps what a client stores, byte by byte',
    async (script) => {
      await served(script, async (server) => {
        const bytes = Buffer.from(`${MAIL}\xe9\0 and more ${'x'.repeat(5_000)}\r\n`, 'latin1');
        await byImapflow(server, async (client) => {
          await client.mailboxCreate('Projekte/Süd');
          const stored = await client.append(
            'Projekte/Süd',
            bytes,
            ['\\Seen'],
            new Date('2024-05-15T10:00:00Z'),
          );
          expect(stored).toMatchObject({ uid: 1 });
          const lock = await client.getMailboxLock('Projekte/Süd');
          const message = await client.fetchOne(
            '1',
            { uid: true, source: true, flags: true, internalDate: true },
            { uid: true },
          );
          lock.release();
          expect(message).toMatchObject({ uid: 1, flags: new Set(['\\Seen']), source: bytes });
          expect(message && message.internalDate).toEqual(new Date('2024-05-15T10:00:00Z'));
          await client.messageFlagsAdd('1', ['\\Flagged']).catch(() => undefined);
        });
        expect(server.account('anna').folder('Projekte/Süd').entries).toHaveLength(1);
      });
    },
  );

  test('refuses a wrong password, and what it is told to refuse', async () => {
    await served(gmailScript(), async (server) => {
      await expect(ImapTestClient.connect({ ...server.access('anna'), password: 'wrong' })).rejects.toThrow(
        'AUTHENTICATIONFAILED',
      );
      server.moods.judge = (command) => (command.startsWith('CREATE') ? 'NO [LIMIT] Not now' : undefined);
      await byHand(server, async (client) => {
        await expect(client.execute(['CREATE "x"'])).rejects.toThrow('NO [LIMIT] Not now');
        server.moods.judge = () => 'BYE Session expired, please login again.';
        await expect(client.execute(['NOOP'])).rejects.toThrow('closed the connection');
      });
    });
  });
});

describe('Gmail', () => {
  test('lists localised names with their uses, and [Gmail] cannot be opened', async () => {
    await served(gmailScript({ language: 'polish' }), async (server) => {
      const listed = await byImapflow(server, (client) => client.list());
      const uses = listed.map(({ path, specialUse }) => `${path} ${specialUse ?? ''}`.trim());
      expect(uses).toEqual(
        expect.arrayContaining(['[Gmail]/Wszystkie \\All', '[Gmail]/Wysłane \\Sent', '[Gmail]/Kosz \\Trash']),
      );
      await byHand(server, async (client) => {
        expect(client.capabilities).toContain('X-GM-EXT-1');
        await expect(client.execute(['EXAMINE "[Gmail]"'])).rejects.toThrow('[NONEXISTENT] Unknown Mailbox');
        const lines = await answersTo(client, 'LIST "" "*" RETURN (STATUS (MESSAGES UIDNEXT))');
        expect(lines).toContain('* STATUS "INBOX" (MESSAGES 0 UIDNEXT 1)');
      });
    });
  });

  test('has one message under many labels, with the same id', async () => {
    await served(gmailScript(), async (server) => {
      const id = server.account('anna').deliver(['INBOX', 'Work', gmailFolder('\\All')], { bytes: MAIL });
      await byHand(server, async (client) => {
        for (const folder of ['INBOX', 'Work']) {
          await client.execute([`SELECT "${folder}"`]);
          const [line] = await answersTo(client, 'UID FETCH 1 (X-GM-MSGID FLAGS X-GM-LABELS)');
          expect(line).toContain(`X-GM-MSGID ${id}`);
        }
        await client.execute(['UID STORE 1 +FLAGS.SILENT (\\Flagged)']);
        await client.execute(['EXAMINE "INBOX"']);
        expect((await answersTo(client, 'UID FETCH 1 (FLAGS)'))[0]).toContain('FLAGS (\\Flagged)');
      });
    });
  });

  test('drops a doubled message, archives a deleted one, refuses odd names', async () => {
    await served(gmailScript(), async (server) => {
      const account = server.account('anna');
      await byHand(server, async (client) => {
        await client.execute(['CREATE "Work"']);
        const uidOf = async (flags: string, text: string): Promise<string> =>
          (await client.execute([`APPEND "Work" (${flags}) `, Buffer.from(text)])).text;
        expect(await uidOf('', MAIL)).toContain('[APPENDUID 1010 1]');
        expect(await uidOf('', MAIL)).toContain('[APPENDUID 1010 2]');
        expect(await uidOf('\\Deleted', `${MAIL}other`)).toContain('[APPENDUID 1010 3]');
        expect(account.folder('Work').entries.map(({ uid }) => uid)).toEqual([1]);
        expect(account.folder(gmailFolder('\\All')).entries).toHaveLength(2);
        for (const name of [' Work', 'Work ', 'a^b']) {
          await expect(client.execute([`CREATE "${name}"`])).rejects.toThrow('Invalid folder name');
        }
      });
    });
  });

  test('refuses what is too large before it is sent, and hangs up on a large literal that nobody asked for', async () => {
    await served(gmailScript(), async (server) => {
      await byHand(server, async (client) => {
        await expect(client.execute(['APPEND INBOX {35651585}'])).rejects.toThrow('[TOOBIG]');
        await expect(client.execute([`APPEND INBOX {4097+}\r\n${'x'.repeat(4_097)}`])).rejects.toThrow(
          'closed',
        );
      });
    });
  });

  test('shows the newest of a folder only, where its owner wants it so', async () => {
    await served(gmailScript({ shownMessages: 1000 }), async (server) => {
      for (let index = 1; index <= 1_002; index += 1) {
        server.account('anna').deliver(['INBOX'], { bytes: `Subject: ${index}\r\n\r\n` });
      }
      await byHand(server, async (client) => {
        expect(await answersTo(client, 'EXAMINE INBOX')).toContain('* 1000 EXISTS');
        expect((await answersTo(client, 'UID SEARCH RETURN (ALL) ALL'))[0]).toContain('UID ALL 3:1002');
      });
    });
  });
});

describe('Exchange Online', () => {
  test('has neither special uses nor modification sequences, and one name for all cases of letters', async () => {
    await served(exchangeScript(), async (server) => {
      await byHand(server, async (client) => {
        for (const missing of ['CONDSTORE', 'SPECIAL-USE', 'MOVE', 'QUOTA', 'MULTIAPPEND']) {
          expect(client.capabilities).not.toContain(missing);
        }
        expect(await answersTo(client, 'EXAMINE "sent items"')).toContain('* 0 EXISTS');
        await client.execute(['CREATE "Work"']);
        await expect(client.execute(['CREATE "WORK"'])).rejects.toThrow('ALREADYEXISTS');
        await expect(client.execute(['CREATE "Files"'])).rejects.toThrow('reserved');
      });
    });
  });

  test('guesses sizes, refuses long lines, and ends the connection after ten errors', async () => {
    await served(exchangeScript(), async (server) => {
      await byHand(server, async (client) => {
        const long = Buffer.from(`Subject: long\r\n\r\n${'x'.repeat(10_001)}\r\n`);
        await expect(client.execute(['APPEND INBOX ', long])).rejects.toThrow(
          'BAD Command Argument Error. 11',
        );
        await client.execute(['APPEND INBOX ', Buffer.from(MAIL)]);
        await client.execute(['EXAMINE INBOX']);
        const [line = ''] = await answersTo(client, 'UID FETCH 1 (RFC822.SIZE)');
        expect(line).not.toContain(`RFC822.SIZE ${MAIL.length})`);
        await expect(client.execute([`UID FETCH ${'1,'.repeat(6_000)}1 (UID)`])).rejects.toThrow('Error. 11');
        for (let errors = 2; errors < 10; errors += 1) {
          await expect(client.execute(['EXAMINE nothing'])).rejects.toThrow("doesn't exist");
        }
        await expect(client.execute(['NOOP'])).rejects.toThrow('closed');
      });
    });
  });

  test('takes tokens, and no more than it is told to', async () => {
    await served({ ...exchangeScript(), takesPasswords: false }, async (server) => {
      await expect(ImapTestClient.connect(server.access('anna'))).rejects.toThrow('NO LOGIN failed.');
      const client = new ImapFlow({
        host: '127.0.0.1',
        port: server.port,
        secure: false,
        doSTARTTLS: false,
        auth: { user: 'anna', accessToken: 'secret' },
        logger: false,
      });
      await client.connect();
      expect(client.authenticated).toBe(true);
      await client.logout();
    });
  });
});

describe('Yahoo', () => {
  test('shows ten thousand of a folder, and all of it on the host for reading', async () => {
    await served(yahooScript(), async (server) => {
      const account = server.account('anna');
      for (let index = 1; index <= 10_003; index += 1) {
        account.deliver(['INBOX'], { bytes: `Subject: ${index}\r\n\r\n` });
      }
      const accounts = new Map([['anna', account]]);
      await withResource(startProviderServer(yahooScript({ export: true }), accounts), async (exporting) => {
        const look = (from: ProviderServer) => byHand(from, (client) => answersTo(client, 'SELECT INBOX'));
        expect(await look(server)).toContain('* 10000 EXISTS');
        expect(await look(exporting)).toContain('* 10003 EXISTS');
        await byHand(exporting, async (client) => {
          await expect(client.execute(['APPEND INBOX ', Buffer.from(MAIL)])).rejects.toThrow('read-only');
        });
      });
    });
  });

  test('wants a message to end with a line end, and no sixth connection', async () => {
    await served(yahooScript(), async (server) => {
      const clients: ImapTestClient[] = [];
      for (let count = 0; count < 5; count += 1)
        clients.push(await ImapTestClient.connect(server.access('anna')));
      await expect(ImapTestClient.connect(server.access('anna'))).rejects.toThrow(
        'NO [LIMIT] Too many simultaneous connections',
      );
      const [client] = clients;
      await expect(client?.execute(['APPEND INBOX ', Buffer.from(MAIL.trimEnd())])).rejects.toThrow(
        'CLIENTBUG',
      );
      for (const each of clients) await each.close();
    });
  });
});

describe('iCloud', () => {
  test('gives no body for RFC822 and no UIDs by ESEARCH', async () => {
    await served(icloudScript(), async (server) => {
      server.account('anna').deliver(['INBOX'], { bytes: MAIL });
      await byHand(server, async (client) => {
        await client.execute(['EXAMINE INBOX']);
        expect((await answersTo(client, 'UID FETCH 1 (RFC822)'))[0]).toBe('* 1 FETCH (UID 1)');
        expect((await answersTo(client, 'UID FETCH 1 (BODY.PEEK[])'))[0]).toContain('BODY[] ');
        expect((await answersTo(client, 'UID SEARCH RETURN (ALL) ALL'))[0]).toMatch(/UID$/);
        expect((await answersTo(client, 'UID SEARCH ALL'))[0]).toBe('* SEARCH 1');
      });
    });
  });
});
