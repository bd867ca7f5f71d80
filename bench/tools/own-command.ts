import { join } from 'node:path';
import { buildPreloads, type Preloads } from '../measure/build-preloads.ts';
import { MAIL_PORTS, MEASUREMENTS_FILE } from '../measure/measurement-variables.ts';
import type { Command } from '../measure/run-measured.ts';
import { measurementsFile } from './measurements-file.ts';
import type { CopyTask } from './bench-tool.ts';

const built = new Map<string, Promise<Preloads>>();

/** A program of ours, watched by the preloaded module or by itself, and profiled if that is asked for. */
export async function ownCommand(
  task: CopyTask,
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  measured: 'by-the-preload' | 'measures-itself' = 'by-the-preload',
): Promise<Command> {
  const folder = join(task.workspace, 'preloads');
  const building = built.get(folder) ?? buildPreloads(folder);
  built.set(folder, building);
  const { counting, measuring } = await building;
  const profile =
    task.profileFolder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${task.profileFolder}`];
  return {
    file: process.execPath,
    args: [
      ...profile,
      '--import',
      counting,
      ...(measured === 'by-the-preload' ? ['--import', measuring] : []),
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
