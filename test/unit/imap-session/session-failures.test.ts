import { once } from 'node:events';
import { createServer } from 'node:net';
import { inspect } from 'node:util';
import { ImapError, ThrottledError } from '../../../shared/imap/errors.ts';
import type { ImapCredential, ImapEndpoint } from '../../../shared/imap/session/imap-endpoint.ts';
import { openSession, type OpenSessionOptions } from '../../../shared/imap/session/open-session.ts';
import { faultyCertificate } from '../../support/faulty-certificate.ts';
import { type Script, type ScriptedClient, scriptedServer } from '../../support/scripted-server.ts';
import { testCertificate } from '../../support/test-certificate.ts';
import { disposeAfterEach } from '../../support/dispose-after-each.ts';

const held = disposeAfterEach();

const PASSWORD = 'correct horse "battery" staple';
const credential: ImapCredential = { kind: 'password', user: 'ann', password: PASSWORD };

async function failure(
  endpoint: Partial<ImapEndpoint> & { port: number },
  options: Partial<OpenSessionOptions> & { credential?: ImapCredential } = {},
): Promise<ImapError> {
  const error: unknown = await openSession(
    { host: '127.0.0.1', security: 'insecure', ...endpoint },
    options.credential ?? credential,
    {
      side: 'source',
      wait: { signal: new AbortController().signal, deadlineMs: 10_000 },
      addressPolicy: { allowPrivate: true },
      ...options,
    },
  ).then(
    (session) => {
      session.close();
      throw new Error('The session opened.');
    },
    (reason: unknown) => reason,
  );
  if (!(error instanceof ImapError)) throw error;
  expect(error.side).toBe('source');
  return error;
}

async function failureOf(script: Script, endpoint: Partial<ImapEndpoint> = {}): Promise<ImapError> {
  const server = await held(scriptedServer(script));
  return failure({ ...endpoint, port: server.port });
}

/** Greets, names PLAIN and STARTTLS, and leaves the rest to the test. */
function greet(client: ScriptedClient, more = ''): void {
  client.send(`* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN STARTTLS${more}] ready`);
}

const quick = { wait: { signal: new AbortController().signal, deadlineMs: 150 } };

describe('a name or a port that leads nowhere', () => {
  test('a name without an address is "host not found"', async () => {
    const missing = Object.assign(new Error('queryA ENOTFOUND'), { code: 'ENOTFOUND' });
    const error = await failure(
      { host: 'no-such.test', port: 993 },
      { resolver: () => Promise.reject(missing) },
    );
    expect(error).toMatchObject({ name: 'ConnectError', reason: 'host-not-found', retryable: false });
  });

  test('a name server in trouble is "host not found" that is worth another try', async () => {
    const busy = Object.assign(new Error('EAI_AGAIN'), { code: 'EAI_AGAIN' });
    const error = await failure({ host: 'slow.test', port: 993 }, { resolver: () => Promise.reject(busy) });
    expect(error).toMatchObject({ reason: 'host-not-found', retryable: true });
  });

  test('a closed port is "connection refused"', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    server.close();
    await once(server, 'close');
    expect(await failure({ port })).toMatchObject({ name: 'ConnectError', reason: 'connection-refused' });
  });

  test('all addresses are tried until one answers', async () => {
    const server = await held(scriptedServer((client) => client.send('* BYE come back')));
    const error = await failure(
      { host: 'many.test', port: server.port },
      {
        resolver: async () => [
          { address: '127.0.0.2', family: 4 },
          { address: '127.0.0.1', family: 4 },
        ],
      },
    );
    expect(error).toMatchObject({ reason: 'connection-closed', serverText: 'come back' });
  });

  test('a private address is forbidden and not named, and nothing connects to it', async () => {
    const server = await held(scriptedServer((client) => greet(client)));
    const error = await failure(
      { host: 'internal.test', port: server.port },
      {
        addressPolicy: { allowPrivate: false },
        resolver: async () => [{ address: '127.0.0.1', family: 4 }],
      },
    );
    expect(error).toMatchObject({ name: 'AddressForbiddenError', reason: 'address-forbidden' });
    expect(inspect(error)).not.toContain('127.0.0.1');
    expect(server.connections).toBe(0);
  });

  test('the address that was looked at is the one connected to, whatever the name says next', async () => {
    const server = await held(scriptedServer((client) => client.send('* BYE here')));
    let lookups = 0;
    await failure(
      { host: 'rebinding.test', port: server.port },
      {
        resolver: async () => {
          lookups += 1;
          return [{ address: lookups === 1 ? '127.0.0.1' : '127.0.0.9', family: 4 }];
        },
      },
    );
    expect(lookups).toBe(1);
    expect(server.connections).toBe(1);
  });
});

