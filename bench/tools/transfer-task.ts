import { z } from 'zod';

const access = z.object({ host: z.string(), port: z.int(), user: z.string(), password: z.string() });

/** What the process of the bare transfer is told, as a file of JSON. */
export const transferTask = z.object({
  source: access,
  destination: access,
  folders: z.array(z.string()).readonly(),
  lanes: z.int().min(1),
});
export type TransferTask = z.infer<typeof transferTask>;
