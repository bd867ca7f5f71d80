/** `npm run plan`: see `--help`. */
import { CommanderError } from 'commander';
import { PlanOptionError } from './errors.ts';
import { planCommand } from './plan-command.ts';

try {
  planCommand((text) => process.stdout.write(`${text}\n`)).parse();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 64;
  else {
    process.stderr.write(`plan: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = error instanceof PlanOptionError ? 64 : 1;
  }
}
