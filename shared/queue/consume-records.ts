import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Logger } from '@aws-lambda-powertools/logger';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';

/**
 * Handles each record of a batch by itself. One that fails is logged, reported alone (ReportBatchItemFailures) and
 * comes again; the others are done.
 */
export async function consumeRecords<Message>(
  event: SQSEvent,
  context: Context,
  consumer: {
    readonly logger: Logger;
    readonly parse: (body: string) => Message;
    readonly handle: (message: Message) => Promise<void>;
  },
): Promise<SQSBatchResponse> {
  const handleRecord = async (record: SQSRecord): Promise<void> => {
    try {
      await consumer.handle(consumer.parse(record.body));
    } catch (error) {
      consumer.logger.error('a queue message was not handled', {
        messageId: record.messageId,
        error:
          error instanceof Error
            ? { name: error.name, message: error.message, stack: error.stack }
            : 'unknown',
      });
      throw error;
    }
  };
  return processPartialResponse(event, handleRecord, new BatchProcessor(EventType.SQS), {
    context,
    throwOnFullBatchFailure: false,
  });
}
