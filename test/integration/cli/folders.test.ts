import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoMailServers } from '../../support/demo-mail-servers.ts';
import { disposeAfterEach } from '../../support/dispose-after-each.ts';
import { describeResult, reportedMailboxes, runMailhaul } from '../../support/mailhaul-process.ts';

describe('mailhaul folders', () => {
  const held = disposeAfterEach();
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mailhaul-folders-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('shows where folders come and writes nothing; a migration with that state does what was shown', async () => {
    const servers = await held(demoMailServers());
    const [, , sam] = servers.people;
    if (sam === undefined) throw new Error('three people');
    await writeFile(join(folder, 'users.csv'), servers.csv([sam]));
    const [, ...args] = [
      ...servers.args,
      '--users',
      join(folder, 'users.csv'),
      '--state',
      join(folder, 'state'),
    ];
    // What a server takes in names depends on what it is.
    const wow = ['folders', ...args, '--map', 'Receipts=Wow!'];
    expect((await runMailhaul(wow)).stdout).toMatch(/\| Receipts +\| Wow! +\|/);
    const cyrus = await runMailhaul([...wow, '--destination-provider', 'cyrus']);
    expect(cyrus.stdout).toMatch(/\| Receipts +\| Wow_ +\|/);

    const shown = await runMailhaul(['folders', ...args, '--no-trash', '--map', 'Receipts=Money/Receipts']);
    expect(describeResult(shown)).toMatch(/^Exit 0/);
    expect(shown.stdout).toContain(`${sam.source} -> ${sam.destination}: 3 folders, 2 to be made`);
    expect(shown.stdout).toMatch(/\| Receipts +\| Money\/Receipts +\| +\| will be made +\|/);
    expect(shown.stdout).toMatch(/\| Old bin +\| +\| \\Trash +\| left out: deleted mail +\|/);
    expect(servers.destination.messages(sam.destination)).toEqual([]);
    const copied = await runMailhaul(['migrate', ...args, '--once', '--json'], {
      env: { MAILHAUL_SETTLE_MS: '300' },
    });
    expect(describeResult(copied)).toMatch(/^Exit 0/);
    expect(reportedMailboxes(copied)).toMatchObject([{ messages: { listed: 145, copied: 145 } }]);
    const places = new Set(servers.destination.messages(sam.destination).map((message) => message.folder));
    expect([...places].toSorted((a, b) => a.localeCompare(b))).toEqual(['INBOX', 'Money/Receipts', 'Sent']);

    const again = await runMailhaul(['folders', ...args, '--json']);
    expect(JSON.parse(again.stdout)).toMatchObject([
      {
        source: sam.source,
        folders: expect.arrayContaining([
          expect.objectContaining({ destinationPath: 'Money/Receipts', decided: true, create: false }),
        ]),
        leftOut: [expect.objectContaining({ sourcePath: 'Old bin', because: 'trash' })],
      },
    ]);
  });
});
