import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MailboxAccess } from './imap-test-client.ts';
import {
  describeResult,
  reportedMailbox,
  runMailhaul,
  startMailhaul,
  type MailhaulOptions,
  type MailhaulProcess,
  type MailhaulResult,
  type ReportedMailbox,
} from './mailhaul-process.ts';

/** A server as mailhaul reaches it: a Dovecot, or one behind a proxy (`{ ...dovecot, tlsPort: proxy.port }`). */
export interface MigrationServer {
  readonly tlsPort: number;
  readonly caFile: string;
  access(user: string): MailboxAccess;
}

/** One mailbox of the source, its place at the destination, and a state folder of its own. */
export interface MailboxMigration extends AsyncDisposable {
  /** The arguments of `mailhaul migrate` for this mailbox. */
  readonly args: readonly string[];
  readonly stateFolder: string;
  /** Runs to the end of one pass; demands that it ends well (exit code 0) and gives its report. */
  run(options?: MailhaulOptions): Promise<ReportedMailbox>;
  /** Runs to the end, however that may be. */
  attempt(options?: MailhaulOptions): Promise<MailhaulResult>;
  start(options?: MailhaulOptions): MailhaulProcess;
  /** Removes the state folder. */
  remove(): Promise<void>;
}

/** A run that should have ended well did not. */
export class MigrationRunError extends Error {
  override readonly name = 'MigrationRunError';
}

/** `mailhaul migrate --once --json` over TLS from one test server to another. */
export async function mailboxMigration(
  source: { server: MigrationServer; user: string },
  destination: { server: MigrationServer; user: string },
): Promise<MailboxMigration> {
  const stateFolder = await mkdtemp(join(tmpdir(), 'mailhaul-state-'));
  const [from, to] = [source.server.access(source.user), destination.server.access(destination.user)];
  const args = [
    'migrate',
    `--source=imaps://127.0.0.1:${source.server.tlsPort}`,
    `--destination=imaps://127.0.0.1:${destination.server.tlsPort}`,
    `--source-user=${source.user}`,
    `--destination-user=${destination.user}`,
    `--ca=${source.server.caFile}`,
    `--state=${stateFolder}`,
    '--once',
    '--json',
  ];
  const withPasswords = (options: MailhaulOptions = {}): MailhaulOptions => ({
    ...options,
    env: {
      MAILHAUL_LOG_LEVEL: 'WARN', // for the message of a run that fails
      MAILHAUL_SOURCE_PASSWORD: from.password,
      MAILHAUL_DESTINATION_PASSWORD: to.password,
      ...options.env,
    },
  });
  const remove = (): Promise<void> => rm(stateFolder, { recursive: true, force: true });
  const attempt = (options?: MailhaulOptions): Promise<MailhaulResult> =>
    runMailhaul(args, withPasswords(options));
  return {
    args,
    stateFolder,
    attempt,
    async run(options) {
      const result = await attempt(options);
      if (result.exitCode !== 0) throw new MigrationRunError(describeResult(result));
      return reportedMailbox(result);
    },
    start: (options) => startMailhaul(args, withPasswords(options)),
    remove,
    [Symbol.asyncDispose]: remove,
  };
}
