import { z } from 'zod';

/** What a connection test found, as far as the command line shows it. */
export const failedVerdictSchema = z.object({
  failed: z
    .object({
      step: z.string(),
      reason: z.string(),
      summary: z.string(),
      remedy: z.string(),
      serverText: z.string().optional(),
    })
    .optional(),
});
export type FailedVerdict = z.output<typeof failedVerdictSchema>;
