import type { OwnPhases } from './sample.ts';
import { AWS_PRICES } from '../../infra/plan/aws-prices.ts';

type Requests = OwnPhases['requests'];

/** Making the table and the queues: done once in the cloud, and each time on one machine. */
const SET_UP = new Set([
  'CreateTable',
  'DescribeTable',
  'UpdateTimeToLive',
  'DescribeTimeToLive',
  'CreateQueue',
  'GetQueueUrl',
  'GetQueueAttributes',
  'SetQueueAttributes',
]);

/** How many requests went to each service, set-up left out. */
export function requestsByService(requests: Requests): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(requests).map(([service, operations]) => [
      service,
      Object.entries(operations).reduce(
        (sum, [operation, count]) => sum + (SET_UP.has(operation) ? 0 : count),
        0,
      ),
    ]),
  );
}

export function countRequests(requests: Requests): number {
  return Object.values(requestsByService(requests)).reduce((sum, count) => sum + count, 0);
}

/** What AWS would ask for them, in US dollars. */
export function priceRequests({ requests, units }: Pick<OwnPhases, 'requests' | 'units'>): number {
  const { SQS = 0, SecretsManager = 0 } = requestsByService(requests);
  return (
    units.write * AWS_PRICES.dynamoDbWriteUnit +
    units.read * AWS_PRICES.dynamoDbReadUnit +
    SQS * AWS_PRICES.sqsRequest +
    SecretsManager * AWS_PRICES.secretsManagerRequest
  );
}