describe('a certificate that does not hold', () => {
  test.each([
    ['self-signed', 'self-signed', false],
    ['expired', 'expired', true],
    ['other-name', 'hostname-mismatch', true],
  ] as const)('%s is told apart', async (fault, problem, trustAuthority) => {
    const certificate = await faultyCertificate(fault);
    const server = await held(scriptedServer((client) => greet(client), { tls: certificate }));
    const error = await failure({
      host: 'localhost',
      port: server.port,
      security: 'tls',
      ...(trustAuthority ? { ca: certificate.ca } : {}),
    });
    expect(error).toMatchObject({ name: 'TlsError', problem, reason: 'tls-untrusted', retryable: false });
  });

  test('an authority that nobody knows is not trusted, unless its certificate is given', async () => {
    const certificate = await testCertificate();
    const server = await held(
      scriptedServer((client) => client.send('* BYE encrypted'), {
        tls: certificate,
      }),
    );
    const endpoint = { host: 'localhost', port: server.port, security: 'tls' as const };
    expect(await failure(endpoint)).toMatchObject({ problem: 'untrusted-issuer', reason: 'tls-untrusted' });
    expect(await failure({ ...endpoint, ca: certificate.ca })).toMatchObject({ serverText: 'encrypted' });
  });

  test.each([['nonsense'], ['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----']])(
    'an extra certificate that is none is refused: %j',
    async (ca) => {
      const server = await held(scriptedServer((client) => greet(client), { tls: await testCertificate() }));
      const error = await failure({ host: 'localhost', port: server.port, security: 'tls', ca });
      expect(error).toMatchObject({ name: 'TlsError', reason: 'tls-untrusted' });
    },
  );

  test('the wrong name on the certificate is shown', async () => {
    const certificate = await faultyCertificate('other-name');
    const server = await held(scriptedServer((client) => greet(client), { tls: certificate }));
    const error = await failure({
      host: 'localhost',
      port: server.port,
      security: 'tls',
      ca: certificate.ca,
    });
    expect(error.message).toContain('mail.other.test');
  });

  test('a certificate is verified after STARTTLS as well, and no password is sent', async () => {
    const certificate = await faultyCertificate('self-signed');
    const server = await held(
      scriptedServer(async (client) => {
        greet(client);
        client.send(`${await client.command('STARTTLS')} OK go`);
        client.secure(certificate);
      }),
    );
    const error = await failure({ host: 'localhost', port: server.port, security: 'starttls' });
    expect(error).toMatchObject({ problem: 'self-signed' });
    expect(server.heard).toEqual([expect.stringContaining('STARTTLS')]);
  });
});

