import { CreateQueueCommand, GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { QUEUES } from '../../resources.ts';
import { LocalServiceError } from '../errors.ts';

/** A queue as its users and its event source need to know it. */
interface LocalQueue {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  readonly deadLetter: { readonly name: string; readonly url: string; readonly arn: string };
}

export interface LocalQueues {
  readonly passes: LocalQueue;
  readonly chunks: LocalQueue;
}

const SECONDS_PER_DAY = 86_400;

/**
 * Creates the queues of `infra/resources.ts` with their dead-letter queues.
 * @param options.endpoint where the queues are reached; the service itself would name a host of its own
 * @param options.visibilitySeconds replaces the visibility time, for tests that wait for a redelivery
 */
export async function createQueues(
  client: SQSClient,
  options: { endpoint: string; visibilitySeconds?: number | undefined },
): Promise<LocalQueues> {
  const [passes, chunks] = await Promise.all([
    createQueue(client, QUEUES.passes, options),
    createQueue(client, QUEUES.chunks, options),
  ]);
  return { passes, chunks };
}

async function createQueue(
  client: SQSClient,
  queue: (typeof QUEUES)['passes' | 'chunks'],
  options: { endpoint: string; visibilitySeconds?: number | undefined },
): Promise<LocalQueue> {
  const deadLetter = await create(client, options.endpoint, queue.deadLetterName, {
    VisibilityTimeout: String(options.visibilitySeconds ?? QUEUES.deadLetters.visibilitySeconds),
    MessageRetentionPeriod: String(QUEUES.deadLetters.retentionDays * SECONDS_PER_DAY),
  });
  const main = await create(client, options.endpoint, queue.name, {
    VisibilityTimeout: String(options.visibilitySeconds ?? queue.visibilitySeconds),
    RedrivePolicy: JSON.stringify({
      deadLetterTargetArn: deadLetter.arn,
      maxReceiveCount: queue.maxReceiveCount,
    }),
  });
  return { ...main, deadLetter };
}

async function create(
  client: SQSClient,
  endpoint: string,
  name: string,
  attributes: Record<string, string>,
): Promise<Pick<LocalQueue, 'name' | 'url' | 'arn'>> {
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
  const answer = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  const arn = answer.Attributes?.['QueueArn'];
  if (QueueUrl === undefined || arn === undefined) {
    throw new LocalServiceError('sqs', `The queue ${name} was not created.`);
  }
  return { name, url: new URL(new URL(QueueUrl).pathname, endpoint).href, arn };
}
