/**
 * List prices in us-east-1 in US dollars, free tiers left out, and volume discounts too, but for data that leaves AWS,
 * where they matter. One table for the benchmark and for `npm run plan`.
 *
 * Entered in November 2026 from memory and from stored copies of pages; "seen" names the page where the figure itself
 * stood. Not seen on any page: DynamoDB's storage and backup, EventBridge Scheduler, egress above 10 TB (one page agrees
 * with the tier from 10 TB). AWS's own pricing pages could not be read in full: check them before quoting a price.
 */
export const AWS_PRICES = {
  region: 'us-east-1',
  asOf: '2026-11',
  /** Of one write of up to 1 KB. Seen: https://airbyte.com/data-engineering-resources/dynamodb-pricing (2025-07). */
  dynamoDbWriteUnit: 0.625e-6,
  /** Of one consistent read of up to 4 KB. Seen: as above. */
  dynamoDbReadUnit: 0.125e-6,
  /** Standard table class. Not seen. */
  dynamoDbGbMonth: 0.25,
  /** Backups to any second (PITR). Not seen. */
  dynamoDbBackupGbMonth: 0.2,
  /** Standard queues. Seen: https://www.factualminds.com/blog/amazon-sqs-pricing-64kb-rule-fifo-vs-standard/. */
  sqsRequest: 0.4e-6,
  /** Seen: https://hivebook.wiki/wiki/aws-secrets-manager-rotated-secrets-dynamic-db-credentials-kms. */
  secretsManagerRequest: 0.05e-4,
  /** Seen: as above. */
  secretMonth: 0.4,
  /** Seen: https://www.wring.co/blog/aws-kms-pricing-guide. */
  kmsRequest: 0.03e-4,
  /** Of a customer managed key. Seen: https://aws.amazon.com/kms/pricing/. */
  kmsKeyMonth: 1,
  /** Seen: a page on Lambda's prices, https://git.mcrn.ar/mariano/lambda_local_runner (lambda-13-cost.md). */
  lambdaRequest: 0.2e-6,
  /** On arm64. Seen: as above. */
  lambdaGbSecond: 0.0000133334,
  /** HTTP API. Seen: https://infraatlas.dev/aws-api-gateway/. */
  httpApiRequest: 1e-6,
  /** What is taken in. Seen: https://hykell.com/kb/platform-specific-guides/aws-cloudwatch-logs-pricing. */
  logsGb: 0.5,
  /** What is kept. Seen: as above. */
  logsGbMonth: 0.03,
  /** EventBridge Scheduler. Not seen; pages disagree on whether it costs anything. */
  schedulerCall: 1e-6,
  /** Seen: https://basavytix.com/blog/aws-nat-gateway-pricing. */
  natGatewayHour: 0.045,
  /** Either direction. Seen: as above. */
  natGb: 0.045,
  /** A public IPv4 address. Seen: https://cloudburn.io/blog/aws-nat-gateway-pricing (2026-02). */
  addressHour: 0.005,
  /**
   * To the internet, of what leaves in a month: the price of a GB up to so many. First two seen:
   * https://leanopstech.com/blog/aws-data-transfer-pricing-2026/, which has 0.07 also above 150 TB.
   */
  egressTiers: [
    { upToGb: 10_000, gb: 0.09 },
    { upToGb: 50_000, gb: 0.085 },
    { upToGb: 150_000, gb: 0.07 },
    { upToGb: Number.POSITIVE_INFINITY, gb: 0.05 },
  ],
} as const;
