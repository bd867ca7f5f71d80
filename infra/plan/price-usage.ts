import { AWS_PRICES } from './aws-prices.ts';
import type { AwsUsage } from './aws-usage.ts';

const DAYS_PER_MONTH = 30;

/** One line of the bill. */
export interface ServiceCost {
  readonly service: string;
  /** API calls or invocations; undefined where AWS counts something else. */
  readonly requests: number | undefined;
  /** US dollars. */
  readonly dollars: number;
}

/**
 * What AWS asks for, by service.
 *
 * @param days in which this is used: what leaves AWS gets cheaper with the amount of a month
 */
export function priceUsage(usage: AwsUsage, days: number): readonly ServiceCost[] {
  const prices = AWS_PRICES;
  const months = Math.max(1, days / DAYS_PER_MONTH);
  const perMonth = (price: number): number => price / DAYS_PER_MONTH;
  const lines: ServiceCost[] = [
    {
      service: 'Lambda',
      requests: usage.lambdaRequests,
      dollars: usage.lambdaRequests * prices.lambdaRequest + usage.lambdaGbSeconds * prices.lambdaGbSecond,
    },
    {
      service: 'DynamoDB',
      requests: usage.dynamoDbRequests,
      dollars: usage.writeUnits * prices.dynamoDbWriteUnit + usage.readUnits * prices.dynamoDbReadUnit,
    },
    {
      service: 'DynamoDB, storage and backup',
      requests: undefined,
      dollars: usage.dynamoDbGbDays * perMonth(prices.dynamoDbGbMonth + prices.dynamoDbBackupGbMonth),
    },
    { service: 'SQS', requests: usage.sqsRequests, dollars: usage.sqsRequests * prices.sqsRequest },
    {
      service: 'Secrets Manager',
      requests: usage.secretsManagerRequests,
      dollars:
        usage.secretsManagerRequests * prices.secretsManagerRequest +
        usage.secretDays * perMonth(prices.secretMonth),
    },
    {
      service: 'KMS',
      requests: usage.kmsRequests,
      dollars: usage.kmsRequests * prices.kmsRequest + usage.kmsKeyDays * perMonth(prices.kmsKeyMonth),
    },
    {
      service: 'HTTP API',
      requests: usage.httpApiRequests,
      dollars: usage.httpApiRequests * prices.httpApiRequest,
    },
    {
      service: 'CloudWatch logs',
      requests: undefined,
      dollars: usage.logsGb * (prices.logsGb + prices.logsGbMonth),
    },
    {
      service: 'EventBridge Scheduler',
      requests: usage.schedulerCalls,
      dollars: usage.schedulerCalls * prices.schedulerCall,
    },
    {
      service: 'Data to the internet',
      requests: undefined,
      dollars: months * egressOfAMonth(usage.egressGb / months),
    },
  ];
  if (usage.natGatewayHours > 0) {
    lines.push({
      service: 'NAT gateways',
      requests: undefined,
      dollars:
        usage.natGatewayHours * (prices.natGatewayHour + prices.addressHour) + usage.natGb * prices.natGb,
    });
  }
  return lines;
}

export function sumDollars(lines: readonly ServiceCost[]): number {
  return lines.reduce((sum, { dollars }) => sum + dollars, 0);
}

function egressOfAMonth(gb: number): number {
  let from = 0;
  let dollars = 0;
  for (const tier of AWS_PRICES.egressTiers) {
    dollars += Math.max(0, Math.min(gb, tier.upToGb) - from) * tier.gb;
    from = tier.upToGb;
  }
  return dollars;
}
