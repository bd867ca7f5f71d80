import { type ImapSession, openSession } from '../../../shared/imap/session/open-session.ts';
import { eventually } from '../../support/eventually.ts';
import { type ScriptedClient, scriptedServer } from '../../support/scripted-server.ts';
import { disposeAfterEach } from '../../support/dispose-after-each.ts';

const held = disposeAfterEach();

const wait = { signal: new AbortController().signal, deadlineMs: 10_000 };

/** A whole sign-in at a server without extensions, up to where the session is open. */
async function letIn(client: ScriptedClient): Promise<void> {
  client.send('* OK [CAPABILITY IMAP4rev1 ID AUTH=PLAIN] ready');
  const tag = await client.command('AUTHENTICATE');
  client.send('+ ');
  await client.line();
  client.send(`${tag} OK [CAPABILITY IMAP4rev1 APPENDLIMIT=35651584 LIST-STATUS] in`);
  const listTag = await client.command('LIST');
  client.send('* LIST (\\Noselect) "/" ""', `${listTag} OK`);
}

function open(port: number, deadlineMs = wait.deadlineMs): Promise<ImapSession> {
  return openSession(
    { host: '127.0.0.1', port, security: 'insecure' },
    { kind: 'password', user: 'ann', password: 'hunter22' },
    { side: 'source', wait: { ...wait, deadlineMs }, addressPolicy: { allowPrivate: true } },
  );
}

describe('a session with a scripted server', () => {
  test('sends nothing that was not necessary before it is open', async () => {
    const server = await held(scriptedServer(letIn));
    const session = await open(server.port);
    expect(server.heard.map((line) => line.split(' ').slice(1).join(' '))).toEqual([
      'AUTHENTICATE PLAIN',
      '', // the SASL answer, which has no blank
      'LIST "" ""',
    ]);
    expect([...session.capabilities]).toEqual(['IMAP4REV1', 'APPENDLIMIT=35651584', 'LIST-STATUS']);
    await session.close();
  });

  test('what the server says unasked at the moment of the handover is neither lost nor torn', async () => {
    const clients: ScriptedClient[] = [];
    const server = await held(
      scriptedServer(async (client) => {
        await letIn(client);
        client.socket.write('* OK [ALERT] the disk is al');
        clients.push(client);
        client.send(`${await client.command('NOOP')} OK still here`);
      }),
    );
    const session = await open(server.port);
    const connection = session.takeOver();
    clients[0]?.send('most full');
    await expect(connection.run('NOOP', wait)).resolves.toMatchObject({ text: 'still here' });
    connection.destroy();
  });

  test('a farewell between the last command and the handover reaches the successor', async () => {
    const server = await held(
      scriptedServer(async (client) => {
        await letIn(client);
        client.send('* BYE [UNAVAILABLE] Too many connections');
        client.socket.end();
      }),
    );
    const session = await open(server.port);
    const failure = await eventually('the farewell has arrived', async () => {
      try {
        await session.takeOver().run('NOOP', wait);
        return undefined;
      } catch (error) {
        return error;
      }
    });
    expect(failure).toMatchObject({ reason: expect.stringMatching(/throttled|connection-closed/) as string });
  });

  test('a throttle in the listing is typed, at once, and not asked again', async () => {
    const server = await held(
      scriptedServer(async (client) => {
        await letIn(client);
        const tag = await client.command('LIST');
        client.send(`${tag} BAD Request is throttled. Suggested Backoff Time: 92415 milliseconds`);
      }),
    );
    const session = await open(server.port);
    await expect(session.listFolders(wait)).rejects.toMatchObject({
      name: 'ThrottledError',
      waitMs: 92_415,
      side: 'source',
    });
    expect(server.heard.filter((line) => line.includes('LIST'))).toHaveLength(2);
  });

  test('a listing that goes silent in the middle ends at the deadline', async () => {
    const server = await held(
      scriptedServer(async (client) => {
        await letIn(client);
        await client.command('LIST');
        client.send('* LIST () "/" INBOX');
      }),
    );
    const session = await open(server.port);
    await expect(session.listFolders({ ...wait, deadlineMs: 100 })).rejects.toMatchObject({
      name: 'CommandTimeoutError',
      waitedMs: 100,
    });
  });

  test.each([
    ['a name without end', () => `* LIST () "/" "${'x'.repeat(200_000)}`],
    ['a literal larger than any name', () => '* LIST () "/" {900000000}'],
    ['lists within lists', () => `* LIST ${'('.repeat(30_000)}`],
  ])('%s in the listing is a breach of the protocol', async (_, line) => {
    const server = await held(
      scriptedServer(async (client) => {
        await letIn(client);
        const tag = await client.command('LIST');
        client.send(line(), `${tag} OK`);
        client.send(`${await client.command('LSUB')} OK`);
      }),
    );
    const session = await open(server.port);
    await expect(session.listFolders(wait)).rejects.toMatchObject({ name: 'ProtocolError' });
  });

  test('goodbye is said, but not waited for without end', async () => {
    const server = await held(
      scriptedServer(async (client) => {
        await letIn(client);
        await client.command('LOGOUT');
      }),
    );
    const session = await open(server.port);
    await session.close();
    expect(server.heard.at(-1)).toMatch(/ LOGOUT$/);
  });
});