describe('the wrong security for the port', () => {
  test('TLS on a plain port', async () => {
    const error = await failureOf((client) => greet(client), { security: 'tls' });
    expect(error).toMatchObject({ problem: 'tls-on-plain-port', reason: 'tls-unavailable' });
  });

  test('plain text on a TLS port', async () => {
    const server = await held(scriptedServer((client) => greet(client), { tls: await testCertificate() }));
    const error = await failure({ port: server.port, security: 'starttls' }, quick);
    expect(error).toMatchObject({ problem: 'plain-on-tls-port', reason: 'tls-unavailable' });
  });

  test('no STARTTLS on offer: nothing secret is sent in plain text', async () => {
    const server = await held(
      scriptedServer((client) => client.send('* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi')),
    );
    const error = await failure({ port: server.port, security: 'starttls' });
    expect(error).toMatchObject({ problem: 'starttls-missing', reason: 'tls-unavailable' });
    expect(server.heard).toEqual([]);
  });

  test('STARTTLS offered but refused', async () => {
    const error = await failureOf(
      async (client) => {
        greet(client);
        client.send(`${await client.command('STARTTLS')} NO not now`);
      },
      { security: 'starttls' },
    );
    expect(error).toMatchObject({ problem: 'starttls-refused', serverText: 'not now' });
  });

  test('bytes added behind the answer to STARTTLS end the connection', async () => {
    const error = await failureOf(
      async (client) => {
        greet(client);
        const tag = await client.command('STARTTLS');
        client.send(`${tag} OK go`, '* CAPABILITY IMAP4rev1 AUTH=PLAIN');
      },
      { security: 'starttls' },
    );
    expect(error).toMatchObject({ problem: 'starttls-injection', reason: 'tls-untrusted' });
  });

  test('capabilities from before STARTTLS are forgotten', async () => {
    const certificate = await testCertificate();
    const server = await held(
      scriptedServer(async (client) => {
        greet(client, ' LOGINDISABLED');
        client.send(`${await client.command('STARTTLS')} OK go`);
        const secured = client.secure(certificate);
        secured.send('* CAPABILITY IMAP4rev1 AUTH=PLAIN', `${await secured.command('CAPABILITY')} OK`);
        await secured.command('LOGIN');
        secured.send('* BYE far enough');
      }),
    );
    const error = await failure({
      host: 'localhost',
      port: server.port,
      security: 'starttls',
      ca: certificate.ca,
    });
    expect(error.serverText).toBe('far enough');
  });

  test('a server that takes passwords only when encrypted', async () => {
    const error = await failureOf((client) =>
      client.send('* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready'),
    );
    expect(error).toMatchObject({ problem: 'tls-required', reason: 'tls-unavailable' });
  });
});

describe('a greeting that is none', () => {
  test('closed at once', async () => {
    const error = await failureOf((client) => void client.socket.end());
    expect(error).toMatchObject({
      name: 'ConnectionClosedError',
      reason: 'connection-closed',
      retryable: true,
    });
  });

  test('reset at once', async () => {
    const error = await failureOf((client) => void client.socket.resetAndDestroy());
    expect(error.reason).toBe('connection-closed');
  });

  test.each([
    ['220 mail.example.com ESMTP', 'SMTP'],
    ['+OK POP3 ready', 'POP3'],
    ['SSH-2.0-OpenSSH_9.9', 'SSH'],
    ['HTTP/1.1 400 Bad Request', 'web server'],
    ['* NONSENSE', 'not an IMAP server'],
  ])('%s is not IMAP', async (line, hint) => {
    const error = await failureOf((client) => client.send(line));
    expect(error).toMatchObject({ name: 'GreetingError', reason: 'greeting-invalid', serverText: line });
    expect(error.message).toContain(hint);
  });

  test('a banner without a line end is not IMAP', async () => {
    const server = await held(scriptedServer((client) => void client.socket.write('login: ')));
    expect(await failure({ port: server.port }, quick)).toMatchObject({ reason: 'greeting-invalid' });
  });

  test('a line without end is cut off', async () => {
    const error = await failureOf((client) => void client.socket.write(`* OK ${'x'.repeat(1_000_000)}`));
    expect(error.reason).toBe('greeting-invalid');
    expect(error.serverText?.length).toBeLessThanOrEqual(500);
  });

  test('silence ends at the deadline', async () => {
    const server = await held(scriptedServer(() => undefined));
    expect(await failure({ port: server.port }, quick)).toMatchObject({
      name: 'ConnectError',
      reason: 'connection-timeout',
    });
  });

  test('a server that drips bytes gains no time', async () => {
    const server = await held(
      scriptedServer((client) => {
        const drip = setInterval(() => client.socket.write('*'), 20);
        client.socket.once('close', () => clearInterval(drip));
      }),
    );
    expect(await failure({ port: server.port }, quick)).toMatchObject({ reason: 'greeting-invalid' });
  });

  test('a farewell in place of a greeting', async () => {
    const error = await failureOf((client) => client.send('* BYE [UNAVAILABLE] going down'));
    expect(error).toMatchObject({ name: 'ConnectionClosedError', serverText: 'going down' });
  });

  test('a farewell because of too many connections is a throttle', async () => {
    const error = await failureOf((client) => client.send('* BYE Too many connections from your address'));
    expect(error).toMatchObject({ name: 'ThrottledError', reason: 'throttled', limit: 'connections' });
  });

  test('a farewell in UTF-8 keeps its words', async () => {
    const error = await failureOf((client) => client.send('* BYE \xe5\xaf\x86\xe7\xa0\x81'));
    expect(error.serverText).toBe('密码');
  });

  test('"already signed in" is not believed', async () => {
    const error = await failureOf((client) => client.send('* PREAUTH [CAPABILITY IMAP4rev1] welcome'));
    expect(error).toMatchObject({ name: 'GreetingError', reason: 'greeting-invalid' });
  });
});

