import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { disposeAfterEach } from '../../support/dispose-after-each.ts';
import { startDovecot } from '../../support/dovecot.ts';
import { ImapProbe } from '../../support/imap-probe.ts';
import { describeResult, type MailhaulResult, runMailhaul } from '../../support/mailhaul-process.ts';
import { startRefusingProxy } from '../../support/refusing-proxy.ts';

const INBOX = ['INBOX'];
const PASSWORD = 'correct-horse-7781';
const USERS = ['ann@example.org', 'ben@example.org'];

describe('mailhaul items', () => {
  const held = disposeAfterEach();
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mailhaul-items-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const items = (...args: string[]): Promise<MailhaulResult> =>
    runMailhaul(['items', '--state', join(folder, 'state'), ...args], { env: { MAILHAUL_SETTLE_MS: '300' } });

  test('lists what was not copied, and has it tried again once it can be', async () => {
    const users = Object.fromEntries(USERS.map((user) => [user, PASSWORD]));
    const source = await held(startDovecot({ users }));
    const destination = await held(startDovecot({ users }));
    const proxy = await held(startRefusingProxy(destination));
    proxy.judge = (line) => {
      if (/^APPEND .*\{1001\+?\}$/.test(line)) return 'NO [TOOBIG] Too large for me';
      return /^APPEND .*\{1002\+?\}$/.test(line) ? 'NO I do not like it' : undefined;
    };
    for (const user of USERS) {
      await ImapProbe.use(source.access(user), async (probe) => {
        for (const size of [1000, 1001, 1002]) {
          const head = `Message-ID: <${size}@example.org>\r\nSubject: m${size}\r\n\r\n`;
          await probe.append(INBOX, { bytes: `${head}${'x'.repeat(size - head.length - 2)}\r\n` });
        }
      });
    }
    const rows = USERS.map((user) => `${user},${user},${PASSWORD},${PASSWORD}`);
    await writeFile(
      join(folder, 'users.csv'),
      ['EmailAddress,UserName,Password,DestinationPassword', ...rows].join('\n'),
    );
    const migrated = await runMailhaul([
      'migrate',
      `--source=imap://127.0.0.1:${source.port}`,
      `--destination=imap://127.0.0.1:${proxy.port}`,
      '--insecure',
      '--users',
      join(folder, 'users.csv'),
      '--state',
      join(folder, 'state'),
      '--once',
    ]);
    expect(describeResult(migrated)).toMatch(/^Exit 3/);

    const listed = await items('--json', '--mailbox', 'ANN@example.org');
    expect(describeResult(listed)).toMatch(/^Exit 3/);
    expect(JSON.parse(listed.stdout)).toMatchObject({
      items: [
        { email: USERS[0], folder: 'INBOX', uid: 2, subject: 'm1001', reason: { code: 'too-big' } },
        { email: USERS[0], folder: 'INBOX', uid: 3, subject: 'm1002', reason: { code: 'refused' } },
      ],
    });
    const csv = await items('--csv', '--skipped');
    expect(csv.stdout.split('\r\n')).toHaveLength(4);
    expect(csv.stdout).toContain('Too large for me');

    proxy.judge = () => undefined;
    const some = await items('--retry', '--reason', 'too-big', '--mailbox', 'ann@example.org');
    expect(describeResult(some)).toMatch(/^Exit 0/);
    // The pass also tries what had failed once in that mailbox.
    const left = await items();
    expect(describeResult(left)).toMatch(/^Exit 3/);
    expect(left.stdout).toContain('2 messages not copied.');
    expect(describeResult(await items('--retry'))).toMatch(/^Exit 0/);
    expect((await items()).stdout).toBe('Nothing was skipped or failed, and nothing was altered.\n');
    for (const user of USERS) {
      expect(await ImapProbe.use(destination.access(user), (probe) => probe.uids(INBOX))).toHaveLength(3);
    }
    expect(describeResult(await items('--mailbox', 'nobody@example.org'))).toMatch(/^Exit 64/);
  });

  test('wants a state folder, and one form at a time', async () => {
    expect(describeResult(await items())).toMatch(/^Exit 64[^]*There is no state folder/);
    expect(describeResult(await items('--json', '--csv'))).toMatch(/^Exit 64/);
    expect(describeResult(await items('--reason', 'odd'))).toMatch(/^Exit 64/);
  });
});
