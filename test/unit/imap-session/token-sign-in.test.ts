import { openSession } from '../../../shared/imap/session/open-session.ts';
import { openSignedIn } from '../../../shared/imap/session/open-signed-in.ts';
import type { CredentialSource } from '../../../shared/imap/session/credential-source.ts';
import type { ImapCredential } from '../../../shared/imap/session/imap-endpoint.ts';
import { disposeAfterEach } from '../../support/dispose-after-each.ts';
import { type ScriptedClient, scriptedServer } from '../../support/scripted-server.ts';

const held = disposeAfterEach();

const TOKEN = 'ya29.a-token-of-some-length';
const options = {
  side: 'source' as const,
  wait: { signal: new AbortController().signal, deadlineMs: 10_000 },
  addressPolicy: { allowPrivate: true },
};
const token = (accessToken: string): ImapCredential => ({
  kind: 'oauth',
  user: 'ann@example.org',
  accessToken,
});
const endpointOf = ({ port }: { port: number }) => ({
  host: '127.0.0.1',
  port,
  security: 'insecure' as const,
});

/** Refuses a token as RFC 7628 3.2.2 has it: the reason in a challenge, and after its answer a tagged NO. */
async function refuse(
  client: ScriptedClient,
  complaint: string,
  text = 'AUTHENTICATE failed.',
): Promise<void> {
  const tag = await client.command('AUTHENTICATE');
  client.send(`+ ${Buffer.from(complaint).toString('base64')}`);
  await client.line();
  client.send(`${tag} NO ${text}`);
}

test.each([
  ['AUTH=XOAUTH2', 'XOAUTH2', `user=ann@example.org\x01auth=Bearer ${TOKEN}\x01\x01`],
  ['AUTH=XOAUTH2 AUTH=OAUTHBEARER', 'OAUTHBEARER', 'n,a=ann@example.org,'],
])('a server with %s is given the token by %s', async (mechanisms, chosen, begins) => {
  const server = await held(
    scriptedServer(async (client) => {
      client.send(`* OK [CAPABILITY IMAP4rev1 SASL-IR ${mechanisms}] ready`);
      client.send(`${await client.command('AUTHENTICATE')} OK [CAPABILITY IMAP4rev1] in`);
    }),
  );
  const session = await openSession(endpointOf(server), token(TOKEN), options);
  session.close();
  const [, verb, mechanism, response = ''] = server.heard[0]?.split(' ') ?? [];
  expect([verb, mechanism]).toEqual(['AUTHENTICATE', chosen]);
  const sent = Buffer.from(response, 'base64').toString();
  expect(sent).toContain(`auth=Bearer ${TOKEN}`);
  expect(sent.startsWith(begins)).toBe(true);
});

test.each([
  [
    'what it says of the token',
    '{"status":"401","scope":"https://mail.google.com/"}',
    /status 401, scope https:\/\/mail\.google\.com\//,
  ],
  [
    'no more than fits',
    JSON.stringify({ status: '400', scope: 'x'.repeat(5000) }),
    /status 400, scope x{200}\)$/,
  ],
  ['nothing of the token itself', JSON.stringify({ status: `401 ${TOKEN}` }), /status 401 •••/],
  ['nothing where that is no JSON', 'who are you?', /^AUTHENTICATE failed\.$/],
  ['nothing where that is no object', '["status"]', /^AUTHENTICATE failed\.$/],
])('a refusal tells %s', async (_what, complaint, said) => {
  const server = await held(
    scriptedServer(async (client) => {
      client.send('* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2] ready');
      await refuse(client, complaint);
    }),
  );
  const failed = await openSession(endpointOf(server), token(TOKEN), options).catch(
    (error: unknown) => error,
  );
  expect(failed).toMatchObject({ code: 'authentication-failed', reason: 'token-refused' });
  expect(failed).toMatchObject({ serverText: expect.stringMatching(said) });
  expect(String(failed)).not.toContain(TOKEN);
});

test('a server that is too busy for a token is told apart from one that refuses it', async () => {
  const server = await held(
    scriptedServer(async (client) => {
      client.send('* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2] ready');
      client.send(`${await client.command('AUTHENTICATE')} NO User is authenticated but not connected.`);
    }),
  );
  await expect(openSession(endpointOf(server), token(TOKEN), options)).rejects.toMatchObject({
    code: 'throttled',
  });
});

describe('a token that is refused', () => {
  const sourceOf = (renewed: ImapCredential | undefined): CredentialSource & { asked: number } => {
    const source = {
      asked: 0,
      asksFirst: true,
      get: async () => token('first-token-1'),
      renew: async () => {
        source.asked += 1;
        return renewed;
      },
    };
    return source;
  };
  const pickyServer = () =>
    held(
      scriptedServer(async (client) => {
        client.send('* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2] ready');
        const line = await client.line();
        const [tag, , , response = ''] = line.split(' ');
        const good = Buffer.from(response, 'base64').toString().includes('second-token-2');
        client.send(good ? `${tag} OK [CAPABILITY IMAP4rev1] in` : `${tag} NO [AUTHENTICATIONFAILED] no`);
      }),
    );

  test('is tried once more with a newer one', async () => {
    const source = sourceOf(token('second-token-2'));
    const session = await openSignedIn(endpointOf(await pickyServer()), source, options);
    session.close();
    expect(source.asked).toBe(1);
  });

  test.each([[undefined], [token('third-token-3')]])('and no more than once (%j)', async (renewed) => {
    const source = sourceOf(renewed);
    await expect(openSignedIn(endpointOf(await pickyServer()), source, options)).rejects.toMatchObject({
      reason: 'token-refused',
      side: 'source',
    });
    expect(source.asked).toBe(1);
  });
});
