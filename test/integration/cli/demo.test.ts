import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { describeResult, runMailhaul } from '../../support/mailhaul-process.ts';

const leftovers = async (): Promise<string[]> =>
  (await readdir(tmpdir())).filter((name) => name.startsWith('mailhaul-demo-'));

test('the demo moves three mailboxes, finds one new message, and leaves nothing behind', async () => {
  const before = await leftovers();
  const result = await runMailhaul(['demo']);
  expect(describeResult(result)).toMatch(/^Exit 0/);
  expect(result.stdout).toMatch(
    /3 mailboxes: 3 Synced\. 606 messages[^]*3 mailboxes: 3 Synced\. 607 messages[^]*This run: 1 copied/,
  );
  expect(result.stderr).toContain('every byte, date and flag is the same');
  expect(await leftovers()).toEqual(before);
});