/** Answers the sign-in by the given lines; `%` stands for its tag. */
function answeringLogin(...lines: string[]): Script {
  return async (client) => {
    greet(client);
    const tag = await client.command('LOGIN');
    client.send(...lines.map((line) => line.replace('%', tag)));
  };
}

/** The same where passwords go by SASL. */
function answeringPlain(...lines: string[]): Script {
  return async (client) => {
    greet(client, ' LOGINDISABLED');
    const tag = await client.command('AUTHENTICATE');
    client.send('+ ');
    await client.line();
    client.send(...lines.map((line) => line.replace('%', tag)));
  };
}

describe('a sign-in that fails', () => {
  test.each([
    ['% NO [AUTHENTICATIONFAILED] Authentication failed.'],
    ['% NO Login failed'],
    ['% NO'],
    ['% NO [ALERT] Application-specific password required: https://support.example (Failure)'],
    ['% BAD Invalid credentials'],
  ])('%s is a wrong user name or password', async (line) => {
    expect(await failureOf(answeringLogin(line))).toMatchObject({
      name: 'AuthenticationError',
      reason: 'authentication-failed',
      retryable: false,
    });
  });

  test('is the same by SASL', async () => {
    const line = '% NO [AUTHENTICATIONFAILED] Authentication failed.';
    expect(await failureOf(answeringPlain(line))).toMatchObject({
      name: 'AuthenticationError',
      serverText: 'Authentication failed.',
    });
  });

  test('passwords only when encrypted', async () => {
    const line = '% NO [PRIVACYREQUIRED] Plaintext authentication disallowed';
    expect(await failureOf(answeringLogin(line))).toMatchObject({
      name: 'TlsError',
      problem: 'tls-required',
    });
  });

  test('may sign in, but not for this mailbox', async () => {
    expect(await failureOf(answeringLogin('% NO [AUTHORIZATIONFAILED] No such user'))).toMatchObject({
      name: 'AuthenticationError',
      reason: 'permission-denied',
    });
  });

  test.each([
    [
      '% NO [UNAVAILABLE] Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)',
    ],
    ['% NO [LIMIT] Too many simultaneous connections'],
    ['% NO [ALERT] Too many simultaneous connections. (Failure)'],
    ['% BAD User is authenticated but not connected.'],
  ])('%s is a throttle of connections', async (line) => {
    expect(await failureOf(answeringLogin(line))).toMatchObject({
      name: 'ThrottledError',
      limit: 'connections',
    });
  });

  test('the wait that Exchange names is kept and not slept through', async () => {
    // Slept through, it would take longer than a test may.
    const error = await failureOf(
      answeringLogin('% BAD Request is throttled. Suggested Backoff Time: 299961 milliseconds'),
    );
    expect(error).toMatchObject({ name: 'ThrottledError', waitMs: 299_961, namedByServer: true });
  });

  test.each([
    ['% NO [UNAVAILABLE] Temporary authentication failure. [imap1:2026]'],
    ['% NO [SERVERBUG] Internal error occurred.'],
  ])('%s is trouble at the server and worth another try', async (line) => {
    expect(await failureOf(answeringLogin(line))).toMatchObject({ reason: 'server-error', retryable: true });
  });

  test('a farewell in place of an answer keeps its words', async () => {
    const error = await failureOf(answeringLogin('* BYE Too many connections'));
    expect(error).toBeInstanceOf(ThrottledError);
  });

  test('closed during the sign-in', async () => {
    const error = await failureOf(async (client) => {
      greet(client);
      await client.command('LOGIN');
      client.socket.end();
    });
    expect(error).toMatchObject({ reason: 'connection-closed', retryable: true });
  });

  test('silence during the sign-in ends at the deadline', async () => {
    const server = await held(scriptedServer((client) => greet(client)));
    expect(await failure({ port: server.port }, quick)).toMatchObject({
      name: 'CommandTimeoutError',
      reason: 'command-timeout',
      waitedMs: 150,
    });
  });

  test('the signal ends everything with its reason', async () => {
    const controller = new AbortController();
    const reason = new Error('the worker is told to stop');
    const server = await held(
      scriptedServer(async (client) => {
        greet(client);
        await client.command('LOGIN');
        controller.abort(reason);
      }),
    );
    const opening = openSession({ host: '127.0.0.1', port: server.port, security: 'insecure' }, credential, {
      side: 'source',
      wait: { signal: controller.signal, deadlineMs: 10_000 },
      addressPolicy: { allowPrivate: true },
    });
    await expect(opening).rejects.toBe(reason);
  });
});

