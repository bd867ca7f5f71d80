import { z } from 'zod';
import { transferTask } from '../tools/transfer-task.ts';

/** What the process of the separate workers is told, as a file of JSON. */
export const workersTask = transferTask
  .pick({ source: true, destination: true })
  .extend({ stateDir: z.string(), lanes: z.int().min(1).optional() });
export type WorkersTask = z.infer<typeof workersTask>;
