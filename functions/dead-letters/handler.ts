import withMiddy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { parseDeadLetter } from '../../shared/lifecycle/parse-dead-letter.ts';
import { recordDeadLetter } from '../../shared/lifecycle/record-dead-letter.ts';
import { consumeRecords } from '../../shared/queue/consume-records.ts';
import { createServices, type Services } from '../../shared/services.ts';

/** Consumes both dead letter queues: what failed again and again is shown at its mailbox. */
export function createDeadLettersHandler(variables: Readonly<Record<string, string | undefined>>) {
  let services: Services | undefined;
  return withMiddy((event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    const ready = (services ??= createServices('dead-letters', variables));
    return consumeRecords(event, context, {
      logger: ready.logger,
      parse: parseDeadLetter,
      handle: async (letter) => {
        // It can be shown at no mailbox, and to keep it on the queue would only bring it back.
        if (letter === undefined) return ready.logger.error('a dead letter cannot be read and is dropped');
        const result = await recordDeadLetter(ready, letter);
        ready.logger.warn('dead letter', { queue: letter.queue, mailboxId: letter.mailboxId, result });
      },
    });
  });
}

export const handler = createDeadLettersHandler(process.env);
