import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { MeasurementMissingError } from '../errors.ts';

const schema = z.object({
  /** Of the process alone; it has no children. */
  cpuSeconds: z.number(),
  peakRssBytes: z.number(),
  /** ms since the epoch at which it first connected to a mail server; missing if it never did. */
  firstConnectionAt: z.number().optional(),
  /** ms since the epoch at which its last connection to a mail server was closed. */
  lastConnectionEndedAt: z.number().optional(),
  connections: z.int(),
  /** Requests to the embedded AWS services but those of the HTTP API, by service and operation. */
  requests: z.record(z.string(), z.record(z.string(), z.int())),
  apiRequests: z.int(),
  /** DynamoDB's request units, of the same requests. */
  units: z.object({ read: z.number(), write: z.number() }),
});

/** What one of our own processes tells of itself (see `preload.ts`). */
export type OwnMeasurements = z.infer<typeof schema>;

/** @throws MeasurementMissingError */
export async function readOwnMeasurements(file: string): Promise<OwnMeasurements> {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    throw new MeasurementMissingError('The measured process did not write what it measured of itself.', {
      cause,
    });
  }
}
