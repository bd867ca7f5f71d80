import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type Dovecot, startDovecot } from '../../test/support/dovecot.ts';
import type { MailboxAccess } from '../../test/support/imap-test-client.ts';
import { type FirstMessageWatch, watchFirstMessage } from './watch-first-message.ts';

const run = promisify(execFile);
/** Of every user: the servers listen on 127.0.0.1 and hold invented mail. */
const PASSWORD = 'benchmark';

/** A Dovecot at which every name can log in, and whose mailboxes can be copied as files. */
export interface MailServer {
  readonly port: number;
  access(user: string): MailboxAccess;
  /** Nobody may be logged in as either. */
  copyMailbox(from: string, to: string): Promise<void>;
  removeMailbox(user: string): Promise<void>;
  watchFirstMessage(user: string): FirstMessageWatch;
}

/** Two servers of the same configuration, without TLS: what is measured is the tools, not their ciphers. */
export interface MailServers extends AsyncDisposable {
  readonly source: MailServer;
  readonly destination: MailServer;
}

export async function startMailServers(): Promise<MailServers> {
  const source = await startOne();
  try {
    const destination = await startOne();
    return {
      source: serverOf(source),
      destination: serverOf(destination),
      async [Symbol.asyncDispose]() {
        await Promise.all([source.stop(), destination.stop()]);
      },
    };
  } catch (error) {
    await source.stop();
    throw error;
  }
}

function startOne(): Promise<Dovecot> {
  return startDovecot({
    tls: false,
    settings: {
      'passdb users/driver': 'static',
      'passdb users/args': `password=${PASSWORD}`,
      'service imap-login/client_limit': '2000',
    },
  });
}

function serverOf(dovecot: Dovecot): MailServer {
  const folderOf = (user: string): string => join(dirname(dovecot.configFile), 'mail', user);
  return {
    port: dovecot.port,
    access: (user) => ({ host: dovecot.host, port: dovecot.port, user, password: PASSWORD }),
    async copyMailbox(from, to) {
      await run('cp', ['--archive', folderOf(from), folderOf(to)]);
    },
    async removeMailbox(user) {
      await rm(folderOf(user), { recursive: true, force: true });
    },
    watchFirstMessage: (user) => watchFirstMessage(folderOf(user)),
  };
}
