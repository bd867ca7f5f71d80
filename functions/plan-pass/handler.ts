import middy from '@middy/core';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { consumeRecords } from '../../shared/queue/consume-records.ts';
import { parsePassMessage } from '../../shared/queue/queue-messages.ts';
import { createServices, type Services } from '../../shared/services.ts';
import { invocationBudget } from '../../shared/sync/invocation-budget.ts';
import { runPass } from '../../shared/sync/run-pass.ts';

/** Consumes the passes queue: each message wakes one mailbox. */
export function createPlanPassHandler(variables: Readonly<Record<string, string | undefined>>) {
  let services: Services | undefined;
  return middy((event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    const ready = (services ??= createServices('plan-pass', variables));
    return consumeRecords(event, context, {
      logger: ready.logger,
      parse: parsePassMessage,
      handle: (message) => runPass(ready, message, invocationBudget(context)),
    });
  });
}

export const handler = createPlanPassHandler(process.env);
