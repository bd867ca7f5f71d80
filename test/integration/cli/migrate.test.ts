import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lateMessage } from '../../../cli/demo/sample-mail.ts';
import { type DemoMailServers, demoMailServers } from '../../support/demo-mail-servers.ts';
import { disposeAfterEach } from '../../support/dispose-after-each.ts';
import { disturbedBy } from '../../support/disturbed-by.ts';
import { eventually } from '../../support/eventually.ts';
import {
  describeResult,
  type MailhaulResult,
  reportedMailboxes,
  runMailhaul,
  startMailhaul,
} from '../../support/mailhaul-process.ts';

const ENVIRONMENT = { MAILHAUL_SETTLE_MS: '300' };

describe('mailhaul migrate', () => {
  const held = disposeAfterEach();
  let servers: DemoMailServers;
  let folder: string;
  let args: string[];
  const users = (csv: string): Promise<void> => writeFile(join(folder, 'users.csv'), csv);
  const once = (...more: string[]): Promise<MailhaulResult> =>
    runMailhaul([...args, '--once', '--json', ...more], { env: ENVIRONMENT });
  const statuses = (result: MailhaulResult) =>
    Object.fromEntries(reportedMailboxes(result).map(({ destination, status }) => [destination, status]));
  const copiedNow = (result: MailhaulResult): number =>
    reportedMailboxes(result).reduce((sum, { thisRun }) => sum + thisRun.copied, 0);

  async function open(extra?: Parameters<typeof demoMailServers>[0]): Promise<void> {
    servers = await held(demoMailServers(extra));
    folder = await mkdtemp(join(tmpdir(), 'mailhaul-migrate-'));
    args = [...servers.args, '--users', join(folder, 'users.csv'), '--state', join(folder, 'state')];
  }
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('copies every mailbox, then only what is new, then nothing, and takes in users that are added', async () => {
    await open();
    const [anna, linh, sam] = servers.people;
    if (anna === undefined || linh === undefined || sam === undefined) throw new Error('three people');
    await users(servers.csv([anna, linh]));
    const first = await once();
    expect(describeResult(first)).toMatch(/^Exit 0/);
    expect(servers.difference([anna, linh])).toBeUndefined();
    const listed = [anna, linh].map((person) => servers.source.messages(person.source).length);
    expect(
      reportedMailboxes(first).map(({ destination, source, status, messages, thisRun, skippedItems }) => ({
        destination,
        source,
        status,
        messages,
        thisRun,
        skippedItems,
      })),
    ).toEqual(
      expect.arrayContaining(
        [anna, linh].map((person, index) => ({
          destination: person.destination,
          source: person.source,
          status: 'synced',
          messages: {
            listed: listed[index],
            copied: listed[index],
            adopted: 0,
            skipped: 0,
            underOtherLabel: 0,
            failed: 0,
          },
          thisRun: { copied: listed[index], adopted: 0, skipped: 0, underOtherLabel: 0, failed: 0 },
          skippedItems: [],
        })),
      ),
    );

    servers.source.deliver(anna.source, lateMessage(anna));
    await users(servers.csv([anna, linh, sam]));
    const second = await once();
    expect(describeResult(second)).toMatch(/^Exit 0/);
    expect(copiedNow(second)).toBe(1 + servers.source.messages(sam.source).length);
    expect(servers.difference()).toBeUndefined();

    const third = await once();
    expect(describeResult(third)).toMatch(/^Exit 0/);
    expect(copiedNow(third)).toBe(0);
    expect(servers.difference()).toBeUndefined();
  });

  test('run again with other --lanes uses as many connections at once', async () => {
    await open();
    const [anna] = servers.people;
    if (anna === undefined) throw new Error('a person');
    await users(servers.csv([anna]));
    expect(describeResult(await once('--lanes=1'))).toMatch(/^Exit 0/);
    const folders = [...new Set(servers.source.messages(anna.source).map(({ folder: name }) => name))];
    expect(folders.length).toBeGreaterThanOrEqual(4);
    // more pieces than lanes, each as much as is worth a sign-in
    for (const name of folders) {
      for (let count = 0; count < 120; count += 1) {
        servers.source.deliver(anna.source, { ...lateMessage(anna), folder: name });
      }
    }
    servers.appendTogether(3);
    expect(describeResult(await once('--lanes=3'))).toMatch(/^Exit 0/);
    expect(servers.difference([anna])).toBeUndefined();
  });

  test('ends when its services die, and the same command goes on', async () => {
    await open();
    await users(servers.csv(servers.people));
    const died = await runMailhaul([...args, '--once', '--json'], {
      env: { ...ENVIRONMENT, ...disturbedBy({ dieAt: 'BatchWriteItem' }) },
    });
    expect(describeResult(died)).toMatch(/^Exit 70\n/);
    expect(died.stderr).toContain('The embedded services have ended (disturbed at BatchWriteItem).');
    expect(describeResult(await once())).toMatch(/^Exit 0/);
    expect(servers.difference()).toBeUndefined();
  });

  test('with every queue message delivered twice copies nothing twice', async () => {
    await open();
    await users(servers.csv(servers.people));
    const result = await runMailhaul([...args, '--once', '--json'], {
      env: { ...ENVIRONMENT, MAILHAUL_DOUBLE_DELIVERY: 'true' },
    });
    expect(describeResult(result)).toMatch(/^Exit 0/);
    expect(servers.difference()).toBeUndefined();
  });

  test('ends with 2 when one password is wrong, moves the others, and goes on once it is right', async () => {
    await open();
    const [anna, linh, sam] = servers.people;
    if (anna === undefined || linh === undefined || sam === undefined) throw new Error('three people');
    // The first user's, so that the server itself must be tried with another account.
    await users(servers.csv(servers.people, { [anna.source]: 'hunter2' }));
    const wrong = await once();
    expect(describeResult(wrong)).toMatch(/^Exit 2/);
    expect(statuses(wrong)).toEqual({
      [anna.destination]: 'needs-attention',
      [linh.destination]: 'synced',
      [sam.destination]: 'synced',
    });
    expect(
      reportedMailboxes(wrong).find(({ destination }) => destination === anna.destination)?.reason,
    ).toMatchObject({
      code: 'authentication-failed',
      remedy: expect.any(String),
    });
    expect(JSON.stringify(wrong)).not.toContain('hunter2');

    await users(servers.csv(servers.people));
    const right = await once();
    expect(describeResult(right)).toMatch(/^Exit 0/);
    expect(servers.difference()).toBeUndefined();
  });

  test('reports in the same form when no password is right', async () => {
    await open();
    const wrong = Object.fromEntries(servers.people.map(({ source }) => [source, 'hunter2']));
    await users(servers.csv(servers.people, wrong));
    const result = await once();
    expect(describeResult(result)).toMatch(/^Exit 2/);
    expect(Object.values(statuses(result))).toEqual([
      'needs-attention',
      'needs-attention',
      'needs-attention',
    ]);
    expect(reportedMailboxes(result)[0]?.reason).toMatchObject({ code: 'authentication-failed' });
  });

  test('ends with 3 and names a message that the destination refuses', async () => {
    const refused = {
      folder: 'INBOX',
      raw: 'Subject: a film\r\n\r\nlong\r\n',
      flags: [],
      internalDate: '01-Jan-2024 00:00:00 +0000',
    };
    await open({ extra: [refused], tooBig: 'a film' });
    const [anna] = servers.people;
    if (anna === undefined) throw new Error('a person');
    await users(servers.csv([anna]));
    const result = await once();
    expect(describeResult(result)).toMatch(/^Exit 3/);
    const [mailbox] = reportedMailboxes(result);
    expect((mailbox?.messages.skipped ?? 0) + (mailbox?.messages.failed ?? 0)).toBe(1);
    expect(mailbox?.skippedItems).toEqual([
      expect.objectContaining({
        folder: 'INBOX',
        subject: 'a film',
        reason: 'too-big',
        serverText: 'Message too big',
      }),
    ]);
  });

  test('goes on until Ctrl-C, finds new mail by itself, ends in order and keeps the state', async () => {
    await open();
    const [anna] = servers.people;
    if (anna === undefined) throw new Error('a person');
    await users(servers.csv([anna]));
    const running = startMailhaul([...args, '--resync=1'], { env: ENVIRONMENT });
    try {
      await eventually('the first copy', () => servers.difference([anna]) === undefined, {
        withinMs: 40_000,
      });
      servers.source.deliver(anna.source, lateMessage(anna));
      const count = servers.source.messages(anna.source).length;
      await eventually('the new message', () => running.output().stderr.includes(`${count}/${count}`), {
        withinMs: 40_000,
      });
      expect(servers.difference([anna])).toBeUndefined();
    } finally {
      running.kill('SIGINT');
    }
    const result = await running.ended;
    expect(describeResult(result)).toMatch(/^Exit 0/);
    expect(result.stdout).toContain('1 mailbox: 1 Synced');
    const again = await once();
    expect(describeResult(again)).toMatch(/^Exit 0/);
    expect(copiedNow(again)).toBe(0);
  });

  test('killed in any place goes on with the next run, without loss and without doubles', async () => {
    await open();
    await users(servers.csv(servers.people));
    for (const messages of [0, 30, 200]) {
      const appends = servers.holdAppendsAfter(messages);
      const running = startMailhaul([...args, '--once'], { env: ENVIRONMENT });
      try {
        await Promise.race([appends.holding, running.ended]);
      } finally {
        running.kill('SIGKILL');
      }
      expect((await running.ended).signal).toBe('SIGKILL');
      // the destination had these in full: it stores them although nobody waits for the answer any more
      appends.release();
    }
    const result = await once();
    expect(describeResult(result)).toMatch(/^Exit 0/);
    expect(servers.difference()).toBeUndefined();
  });

  test('refuses another destination, and another source account for a mailbox, in the same state', async () => {
    await open();
    const [anna, linh] = servers.people;
    if (anna === undefined || linh === undefined) throw new Error('two people');
    await users(servers.csv([anna]));
    expect((await once()).exitCode).toBe(0);
    const elsewhere = await once(`--destination=imap://127.0.0.1:${servers.source.port}`);
    expect(elsewhere).toMatchObject({ exitCode: 64, stderr: expect.stringContaining('another --state') });
    await users(servers.csv([{ ...anna, source: linh.source }]));
    const another = await once();
    expect(another).toMatchObject({ exitCode: 64, stderr: expect.stringContaining(linh.source) });
  });

  test('keeps no key in the state folder when it is given one, and needs it again', async () => {
    await open();
    const [anna] = servers.people;
    if (anna === undefined) throw new Error('a person');
    await users(servers.csv([anna]));
    const run = (masterKey: string): Promise<MailhaulResult> =>
      runMailhaul([...args, '--once'], { env: { ...ENVIRONMENT, MAILHAUL_MASTER_KEY: masterKey } });
    const key = randomBytes(32).toString('base64');
    const first = await run(key);
    expect(describeResult(first)).toMatch(/^Exit 0/);
    expect(first.stdout + first.stderr).not.toContain(key);
    const files = await readdir(join(folder, 'state'), { recursive: true });
    expect(files.filter((name) => name.includes('master'))).toEqual([]);
    expect(describeResult(await run(key))).toMatch(/^Exit 0/);
    for (const wrong of [randomBytes(32).toString('base64'), 'too short']) {
      expect(await run(wrong)).toMatchObject({
        exitCode: 69,
        stderr: expect.stringMatching(/key/i) as string,
      });
    }
  });

  test('tells on standard error what fails around the functions, if it is asked to', async () => {
    await open();
    const [anna] = servers.people;
    if (anna === undefined) throw new Error('a person');
    await users(servers.csv([anna]));
    expect((await once()).exitCode).toBe(0);
    const state = join(folder, 'state');
    const files = (await readdir(state, { recursive: true })).filter((name) => name.endsWith('.secret'));
    expect(files).not.toEqual([]);
    for (const name of files) {
      await rm(join(state, name));
      await mkdir(join(state, name)); // reading it fails in a way that no answer of the service provides for
    }
    const failing = (level: string): Promise<MailhaulResult> =>
      runMailhaul([...args, '--once'], { env: { ...ENVIRONMENT, MAILHAUL_LOG_LEVEL: level } });
    expect((await failing('ERROR')).stderr).toContain('The embedded Secrets Manager failed');
    const silent = await failing('SILENT');
    expect(silent.exitCode).not.toBe(0);
    expect(silent.stdout + silent.stderr).not.toContain('The embedded Secrets Manager failed');
  });

  test('writes no password anywhere but encrypted', async () => {
    await open();
    const [anna] = servers.people;
    if (anna === undefined) throw new Error('a person');
    await users(servers.csv([anna]));
    const result = await runMailhaul([...args, '--once', '--debug'], {
      env: { ...ENVIRONMENT, MAILHAUL_LOG_LEVEL: 'DEBUG' },
    });
    expect(describeResult(result)).toMatch(/^Exit 0/);
    const secret = 'pass word';
    expect(result.stdout + result.stderr).not.toContain(secret);
    const files = await readdir(join(folder, 'state'), { recursive: true, withFileTypes: true });
    for (const file of files.filter((entry) => entry.isFile())) {
      expect((await readFile(join(file.parentPath, file.name))).includes(secret)).toBe(false);
    }
  });
});
