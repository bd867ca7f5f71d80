import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { consumeRecords } from '../../shared/queue/consume-records.ts';
import { parseChunkMessage } from '../../shared/queue/queue-messages.ts';
import { createServices, type Services } from '../../shared/services.ts';
import { invocationBudget } from '../../shared/sync/invocation-budget.ts';
import { syncChunk } from '../../shared/sync/sync-chunk.ts';

/** Consumes the chunks queue: each message gives one lane of one mailbox a turn. */
export function createSyncChunkHandler(variables: Readonly<Record<string, string | undefined>>) {
  let services: Services | undefined;
  return middy((event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    const ready = (services ??= createServices('sync-chunk', variables));
    return consumeRecords(event, context, {
      logger: ready.logger,
      parse: parseChunkMessage,
      handle: (message) => syncChunk(ready, message, invocationBudget(context)),
    });
  });
}

export const handler = createSyncChunkHandler(process.env);
