import { Command } from 'commander';
import { EXIT_CODES_HELP, type ExitCode } from '../exit-codes.ts';
import {
  addMailboxOptions,
  MAILBOX_HELP,
  type MailboxOptions,
  readMailboxOptions,
} from './mailbox-options.ts';
import { wholeNumber } from './option-values.ts';

interface MigrateOptions extends MailboxOptions {
  readonly once?: true;
  readonly json?: true;
  readonly resync?: number;
  readonly lanes?: number;
}

const HELP = `${MAILBOX_HELP}
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
  const command = new Command('migrate').description(
    'copy mailboxes from one IMAP server to another and keep them in step',
  );
  return addMailboxOptions(command)
    .option('--once', 'end when every mailbox is Synced or cannot be; without it: go on until Ctrl-C')
    .option('--json', 'print one JSON document at the end instead of the table')
    .option('--resync <seconds>', 'without --once: time between two passes', wholeNumber(1, 86_400))
    .option('--lanes <n>', 'connections to each side for one mailbox', wholeNumber(1, 20))
    .addHelpText('after', HELP)
    .action(async (options: MigrateOptions) => {
      finish(await migrate(options));
    });
}

async function migrate(options: MigrateOptions): Promise<ExitCode> {
  const request = await readMailboxOptions(options, process.env);
  // Loaded when it is needed: the whole service would make --help and a wrong option wait.
  const { migrateAndReport } = await import('../migrate/migrate-and-report.ts');
  return migrateAndReport(
    { ...request, once: options.once === true, resyncSeconds: options.resync, lanes: options.lanes },
    { json: options.json === true },
  );
}
