import { fileURLToPath } from 'node:url';
import { MAIL_PORTS, MEASUREMENTS_FILE } from '../measure/own-measurements.ts';
import type { Command } from '../measure/run-measured.ts';
import { measurementsFile } from './measurements-file.ts';
import type { CopyTask } from './bench-tool.ts';

const PRELOAD = fileURLToPath(new URL('../measure/preload.ts', import.meta.url));
const COUNT_IN_THREADS = fileURLToPath(new URL('../measure/count-in-threads.ts', import.meta.url));

/** A program of ours, watched by the preloaded module or by itself, and profiled if that is asked for. */
export function ownCommand(
  task: CopyTask,
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  measured: 'by-the-preload' | 'measures-itself' = 'by-the-preload',
): Command {
  const profile =
    task.profileFolder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${task.profileFolder}`];
  return {
    file: process.execPath,
    args: [
      ...profile,
      '--import',
      COUNT_IN_THREADS,
      ...(measured === 'by-the-preload' ? ['--import', PRELOAD] : []),
      program,
      ...args,
    ],
    env: {
      ...env,
      [MEASUREMENTS_FILE]: measurementsFile(task.stateFolder),
      [MAIL_PORTS]: `${task.source.port},${task.destination.port}`,
    },
  };
}
