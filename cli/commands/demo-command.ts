import { Command } from 'commander';
import type { ExitCode } from '../exit-codes.ts';

const HELP = `
Starts two IMAP servers in this process, fills the first with the mail of three users, runs the whole service in a
temporary folder and copies everything to the second. Then one new message arrives and a second pass finds it. At the
end both sides are compared byte by byte. Nothing leaves this machine, and nothing is left behind.`;

export function demoCommand(finish: (exitCode: ExitCode) => void): Command {
  return new Command('demo')
    .description('move sample mail between two servers in this process (under a minute)')
    .addHelpText('after', HELP)
    .action(async () => {
      const { runDemo } = await import('../demo/run-demo.ts');
      finish(await runDemo());
    });
}
