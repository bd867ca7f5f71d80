import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { RequestCounter } from '../telemetry/request-counter.ts';

export interface AwsClients {
  readonly documents: DynamoDBDocumentClient;
  readonly secrets: SecretsManagerClient;
  readonly sqs: SQSClient;
  /** Closes the connections. */
  destroy(): void;
}

const CONNECT_TIMEOUT_MS = 3000;
/** DynamoDB and Secrets Manager answer in milliseconds: silence means a lost packet, and a retry is the cure. */
const REQUEST_TIMEOUT_MS = 8000;
/** Also for a receive with 20 s of long polling. */
const QUEUE_REQUEST_TIMEOUT_MS = 30_000;
const MAX_ATTEMPTS = 5;
const MAX_SOCKETS = 64;

/**
 * The clients of all AWS services, with kept-alive connections, bounded waits and bounded retries.
 * Endpoints (`AWS_ENDPOINT_URL_*`) and credentials are found by the SDK itself.
 *
 * @param variables the environment variables; only AWS_REGION is read here
 * @param options.counter counts every request that is sent
 * @param options.application names the caller in each request's user agent, for trails and for whoever counts
 */
export function createClients(
  variables: Readonly<Record<string, string | undefined>>,
  options: { counter?: RequestCounter; application?: string } = {},
): AwsClients {
  const common = {
    region: variables['AWS_REGION'] ?? 'us-east-1',
    ...(options.application !== undefined && { userAgentAppId: options.application }),
  };
  const dynamo = new DynamoDBClient({ ...common, ...transport(REQUEST_TIMEOUT_MS) });
  const secrets = new SecretsManagerClient({ ...common, ...transport(REQUEST_TIMEOUT_MS) });
  // The queue's address names it; where requests go is the endpoint's matter.
  const sqs = new SQSClient({
    ...common,
    useQueueUrlAsEndpoint: false,
    ...transport(QUEUE_REQUEST_TIMEOUT_MS),
  });
  for (const client of [dynamo, secrets, sqs]) options.counter?.attach(client);
  const documents = DynamoDBDocumentClient.from(dynamo, { marshallOptions: { removeUndefinedValues: true } });
  return {
    documents,
    secrets,
    sqs,
    destroy() {
      for (const client of [dynamo, secrets, sqs]) client.destroy();
    },
  };
}

function transport(requestTimeoutMs: number): Pick<DynamoDBClientConfig, 'maxAttempts' | 'requestHandler'> {
  const agent = { keepAlive: true, maxSockets: MAX_SOCKETS };
  return {
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
      httpAgent: agent,
      httpsAgent: agent,
    },
  };
}
