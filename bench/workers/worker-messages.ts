import { z } from 'zod';

/** The functions that move mail. */

export type WorkerName = 'plan-pass' | 'sync-chunk';

/** What the pool tells a worker's process. */
export type ToWorker =
  /** `event` is the function's own; `remainingMs` is what its runtime gives it. */
  | { readonly kind: 'invoke'; readonly event: unknown; readonly remainingMs: number }
  /** The process that the worker belongs to ends: hand over. */
  | { readonly kind: 'abort' }
  | { readonly kind: 'end' };

/** What a worker has used since its start. */
const workerUsage = z.object({
  cpuSeconds: z.number(),
  peakRssBytes: z.number(),
  connections: z.int(),
  /** ms since the epoch. */
  firstConnectionAt: z.number().optional(),
  lastConnectionEndedAt: z.number().optional(),
});
export type WorkerUsage = z.infer<typeof workerUsage>;

/** What a worker's process tells the pool. */
export const fromWorker = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('returned'),
    value: z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })) }),
  }),
  z.object({ kind: z.literal('failed'), message: z.string() }),
  z.object({ kind: z.literal('ended'), usage: workerUsage }),
]);
export type FromWorker = z.infer<typeof fromWorker>;
