import { inspect } from 'node:util';
import { CommanderError } from 'commander';
import { buildProgram } from './build-program.ts';
import { CommandError, UnavailableError } from './errors.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { logToStandardError } from './log-to-standard-error.ts';
import { refuseSecrets } from './refuse-secrets.ts';

/** Runs one command; never throws. The answer is the process's exit code. */
export async function main(args: readonly string[]): Promise<ExitCode> {
  logToStandardError();
  try {
    refuseSecrets(args);
    const outcome: { exitCode: ExitCode } = { exitCode: EXIT.ok };
    await buildProgram((exitCode) => {
      outcome.exitCode = exitCode;
    }).parseAsync(args, { from: 'user' });
    return outcome.exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    return complain(error, args.includes('--debug'));
  }
}

/** Failures of the parts below that are the surroundings' fault and say so themselves. */
const UNAVAILABLE_CODES = new Set([
  'StateFolderBusy',
  'LocalServiceFailed',
  'MasterKeyInvalid',
  'EADDRINUSE',
  'EACCES',
]);

function complain(error: unknown, debug: boolean): ExitCode {
  const known = asCommandError(error);
  process.stderr.write(`mailhaul: ${known.message}\n`);
  if (debug) process.stderr.write(`${inspect(error, { depth: 4 })}\n`);
  return known.exitCode;
}

function asCommandError(error: unknown): CommandError {
  if (error instanceof CommandError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (error instanceof Error && UNAVAILABLE_CODES.has(code)) return new UnavailableError(error.message);
  const what = error instanceof Error ? error.message : String(error);
  return new CommandError(
    `a fault inside mailhaul: ${what} Run the same command again (it continues); with --debug it shows where.`,
  );
}
