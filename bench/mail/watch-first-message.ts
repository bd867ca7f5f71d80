import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** A look costs a few system calls; the answer is as exact as this. */
const LOOK_MS = 10;

export interface FirstMessageWatch {
  /** ms since the epoch at which a message was there; undefined when the watch ended before. */
  readonly found: Promise<number | undefined>;
  stop(): void;
}

/** Watches a mailbox (Dovecot's sdbox: a file per message, named by its UID) until a folder has its first message. */
export function watchFirstMessage(userFolder: string): FirstMessageWatch {
  const mailboxes = join(userFolder, 'sdbox', 'mailboxes');
  const ending = new AbortController();
  const { signal } = ending;
  async function look(): Promise<number | undefined> {
    while (!signal.aborted) {
      if (await hasMessage(mailboxes)) return Date.now();
      await wait(LOOK_MS, undefined, { signal }).catch(() => undefined);
    }
    return undefined;
  }
  const found = look();
  return {
    found,
    stop: () => ending.abort(),
  };
}

async function hasMessage(mailboxes: string): Promise<boolean> {
  const folders = await readdir(mailboxes).catch(() => []);
  const found = await Promise.all(
    folders.map((folder) =>
      access(join(mailboxes, folder, 'dbox-Mails', 'u.1')).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}