describe('the password', () => {
  const encoded = Buffer.from(`\0ann\0${PASSWORD}`).toString('base64');
  const quoted = PASSWORD.replace(/"/g, '\\"');

  describe.each([
    ['LOGIN', answeringLogin],
    ['SASL', answeringPlain],
  ])('sent by %s', (_way, answering) => {
    test.each([
      ['in a refusal', `% NO I do not like the password ${PASSWORD}`],
      ['encoded in a refusal', `% BAD Unknown command ${encoded}`],
      ['in a farewell', `* BYE ${PASSWORD} was wrong`],
      ['quoted', `% NO [AUTHENTICATIONFAILED] ${JSON.stringify(PASSWORD)}`],
      ['in nonsense', `* 1 FETCH ((((${PASSWORD}`],
      ['as the whole command', `% BAD LOGIN "ann" "${quoted}"`],
      ['as part of a line in base64', `% BAD ${Buffer.from(`xx ${PASSWORD} yy`).toString('base64')}`],
    ])('a server that says it back %s does not get it into our errors', async (_, line) => {
      const error = await failureOf(answering(line, '% NO no'));
      const shown = [
        inspect(error, { depth: 20, showHidden: true }),
        JSON.stringify(error),
        JSON.stringify(error, Object.getOwnPropertyNames(error)),
        error.stack ?? '',
      ].join('\n');
      expect(shown).not.toContain('battery');
      expect(shown).not.toContain(encoded);
      expect(shown).not.toContain(Buffer.from('battery').toString('base64').slice(2, 8));
    });
  });

  test('an administrator acting for a user never falls back to a login without that user', async () => {
    const server = await held(
      scriptedServer((client) => client.send('* OK [CAPABILITY IMAP4rev1 AUTH=LOGIN] hi')),
    );
    const error = await failure(
      { port: server.port },
      { credential: { kind: 'password', user: 'admin', password: PASSWORD, authorizeAs: 'ann' } },
    );
    expect(error).toMatchObject({ name: 'AuthenticationError' });
    expect(server.heard).toEqual([]);
  });
});
