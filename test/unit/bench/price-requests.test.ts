import { AWS_PRICES } from '../../../infra/plan/aws-prices.ts';
import { countRequests, priceRequests, requestsByService } from '../../../bench/report/price-requests.ts';

const requests = {
  DynamoDB: { CreateTable: 1, DescribeTable: 2, PutItem: 3, Query: 4 },
  SQS: { CreateQueue: 4, SendMessage: 5, ReceiveMessage: 6 },
  SecretsManager: { GetSecretValue: 2 },
};

describe('the price of requests', () => {
  test('leaves the set-up of table and queues out', () => {
    expect(requestsByService(requests)).toEqual({ DynamoDB: 7, SQS: 11, SecretsManager: 2 });
    expect(countRequests(requests)).toBe(20);
  });

  test('asks for DynamoDB by units and for the other services by requests', () => {
    const dollars = priceRequests({ requests, units: { read: 1000, write: 100 } });
    expect(dollars).toBeCloseTo(
      1000 * AWS_PRICES.dynamoDbReadUnit +
        100 * AWS_PRICES.dynamoDbWriteUnit +
        11 * AWS_PRICES.sqsRequest +
        2 * AWS_PRICES.secretsManagerRequest,
      12,
    );
  });

  test('of a million writes of 1 KB is what the price list says', () => {
    expect(priceRequests({ requests: {}, units: { read: 0, write: 1_000_000 } })).toBeCloseTo(0.625, 9);
  });
});
