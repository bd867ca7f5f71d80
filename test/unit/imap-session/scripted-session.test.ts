import { type ImapSession, openSession } from '../../../shared/imap/session/open-session.ts';
import { eventually } from '../../support/eventually.ts';
import { type ScriptedClient, type ScriptedServer, scriptedServer } from '../../support/scripted-server.ts';
import { disposeAfterEach } from '../../support/dispose-after-each.ts';

const held = disposeAfterEach();

const wait = { signal: new AbortController().signal, deadlineMs: 10_000 };

/** A whole sign-in at a server that lets everybody in and then has these capabilities. */
async function letIn(client: ScriptedClient, ...capabilities: string[]): Promise<void> {
  client.send('* OK [CAPABILITY IMAP4rev1 ID AUTH=PLAIN] ready');
  const tag = await client.command('LOGIN');
  client.send(`${tag} OK [CAPABILITY ${['IMAP4rev1', ...capabilities].join(' ')}] in`);
}

/** Tells where the own folders are, up to where the listing itself is asked for. */
async function tellNamespaces(client: ScriptedClient): Promise<void> {
  const tag = await client.command('NAMESPACE');
  client.send('* NAMESPACE (("" "/")) NIL NIL', `${tag} OK`);
}

const BACKOFF = 'BAD Request is throttled. Suggested Backoff Time: 92415 milliseconds';

const withoutTags = ({ heard }: ScriptedServer): string[] => heard.map((line) => line.replace(/^\S+ /, ''));

function open(port: number, deadlineMs = wait.deadlineMs): Promise<ImapSession> {
  return openSession(
    { host: '127.0.0.1', port, security: 'insecure' },
    { kind: 'password', user: 'ann', password: 'hunter22' },
    { side: 'source', wait: { ...wait, deadlineMs }, addressPolicy: { allowPrivate: true } },
  );
}

