import { z } from 'zod';

const batchResponse = z.object({
  batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })).nullish(),
});

/**
 * Which messages of a batch a function reports as failed (ReportBatchItemFailures). As with Lambda, nothing at all
 * means that all went well, and an answer that cannot be read, or names a message that was not in the batch, means
 * that all have failed.
 */
export function failedMessages(answer: unknown, batch: readonly string[]): ReadonlySet<string> {
  if (answer === undefined || answer === null) return new Set();
  const parsed = batchResponse.safeParse(answer);
  if (!parsed.success) return new Set(batch);
  const failed = (parsed.data.batchItemFailures ?? []).map((failure) => failure.itemIdentifier);
  return failed.every((id) => batch.includes(id)) ? new Set(failed) : new Set(batch);
}
