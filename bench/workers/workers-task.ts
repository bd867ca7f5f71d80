import { z } from 'zod';
import { transferTask } from '../tools/transfer-task.ts';

/** Files that the workers' processes run. */
const workerPrograms = z.object({
  runtime: z.string(),
  functions: z.object({ 'plan-pass': z.string(), 'sync-chunk': z.string() }),
});
export type WorkerPrograms = z.infer<typeof workerPrograms>;

/** What the process of the separate workers is told, as a file of JSON. */
export const workersTask = transferTask
  .pick({ source: true, destination: true })
  .extend({ stateDir: z.string(), lanes: z.int().min(1).optional(), programs: workerPrograms });
export type WorkersTask = z.infer<typeof workersTask>;
