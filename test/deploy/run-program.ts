import { spawn } from 'node:child_process';
import { endOfProcess } from '../support/end-of-process.ts';
import { endProcessGroup } from '../support/end-process-group.ts';
import { ProgramFailedError } from './errors.ts';

const TAIL_CHARACTERS = 6000;

/**
 * Runs a program to its end.
 * @param options.withinMs after that it is killed, with all that it started (ms)
 * @throws ProgramFailedError
 */
export async function runProgram(
  command: string,
  args: readonly string[],
  options: { readonly env: NodeJS.ProcessEnv; readonly withinMs: number },
): Promise<void> {
  const child = spawn(command, args, {
    env: options.env,
    detached: true, // a process group of its own, so that all of it can be ended
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed = (printed + text).slice(-TAIL_CHARACTERS);
    });
  }
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    void endProcessGroup(child);
  }, options.withinMs);
  const error = await endOfProcess(child);
  clearTimeout(timer);
  if (error === undefined && child.exitCode === 0) return;
  const outcome = late
    ? `not done within ${options.withinMs} ms`
    : (error?.message ?? `exit code ${child.exitCode}`);
  throw new ProgramFailedError([command, ...args].join(' '), outcome, printed);
}
