import { z } from 'zod';

/** The functions that move mail. */
export const WORKERS = ['plan-pass', 'sync-chunk'] as const;
export type WorkerName = (typeof WORKERS)[number];

/** What the pool tells a worker's process. */
export const toWorker = z.discriminatedUnion('kind', [
  /** `event` is the function's own; `remainingMs` is what its runtime gives it. */
  z.object({ kind: z.literal('invoke'), event: z.unknown(), remainingMs: z.number() }),
  /** The process that the worker belongs to ends: hand over. */
  z.object({ kind: z.literal('abort') }),
  z.object({ kind: z.literal('end') }),
]);
export type ToWorker = z.infer<typeof toWorker>;

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
