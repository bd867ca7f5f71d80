/**
 * What AWS lets an account do in one region unless asked for more. Looked up in November 2026 in stored copies of the
 * pages named; "not seen" marks what was entered from memory. Some are not computed with: docs/scale.md says why they
 * never bind.
 */
export const AWS_QUOTAS = {
  asOf: '2026-11',
  /** Executions at once, of all functions of the account. New accounts may have fewer. Not seen as a table. */
  lambdaConcurrency: 1000,
  /** Most that one event source mapping may run at once: https://docs.aws.amazon.com/lambda/latest/dg/API_ScalingConfig.html */
  eventSourceConcurrency: 1000,
  /** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
  eventSourceGrowthPerMinute: 300,
  /** Received and not yet deleted: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html */
  sqsInFlight: 120_000,
  /** Units a second of an on-demand table: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html */
  tableWriteUnits: 40_000,
  tableReadUnits: 40_000,
  /** Units a second of one partition: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html */
  partitionWriteUnits: 1000,
  partitionReadUnits: 3000,
  /** GetSecretValue and DescribeSecret a second: https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
  secretReads: 10_000,
  /** CreateSecret a second. The page was cut off before this row; the rows beside it (PutSecretValue) say 50. */
  secretCreations: 50,
  /** Secrets of one account. Not seen. */
  secrets: 500_000,
  /** Requests a second: https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
  httpApiRequests: 10_000,
  /** Sign-ins a second (UserAuthentication). Not seen: the page was cut off before its tables. */
  cognitoSignIns: 120,
} as const;
