import { Command } from 'commander';
import { consentCommand } from './commands/consent-command.ts';
import { checkCommand } from './commands/check-command.ts';
import { demoCommand } from './commands/demo-command.ts';
import { foldersCommand } from './commands/folders-command.ts';
import { itemsCommand } from './commands/items-command.ts';
import { migrateCommand } from './commands/migrate-command.ts';
import { serveCommand } from './commands/serve-command.ts';
import { EXIT_CODES_HELP, type ExitCode } from './exit-codes.ts';

/** The command line: every command tells its exit code by `finish`. */
export function buildProgram(finish: (exitCode: ExitCode) => void): Command {
  const program = new Command('mailhaul')
    .description('Moves the mail of many users from any IMAP service and keeps both sides in step.')
    .version('0.1.0', '-V, --version', 'print the version')
    .option('--debug', 'show the causes of a failure')
    .helpCommand('help [command]', 'show the help of a command')
    .showHelpAfterError('(mailhaul COMMAND --help shows how)')
    .addHelpText(
      'after',
      `
Begin with:
  mailhaul demo                 two servers with sample mail in this process; needs nothing
  mailhaul check --help         try one account and find its server
  mailhaul migrate --help       move real mailboxes
  mailhaul folders --help       see first where their folders come
  mailhaul items --help         see what was not copied and why, and have it tried again
  mailhaul consent --help       links by which users consent, where passwords are not taken
${EXIT_CODES_HELP}`,
    )
    .exitOverride();
  for (const command of [
    migrateCommand(finish),
    checkCommand(finish),
    foldersCommand(finish),
    itemsCommand(finish),
    consentCommand(finish),
    serveCommand(finish),
    demoCommand(finish),
  ]) {
    program.addCommand(
      command.exitOverride().showHelpAfterError(`(mailhaul ${command.name()} --help shows how)`),
    );
  }
  return program;
}
