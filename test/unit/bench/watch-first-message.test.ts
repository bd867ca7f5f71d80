import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { watchFirstMessage } from '../../../bench/mail/watch-first-message.ts';
import { eventually } from '../../support/eventually.ts';

describe('the watch for the first message', () => {
  let user: string;
  const folder = (name: string): string => join(user, 'sdbox', 'mailboxes', name, 'dbox-Mails');
  beforeEach(async () => {
    user = await mkdtemp(join(tmpdir(), 'mailhaul-watch-'));
  });
  afterEach(() => rm(user, { recursive: true, force: true }));

  test('tells when any folder of a mailbox that did not exist before has a message', async () => {
    const watch = watchFirstMessage(user);
    await mkdir(folder('INBOX'), { recursive: true });
    await mkdir(folder('Sent'), { recursive: true });
    const before = Date.now();
    await writeFile(join(folder('Sent'), 'u.1'), '');
    let at: number | undefined;
    void watch.found.then((found) => (at = found));
    await eventually('the message is seen', () => at !== undefined);
    expect(at).toBeGreaterThanOrEqual(before);
  });

  test('tells that there was none', async () => {
    const watch = watchFirstMessage(user);
    await mkdir(folder('INBOX'), { recursive: true });
    watch.stop();
    expect(await watch.found).toBeUndefined();
  });
});
