/**
 * List prices in us-east-1 in US dollars, free tiers and volume discounts left out: DynamoDB on demand, standard table
 * class; SQS standard queues; Secrets Manager requests. Storage, secrets that are kept, and Lambda are not in here.
 * Entered in November 2026; before quoting them check AWS's pricing pages of these services.
 */
export const AWS_PRICES = {
  region: 'us-east-1',
  asOf: '2026-11',
  /** Of one write of up to 1 KB, since November 2024. */
  dynamoDbWriteUnit: 0.625e-6,
  /** Of one consistent read of up to 4 KB. */
  dynamoDbReadUnit: 0.125e-6,
  sqsRequest: 0.4e-6,
  secretsManagerRequest: 0.05e-4,
} as const;
