import { Command } from 'commander';
import { EXIT, EXIT_CODES_HELP, type ExitCode } from '../exit-codes.ts';
import {
  addMailboxOptions,
  MAILBOX_HELP,
  type MailboxOptions,
  readMailboxOptions,
} from './mailbox-options.ts';

interface FoldersOptions extends MailboxOptions {
  readonly json?: true;
}

const HELP = `${MAILBOX_HELP}
Nothing is written to either server. Mailboxes of this state folder that were started before go on meanwhile.

Example:
  mailhaul folders --source imaps://old.example --destination imaps://new.example --users users.csv \\
      --exclude '#JunkEmail#/*' --map 'Projects/*=Old projects/*'
${EXIT_CODES_HELP}`;

export function foldersCommand(finish: (exitCode: ExitCode) => void): Command {
  const command = new Command('folders').description(
    'show where each folder would come at the destination, and which are left out, before anything is written',
  );
  return addMailboxOptions(command)
    .option('--json', 'print one JSON document instead of tables')
    .addHelpText('after', HELP)
    .action(async (options: FoldersOptions) => {
      const request = await readMailboxOptions(options, process.env);
      // Loaded when it is needed: the whole service would make --help and a wrong option wait.
      const [{ runFolders }, { folderPlanText }] = await Promise.all([
        import('../folders/run-folders.ts'),
        import('../folders/folder-plan-text.ts'),
      ]);
      const plans = await runFolders(request, process.env);
      process.stdout.write(
        options.json === true ? `${JSON.stringify(plans, null, 2)}\n` : folderPlanText(plans),
      );
      finish(EXIT.ok);
    });
}
