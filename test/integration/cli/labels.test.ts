import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { disposeAfterEach } from '../../support/dispose-after-each.ts';
import { startDovecot } from '../../support/dovecot.ts';
import { describeResult, type MailhaulResult, runMailhaul } from '../../support/mailhaul-process.ts';
import { snapshotMailbox } from '../../support/mailbox-snapshot.ts';
import { gmailFolder, gmailScript } from '../../support/provider-servers/gmail-script.ts';
import { startProviderServer } from '../../support/provider-servers/provider-server.ts';

const PASSWORD = 'correct-horse-7781';

describe('mailhaul migrate from a server with labels', () => {
  const held = disposeAfterEach();
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mailhaul-labels-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('copies a message once, or with each label, and keeps to what was chosen', async () => {
    const source = await held(startProviderServer(gmailScript()));
    const destination = await held(startDovecot({ users: { 'ann@example.org': PASSWORD } }));
    const account = source.addUser('ann@example.org', PASSWORD);
    const all = gmailFolder('\\All');
    account.deliver(['INBOX', 'Work', all], { bytes: 'Subject: two\r\n\r\n' });
    const migrate = (...args: string[]): Promise<MailhaulResult> =>
      runMailhaul(
        [
          'migrate',
          `--source=imap://127.0.0.1:${source.port}`,
          `--destination=imap://127.0.0.1:${destination.port}`,
          '--source-user=ann@example.org',
          '--destination-user=ann@example.org',
          '--insecure',
          `--state=${join(folder, 'state')}`,
          '--once',
          ...args,
        ],
        {
          env: {
            MAILHAUL_SOURCE_PASSWORD: PASSWORD,
            MAILHAUL_DESTINATION_PASSWORD: PASSWORD,
            MAILHAUL_SETTLE_MS: '300',
          },
        },
      );
    const counts = async () => {
      const found = await snapshotMailbox(destination.access('ann@example.org'));
      return ['INBOX', 'Work'].map((name) => found.get(name)?.messages.length ?? 0);
    };
    expect(describeResult(await migrate('--each-label', '--one-folder'))).toMatch(/^Exit 64/);
    const once = await migrate();
    expect(describeResult(once)).toMatch(/^Exit 0/);
    expect(once.stdout).toMatch(/ Adopted +Other label +Skipped +Failed /);
    expect(once.stdout).toContain('Listed again with another label: 2.');
    expect(await counts()).toEqual([0, 1]);
    const each = await migrate('--each-label', '--json');
    expect(describeResult(each)).toMatch(/^Exit 0/);
    expect(JSON.parse(each.stdout)).toMatchObject({
      totals: {
        messages: { listed: 3, copied: 2, skipped: 1, underOtherLabel: 1, failed: 0 },
        thisRun: { copied: 1, skipped: 0, underOtherLabel: 0 },
      },
    });
    expect(await counts()).toEqual([1, 1]);
    account.deliver(['INBOX', 'Work', all], { bytes: 'Subject: new\r\n\r\n' });
    expect(describeResult(await migrate())).toMatch(/^Exit 0/);
    expect(await counts()).toEqual([2, 2]);
    account.deliver(['INBOX', 'Work', all], { bytes: 'Subject: newer\r\n\r\n' });
    expect(describeResult(await migrate('--one-folder'))).toMatch(/^Exit 0/);
    expect(await counts()).toEqual([2, 3]);
  });
});
