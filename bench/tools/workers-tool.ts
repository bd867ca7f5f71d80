import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildWorkers } from '../workers/build-workers.ts';
import type { WorkerPrograms, WorkersTask } from '../workers/workers-task.ts';
import { type BenchTool, PASSES } from './bench-tool.ts';
import { ownCommand } from './own-command.ts';

const PROGRAM = fileURLToPath(new URL('../workers/workers-process.ts', import.meta.url));

/** For the memory and the processor time of a worker without the cloud around it. */
export function workersTool(): BenchTool {
  let built: Promise<WorkerPrograms> | undefined;
  return {
    name: 'workers',
    ours: true,
    passes: PASSES,
    configuration:
      'the pipeline of mailhaul migrate --once with each worker function in a process of its own, from the bundle that ' +
      'is deployed; CPU and connections are those of all workers, peak MB that of the largest',
    remedy: '',
    version: () => Promise.resolve('this source'),
    async prepare(task) {
      const file = join(task.stateFolder, 'task.json');
      const { source, destination, lanes } = task;
      built ??= buildWorkers(join(task.workspace, 'worker-programs'));
      const stateDir = join(task.stateFolder, 'mailhaul');
      const programs = await built;
      const content: WorkersTask = { source, destination, stateDir, lanes, programs };
      await writeFile(file, JSON.stringify(content));
      return ownCommand(task, PROGRAM, [file], { MAILHAUL_LOG_LEVEL: 'WARN' }, 'measures-itself');
    },
  };
}
