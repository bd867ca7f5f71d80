/** `npm run bench`: see `--help`. */
import { CommanderError } from 'commander';
import { benchCommand } from './bench-options.ts';
import { runPlan } from './run-plan.ts';

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());

try {
  await benchCommand(async (options) => {
    const allEqual = await runPlan(options, interrupted.signal);
    process.exitCode = allEqual ? 0 : 1;
  }).parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 64;
  else if (interrupted.signal.aborted) process.exitCode = 130;
  else {
    console.error(`bench: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
