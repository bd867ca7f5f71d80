import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { TABLE } from '../resources.ts';
import type { AccessKey } from './access-key.ts';
import { ensureTable } from './dynamodb/create-table.ts';
import { createQueues, type LocalQueues } from './queues/create-queues.ts';

export interface ResourceOptions {
  readonly endpoints: { readonly AWS_ENDPOINT_URL_DYNAMODB: string; readonly AWS_ENDPOINT_URL_SQS: string };
  readonly region: string;
  readonly credentials: AccessKey;
  /** Replaces the queues' visibility times (seconds). */
  readonly visibilitySeconds: number | undefined;
}

/**
 * The table and the queues of `infra/resources.ts`.
 * @throws LocalServiceError
 */
export async function createResources(options: ResourceOptions): Promise<LocalQueues> {
  const { endpoints, region, credentials, visibilitySeconds } = options;
  const dynamoDb = new DynamoDBClient({ region, credentials, endpoint: endpoints.AWS_ENDPOINT_URL_DYNAMODB });
  const sqs = new SQSClient({ region, credentials, endpoint: endpoints.AWS_ENDPOINT_URL_SQS });
  try {
    const [, queues] = await Promise.all([
      ensureTable(dynamoDb, TABLE.name),
      createQueues(sqs, { endpoint: endpoints.AWS_ENDPOINT_URL_SQS, visibilitySeconds }),
    ]);
    return queues;
  } finally {
    dynamoDb.destroy();
    sqs.destroy();
  }
}
