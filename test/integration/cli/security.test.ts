import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Dovecot, startDovecot } from '../../support/dovecot.ts';
import { ImapTestClient } from '../../support/imap-test-client.ts';
import { appendMessage } from '../../support/fill-mailbox.ts';
import { describeResult, reportedMailbox, runMailhaul } from '../../support/mailhaul-process.ts';
import { withResource } from '../../support/with-resource.ts';

const OLD = 'anna@old.example';
const NEW = 'anna@new.example';
const PASSWORDS = { MAILHAUL_SOURCE_PASSWORD: 'old', MAILHAUL_DESTINATION_PASSWORD: 'new' };

describe('the security of a connection', () => {
  let server: Dovecot;
  let folder: string;
  beforeAll(async () => {
    server = await startDovecot({ users: { [OLD]: 'old', [NEW]: 'new' } });
    folder = await mkdtemp(join(tmpdir(), 'mailhaul-security-'));
    const message = {
      flags: [],
      internalDate: '01-Jan-2024 00:00:00 +0000',
      bytes: () => Buffer.from('Subject: one\r\n\r\n1\r\n'),
    };
    await withResource(ImapTestClient.connect(server.access(OLD)), (client) =>
      appendMessage(client, 'INBOX', message),
    );
  });
  afterAll(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const migrate = (name: string, url: string, ...more: string[]) =>
    runMailhaul(
      [
        'migrate',
        `--source=${url}`,
        `--destination=${url}`,
        `--source-user=${OLD}`,
        `--destination-user=${NEW}`,
        `--state=${join(folder, name)}`,
        '--once',
        '--json',
        ...more,
      ],
      { env: PASSWORDS },
    );

  test('imaps:// refuses a certificate that nobody trusts, and says what to do', async () => {
    const result = await migrate('untrusted', `imaps://127.0.0.1:${server.tlsPort}`);
    expect(describeResult(result)).toMatch(/^Exit 2/);
    expect(reportedMailbox(result)).toMatchObject({
      status: 'needs-attention',
      reason: { code: 'tls-untrusted', remedy: expect.any(String) },
    });
  });

  test('imaps:// takes it with the authority that --ca names', async () => {
    const result = await migrate('ca', `imaps://127.0.0.1:${server.tlsPort}`, `--ca=${server.caFile}`);
    expect(describeResult(result)).toMatch(/^Exit 0/);
    expect(reportedMailbox(result).messages.listed).toBeGreaterThan(0);
  });

  test('imap:// encrypts by STARTTLS, and verifies as well', async () => {
    const untrusted = await migrate('starttls-untrusted', `imap://127.0.0.1:${server.port}`);
    expect(reportedMailbox(untrusted).reason?.code).toBe('tls-untrusted');
    const trusted = await migrate('starttls', `imap://127.0.0.1:${server.port}`, `--ca=${server.caFile}`);
    expect(describeResult(trusted)).toMatch(/^Exit 0/);
  });

  test('a server that is not there needs attention', async () => {
    const result = await migrate('absent', 'imaps://127.0.0.1:1');
    expect(describeResult(result)).toMatch(/^Exit 2/);
    expect(reportedMailbox(result).reason?.code).toBe('connection-refused');
  });
});