describe('a session with a scripted server', () => {
  test('sends nothing but the sign-in before it is open', async () => {
    const server = await held(
      scriptedServer((client) => letIn(client, 'ID', 'NAMESPACE', 'APPENDLIMIT=35651584', 'ENABLE')),
    );
    const session = await open(server.port);
    expect(withoutTags(server)).toEqual(['LOGIN "ann" "hunter22"']);
    expect([...session.capabilities]).toEqual([
      'IMAP4REV1',
      'ID',
      'NAMESPACE',
      'APPENDLIMIT=35651584',
      'ENABLE',
    ]);
    session.close();
  });

  test('asks for the capabilities where the sign-in did not tell them', async () => {
    const server = await held(
      scriptedServer(async (client) => {
        client.send('* OK [CAPABILITY IMAP4rev1] ready');
        client.send(`${await client.command('LOGIN')} OK in`);
        client.send('* CAPABILITY IMAP4rev1 X-ASKED', `${await client.command('CAPABILITY')} OK`);
      }),
    );
    const session = await open(server.port);
    expect([...session.capabilities]).toEqual(['IMAP4REV1', 'X-ASKED']);
    session.close();
  });

  test('lists with one question for the namespaces and one for the folders, and none for subscriptions', async () => {
    const server = await held(
      scriptedServer(async (client) => {
        await letIn(client, 'ID', 'NAMESPACE', 'LIST-EXTENDED', 'LIST-STATUS', 'SPECIAL-USE', 'CONDSTORE');
        await tellNamespaces(client);
        client.send(
          '* LIST (\\HasNoChildren) "/" INBOX',
          '* STATUS INBOX (MESSAGES 3 UIDNEXT 4 UIDVALIDITY 5)',
          `${await client.command('LIST')} OK`,
        );
        await client.command('LOGOUT');
      }),
    );
    const session = await open(server.port);
    expect(await session.listFolders(wait)).toMatchObject({
      folders: [{ path: 'INBOX', status: { messages: 3 } }],
      namespace: { prefix: '', delimiter: '/' },
    });
    session.close();
    await eventually('the goodbye has arrived', () => withoutTags(server).includes('LOGOUT'));
    expect(withoutTags(server)).toEqual([
      'LOGIN "ann" "hunter22"',
      'NAMESPACE',
      expect.stringMatching(/^LIST "" "\*" RETURN \(STATUS \([^)]*\) SPECIAL-USE CHILDREN\)$/),
      'LOGOUT',
    ]);
  });

  test('a server without NAMESPACE is asked for the root of its names', async () => {
    const server = await held(
      scriptedServer(async (client) => {
        await letIn(client);
        client.send('* LIST (\\Noselect) "." ""', `${await client.command('LIST')} OK`);
        client.send('* LIST () "." INBOX', `${await client.command('LIST')} OK`);
      }),
    );
    const session = await open(server.port);
    const listing = await session.listFolders(wait);
    expect(listing).toMatchObject({
      folders: [{ path: 'INBOX' }],
      namespace: { prefix: '', delimiter: '.' },
    });
    expect(withoutTags(server).slice(1)).toEqual(['LIST "" ""', 'LIST "" "*"']);
    session.close();
  });

  test('asks for the namespaces only once', async () => {
    const server = await held(
      scriptedServer(async (client) => {
        await letIn(client, 'NAMESPACE');
        await tellNamespaces(client);
        for (let times = 0; times < 2; times += 1) client.send(`${await client.command('LIST')} OK`);
      }),
    );
    const session = await open(server.port);
    await session.listFolders(wait);
    await session.listFolders(wait);
    expect(withoutTags(server).slice(1)).toEqual(['NAMESPACE', 'LIST "" "*"', 'LIST "" "*"']);
    session.close();
  });

  test('a server that keeps its namespaces to itself is listed all the same', async () => {
    const server = await held(
      scriptedServer(async (client) => {
        await letIn(client, 'NAMESPACE');
        client.send(`${await client.command('NAMESPACE')} NO not for you`);
        client.send('* LIST () "." INBOX', '* LIST () "." a.b', `${await client.command('LIST')} OK`);
      }),
    );
    const session = await open(server.port);
    expect(await session.listFolders(wait)).toMatchObject({
      folders: [{ path: 'INBOX' }, { path: 'a.b' }],
      namespace: { prefix: '', delimiter: '.' },
    });
    session.close();
  });

  test('"authenticated but not connected" is a throttle of connections, told by NAMESPACE', async () => {
    const server = await held(
      scriptedServer(async (client) => {
        await letIn(client, 'NAMESPACE');
        client.send(`${await client.command('NAMESPACE')} BAD User is authenticated but not connected.`);
      }),
    );
    const session = await open(server.port);
    await expect(session.listFolders(wait)).rejects.toMatchObject({
      name: 'ThrottledError',
      limit: 'connections',
      side: 'source',
    });
  });

  test('"authenticated but not connected" is a throttle of connections, told by the first command after the handover', async () => {
    const server = await held(
      scriptedServer(async (client) => {
        await letIn(client, 'ID');
        client.send(`${await client.command('ID')} BAD User is authenticated but not connected.`);
        client.send(`${await client.command('EXAMINE')} BAD User is authenticated but not connected.`);
      }),
    );
    const session = await open(server.port);
    const connection = session.takeOver(wait);
    await expect(connection.run('EXAMINE INBOX', wait)).rejects.toMatchObject({
      name: 'ThrottledError',
      limit: 'connections',
      side: 'source',
    });
    connection.destroy();
  });

  test.each([
    ['ends the connection', (client: ScriptedClient) => client.socket.end(), 'ConnectionClosedError'],
    ['says goodbye', (client: ScriptedClient) => client.send('* BYE Too many connections'), 'ThrottledError'],
    [
      'names a wait',
      (client: ScriptedClient, tag: string) => client.send(`${tag} ${BACKOFF}`),
      'ThrottledError',
    ],
    ['speaks too long', (client: ScriptedClient) => client.send(`* ${'x'.repeat(200_000)}`), 'ProtocolError'],
  ])('a server that %s in place of its namespaces is believed', async (_, answer, name) => {
    const server = await held(
      scriptedServer(async (client) => {
        await letIn(client, 'NAMESPACE');
        answer(client, await client.command('NAMESPACE'));
      }),
    );
    const session = await open(server.port);
    await expect(session.listFolders(wait)).rejects.toMatchObject({ name, side: 'source' });
  });

  test.each([
    ['answered', (client: ScriptedClient, id: string) => client.send('* ID ("name" {3}', 'ab)', `${id} OK`)],
    ['refused', (client: ScriptedClient, id: string) => client.send(`${id} BAD unknown command`)],
    ['passed over', () => undefined],
  ])('who we are is told at the handover, and holds nothing up: %s', async (_, answer) => {
    const server = await held(
      scriptedServer(async (client) => {
        await letIn(client, 'ID');
        const id = await client.command('ID');
        const noop = await client.command('NOOP');
        answer(client, id);
        client.send(`${noop} OK still here`);
      }),
    );
    const session = await open(server.port);
    const connection = session.takeOver(wait);
    await expect(connection.run('NOOP', wait)).resolves.toMatchObject({ text: 'still here' });
    expect(withoutTags(server).slice(1)).toEqual(['ID ("name" "Mailhaul" "vendor" "Mailhaul")', 'NOOP']);
    connection.destroy();
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
    const connection = session.takeOver(wait);
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
        await session.takeOver(wait).run('NOOP', wait);
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
        await letIn(client, 'NAMESPACE');
        await tellNamespaces(client);
        const tag = await client.command('LIST');
        client.send(`${tag} ${BACKOFF}`);
      }),
    );
    const session = await open(server.port);
    await expect(session.listFolders(wait)).rejects.toMatchObject({
      name: 'ThrottledError',
      waitMs: 92_415,
      side: 'source',
    });
    expect(server.heard.filter((line) => line.includes('LIST'))).toHaveLength(1);
  });

  test('a listing that goes silent in the middle ends at the deadline', async () => {
    const server = await held(
      scriptedServer(async (client) => {
        await letIn(client, 'NAMESPACE');
        await tellNamespaces(client);
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
        await letIn(client, 'NAMESPACE');
        await tellNamespaces(client);
        const tag = await client.command('LIST');
        client.send(line(), `${tag} OK`);
      }),
    );
    const session = await open(server.port);
    await expect(session.listFolders(wait)).rejects.toMatchObject({ name: 'ProtocolError' });
  });

  test('the password that a server repeats in any later refusal is not in the error', async () => {
    const server = await held(
      scriptedServer(async (client) => {
        await letIn(client);
        client.send(`${await client.command('NOOP')} NO hunter22 again?`);
      }),
    );
    const session = await open(server.port);
    const connection = session.takeOver(wait);
    await expect(connection.run('NOOP', wait)).rejects.toMatchObject({ serverText: '••• again?' });
    connection.destroy();
  });

  test('goodbye is said, and nobody waits for the answer', async () => {
    let hungUp = false;
    const server = await held(
      scriptedServer(async (client) => {
        client.socket.once('end', () => {
          hungUp = true;
        });
        await letIn(client);
        await client.command('LOGOUT');
      }),
    );
    const session = await open(server.port);
    session.close();
    await eventually('the client has hung up', () => hungUp);
    expect(withoutTags(server).at(-1)).toBe('LOGOUT');
  });
});
