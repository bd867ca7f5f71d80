import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { type InvocationSurroundings, invokeFunction } from '../functions/invoke-function.ts';
import type { LocalFunction } from '../functions/local-function.ts';
import { failedMessages } from './failed-messages.ts';
import { DUPLICATE_OF, toSqsEvent } from './sqs-event.ts';

export type QueueFunction = LocalFunction<SQSEvent, SQSBatchResponse | void>;

export interface EventSourceOptions extends InvocationSurroundings {
  readonly client: SQSClient;
  readonly queue: { readonly url: string; readonly arn: string };
  readonly fn: QueueFunction;
  /** Messages for one invocation, at most (1 to 10). */
  readonly batchSize: number;
  /** Invocations at one time, at most. */
  readonly maximumConcurrency: number;
  /** Every message is delivered a second time, at the same time as the first delivery or soon after. */
  readonly doubleDelivery?: boolean;
}

/** SQS's limits for one receive. */
const MOST_MESSAGES = 10;
const LONG_POLL_SECONDS = 20;

const PAUSE_AFTER_ERROR_MS = 1000;

/**
 * Lambda's event source mapping for a queue: polls it, invokes the function with what it receives, and deletes what
 * the function has dealt with. Messages of an invocation that failed, or was abandoned, stay, and come again after
 * the queue's visibility time, until the queue's redrive policy moves them to its dead-letter queue.
 */
export class EventSource {
  readonly #options: EventSourceOptions;
  readonly #stopped = new AbortController();
  readonly #running = new Set<Promise<void>>();
  readonly #polling: Promise<void>;

  constructor(options: EventSourceOptions) {
    this.#options = options;
    this.#polling = this.#poll();
  }

  /** Receives no more; resolves when the invocations that run have ended. Each is bounded by its timeout. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#polling;
    await Promise.all(this.#running);
  }

  async #poll(): Promise<void> {
    const { maximumConcurrency, batchSize } = this.#options;
    while (!this.#stopped.signal.aborted) {
      const free = maximumConcurrency - this.#running.size;
      if (free <= 0) {
        await this.#anyEnd();
        continue;
      }
      const messages = await this.#receive(Math.min(MOST_MESSAGES, free * batchSize));
      for (let start = 0; start < messages.length; start += batchSize) {
        this.#begin(messages.slice(start, start + batchSize));
      }
    }
  }

  async #anyEnd(): Promise<void> {
    const stopped = Promise.withResolvers<void>();
    const stop = (): void => stopped.resolve();
    this.#stopped.signal.addEventListener('abort', stop, { once: true });
    await Promise.race([...this.#running, stopped.promise]);
    this.#stopped.signal.removeEventListener('abort', stop);
  }

  async #receive(most: number): Promise<Message[]> {
    const { client, queue, fn, logger } = this.#options;
    const { signal } = this.#stopped;
    try {
      const answer = await client.send(
        new ReceiveMessageCommand({
          QueueUrl: queue.url,
          MaxNumberOfMessages: most,
          WaitTimeSeconds: LONG_POLL_SECONDS,
          MessageSystemAttributeNames: ['All'],
          MessageAttributeNames: ['All'],
        }),
        { abortSignal: signal },
      );
      return answer.Messages ?? [];
    } catch (error) {
      if (signal.aborted) return [];
      logger.error('A queue cannot be read; trying again', { function: fn.name, error });
      await sleep(PAUSE_AFTER_ERROR_MS, undefined, { signal }).catch(() => undefined);
      return [];
    }
  }

  #begin(messages: Message[]): void {
    const work = this.#deliver(messages).catch((error: unknown) => {
      // The messages stay where they are and come again.
      this.#options.logger.error('A batch was not finished', { function: this.#options.fn.name, error });
    });
    this.#running.add(work);
    void work.finally(() => this.#running.delete(work));
  }

  async #deliver(messages: Message[]): Promise<void> {
    const { queue, fn, doubleDelivery } = this.#options;
    if (doubleDelivery === true) await Promise.all(messages.map((message) => this.#sendAgain(message)));
    const event = toSqsEvent(messages, queue.arn);
    const ids = event.Records.map((record) => record.messageId);
    const outcome = await invokeFunction(fn, event, this.#options);
    if (outcome.kind !== 'returned') return;
    const failed = failedMessages(outcome.value, ids);
    await this.#remove(messages.filter((_, index) => !failed.has(ids[index] ?? '')));
  }

  /** Puts a copy on the queue that will look like the message itself. A copy is not copied again. */
  async #sendAgain(message: Message): Promise<void> {
    if (message.MessageAttributes?.[DUPLICATE_OF] !== undefined) return;
    if (Number(message.Attributes?.['ApproximateReceiveCount']) > 1) return;
    await this.#options.client.send(
      new SendMessageCommand({
        QueueUrl: this.#options.queue.url,
        MessageBody: message.Body,
        MessageAttributes: {
          ...message.MessageAttributes,
          [DUPLICATE_OF]: { DataType: 'String', StringValue: message.MessageId },
        },
      }),
    );
  }

  async #remove(messages: readonly Message[]): Promise<void> {
    if (messages.length === 0) return;
    const { client, queue, fn, logger } = this.#options;
    const answer = await client.send(
      new DeleteMessageBatchCommand({
        QueueUrl: queue.url,
        Entries: messages.map((message, index) => ({
          Id: String(index),
          ReceiptHandle: message.ReceiptHandle,
        })),
      }),
    );
    for (const failure of answer.Failed ?? []) {
      logger.warn('A message was not deleted and will come again', { function: fn.name, code: failure.Code });
    }
  }
}
