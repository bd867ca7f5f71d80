import type { ChildProcess } from 'node:child_process';

/** Resolves when the process is gone, with the error if it could not even be started. */
export function endOfProcess(child: ChildProcess): Promise<Error | undefined> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    child.once('exit', () => resolve(undefined));
    child.once('error', resolve);
  });
}
