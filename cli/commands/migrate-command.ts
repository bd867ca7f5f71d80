import { Command, Option } from 'commander';
import { UsageError } from '../errors.ts';
import { EXIT_CODES_HELP, type ExitCode } from '../exit-codes.ts';
import { readCertificate } from '../read-certificate.ts';
import { parseServerAddress } from '../server-address.ts';
import { ownSecretKind } from '../../shared/sign-in/needed-secrets.ts';
import { readSignIn } from '../read-sign-in.ts';
import { readUsers } from '../users/read-users.ts';
import { wholeNumber } from './option-values.ts';

interface MigrateOptions {
  readonly source: string;
  readonly destination: string;
  readonly users?: string;
  readonly sourceUser?: string;
  readonly destinationUser?: string;
  readonly sourceSignIn?: string;
  readonly destinationSignIn?: string;
  readonly once?: true;
  readonly state: string;
  readonly json?: true;
  readonly ca?: string;
  readonly insecure?: true;
  readonly resync?: number;
  readonly lanes?: number;
}

const HELP = `
The users file (CSV, UTF-8; columns in any order):
  EmailAddress         the destination mailbox, which is also the login there
  UserName             the login at the source
  Password             the password (or app password) at the source
  DestinationPassword  optional; without it MAILHAUL_DESTINATION_PASSWORD is used
  UserRoot             optional; where the mailbox begins at a source with shared folders
  RefreshToken, DestinationRefreshToken   in place of a password, where users consent (OAuth 2.0)

Where one account or application opens all mailboxes of a server, no password of theirs is needed. The files of
--source-sign-in and --destination-sign-in say how, and hold the secret (keep them to yourself: chmod 600):
  {"kind":"administrator","user":"chief","password":"…","template":"{user}*{admin}"}
  {"kind":"oauth","grant":"client-credentials","directory":"example.org","clientId":"…","clientSecret":"…"}
  {"kind":"oauth","grant":"refresh-token","clientId":"…","clientSecret":"…"}      with RefreshToken for each user
  {"kind":"oauth","grant":"service-account","key":{ the key file of a Google service account }}

Addresses: imaps:// is TLS with a verified certificate (port 993). imap:// is port 143 and demands STARTTLS;
with --insecure it goes without encryption. Passwords never go on the command line.

Environment:
  MAILHAUL_SOURCE_PASSWORD, MAILHAUL_DESTINATION_PASSWORD   for --source-user and --destination-user
  MAILHAUL_SOURCE_REFRESH_TOKEN, MAILHAUL_DESTINATION_REFRESH_TOKEN   the same, where users consent
  MAILHAUL_MASTER_KEY    32 bytes as base64 or hex that passwords are encrypted with; without it a key file in --state
  MAILHAUL_LOG_LEVEL     DEBUG, INFO, WARN, ERROR or SILENT (default); logs go to standard error
  MAILHAUL_DOUBLE_DELIVERY=true   delivers every queue message twice, to prove that it changes nothing

Running the same command again with the same --state is an incremental pass: it copies what is new and applies
changed flags, also after a crash. Ctrl-C ends in order and keeps the state; a second Ctrl-C ends at once.

Examples:
  mailhaul migrate --source imaps://imap.gmail.com --destination imaps://imap.example.org --users users.csv --once
  mailhaul migrate --source imaps://old.example --destination imaps://new.example \\
      --source-user anna --destination-user anna@new.example
${EXIT_CODES_HELP}`;

export function migrateCommand(finish: (exitCode: ExitCode) => void): Command {
  return new Command('migrate')
    .description('copy mailboxes from one IMAP server to another and keep them in step')
    .requiredOption('--source <url>', 'the server to read from, imaps://HOST[:PORT] or imap://HOST[:PORT]')
    .requiredOption('--destination <url>', 'the server to write to')
    .option('--users <file>', 'CSV file of the mailboxes')
    .option('--source-user <login>', 'one mailbox without a file: the login at the source')
    .option('--destination-user <login>', 'one mailbox without a file: the login at the destination')
    .option('--source-sign-in <file>', 'JSON file: how one account or application opens the source')
    .option('--destination-sign-in <file>', 'the same for the destination')
    .option('--once', 'end when every mailbox is Synced or cannot be; without it: go on until Ctrl-C')
    .addOption(
      new Option('--state <dir>', 'the folder for ledger and encrypted credentials').default('.mailhaul'),
    )
    .option('--json', 'print one JSON document at the end instead of the table')
    .option('--ca <file>', 'trust the certificates of this PEM file too')
    .option('--insecure', 'with imap:// : no encryption')
    .option('--resync <seconds>', 'without --once: time between two passes', wholeNumber(1, 86_400))
    .option('--lanes <n>', 'connections to each side for one mailbox', wholeNumber(1, 20))
    .addHelpText('after', HELP)
    .action(async (options: MigrateOptions) => {
      finish(await migrate(options));
    });
}

async function migrate(options: MigrateOptions): Promise<ExitCode> {
  const source = parseServerAddress(options.source, '--source', options.insecure === true);
  const destination = parseServerAddress(options.destination, '--destination', options.insecure === true);
  const [sourceSignIn, destinationSignIn] = await Promise.all([
    options.sourceSignIn === undefined ? undefined : readSignIn(options.sourceSignIn, '--source-sign-in'),
    options.destinationSignIn === undefined
      ? undefined
      : readSignIn(options.destinationSignIn, '--destination-sign-in'),
  ]);
  const users = await readUsers(options, process.env, {
    source: ownSecretKind(sourceSignIn ?? { kind: 'user-password' }),
    destination: ownSecretKind(destinationSignIn ?? { kind: 'user-password' }),
  });
  const ca = options.ca === undefined ? undefined : await readCertificate(options.ca);
  if (source.host === destination.host && source.port === destination.port) {
    const same = users.find((user) => user.userName === user.emailAddress);
    if (same !== undefined) {
      throw new UsageError(
        `${same.emailAddress} would be copied onto itself: source and destination are the same server. Check --source and --destination.`,
      );
    }
  }
  // Loaded when it is needed: the whole service would make --help and a wrong option wait.
  const { migrateAndReport } = await import('../migrate/migrate-and-report.ts');
  return migrateAndReport(
    {
      source,
      destination,
      ca,
      users,
      sourceSignIn,
      destinationSignIn,
      stateDir: options.state,
      once: options.once === true,
      resyncSeconds: options.resync,
      lanes: options.lanes,
    },
    { json: options.json === true },
  );
}
