import { createHash } from 'node:crypto';
import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { isUnavailable } from '../aws-clients/is-unavailable.ts';
import { backoffMs, type Pacing, systemPacing } from '../aws-clients/pacing.ts';
import { type QueueName, QueueSendError } from './errors.ts';
import type { ChunkMessage, PassMessage } from './queue-messages.ts';

interface SendOptions {
  /** 0..900. */
  readonly delaySeconds?: number;
}

/** The queues wake workers; a message lost, late or doubled changes nothing but timing. */
export interface Queues {
  /** @throws QueueSendError */
  sendPasses(messages: readonly PassMessage[], options?: SendOptions): Promise<void>;
  /** @throws QueueSendError */
  sendChunks(messages: readonly ChunkMessage[], options?: SendOptions): Promise<void>;
}

const BATCH_MESSAGES = 10;
const SEND_TRIES = 6;

export function createQueues(
  client: SQSClient,
  options: { readonly passesUrl: string; readonly chunksUrl: string; readonly pacing?: Pacing },
): Queues {
  const pacing = options.pacing ?? systemPacing;

  const sendBatch = async (
    queue: { readonly name: QueueName; readonly url: string },
    messages: ReadonlyArray<PassMessage | ChunkMessage>,
    delaySeconds: number | undefined,
  ): Promise<void> => {
    let left = messages.map((message, index) => ({
      Id: String(index),
      MessageBody: asciiJson(message),
      MessageGroupId: fairGroup(message.tenant),
      ...(delaySeconds === undefined ? {} : { DelaySeconds: delaySeconds }),
    }));
    for (let tried = 1; ; tried += 1) {
      const failed = await attempt(queue, left);
      if (failed.length === 0) return;
      const reasons = [...new Set(failed.map(({ Code }) => Code ?? 'unknown'))];
      const ours = failed.some(({ SenderFault }) => SenderFault === true);
      if (ours || tried === SEND_TRIES) {
        throw new QueueSendError(queue.name, { failed: failed.length, reasons, retryable: !ours });
      }
      const ids = new Set(failed.map(({ Id }) => Id));
      left = left.filter(({ Id }) => ids.has(Id));
      await pacing.delay(backoffMs(tried, pacing.random));
    }
  };

  const attempt = async (
    queue: { readonly name: QueueName; readonly url: string },
    entries: Array<{ Id: string; MessageBody: string; MessageGroupId: string }>,
  ) => {
    try {
      const answer = await client.send(
        new SendMessageBatchCommand({ QueueUrl: queue.url, Entries: entries }),
      );
      return answer.Failed ?? [];
    } catch (cause) {
      const reasons = [cause instanceof Error ? cause.name : 'unknown'];
      const retryable = isUnavailable(cause);
      throw new QueueSendError(queue.name, { failed: entries.length, reasons, retryable }, { cause });
    }
  };

  const send = async (
    queue: { readonly name: QueueName; readonly url: string },
    messages: ReadonlyArray<PassMessage | ChunkMessage>,
    { delaySeconds }: SendOptions = {},
  ): Promise<void> => {
    for (let start = 0; start < messages.length; start += BATCH_MESSAGES) {
      await sendBatch(queue, messages.slice(start, start + BATCH_MESSAGES), delaySeconds);
    }
  };

  return {
    sendPasses: (messages, sendOptions) =>
      send({ name: 'passes', url: options.passesUrl }, messages, sendOptions),
    sendChunks: (messages, sendOptions) =>
      send({ name: 'chunks', url: options.chunksUrl }, messages, sendOptions),
  };
}

/** JSON in ASCII alone: SQS refuses some characters of Unicode, and its emulators more. */
function asciiJson(message: PassMessage | ChunkMessage): string {
  return JSON.stringify(message).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * The group that makes a standard queue fair: a tenant with many messages waiting does not hold up the others
 * (SQS developer guide, "Fair queues"). SQS takes 1 to 128 letters, digits and ASCII punctuation.
 */
function fairGroup(tenant: string): string {
  if (/^[\x21-\x7e]{1,128}$/.test(tenant)) return tenant;
  return createHash('sha256').update(tenant).digest('hex');
}
