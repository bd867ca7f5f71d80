import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { systemEnvironment } from '../../test/support/system-environment.ts';

const run = promisify(execFile);

/** The number in what a program says of itself; undefined when there is no such program. */
export async function programVersion(file: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout, stderr } = await run(file, args, { env: systemEnvironment() });
    return /\d+(\.\d+)+/.exec(`${stdout}${stderr}`)?.[0] ?? 'of unknown version';
  } catch {
    return undefined;
  }
}
