/** What AWS counts, and asks money for. */
export interface AwsUsage {
  readonly lambdaRequests: number;
  readonly lambdaGbSeconds: number;
  readonly dynamoDbRequests: number;
  readonly writeUnits: number;
  readonly readUnits: number;
  readonly dynamoDbGbDays: number;
  readonly sqsRequests: number;
  readonly secretsManagerRequests: number;
  readonly secretDays: number;
  readonly kmsRequests: number;
  readonly kmsKeyDays: number;
  readonly httpApiRequests: number;
  readonly logsGb: number;
  readonly schedulerCalls: number;
  /** Decimal gigabytes that leave AWS. */
  readonly egressGb: number;
  readonly natGb: number;
  readonly natGatewayHours: number;
}

const NOTHING: AwsUsage = {
  lambdaRequests: 0,
  lambdaGbSeconds: 0,
  dynamoDbRequests: 0,
  writeUnits: 0,
  readUnits: 0,
  dynamoDbGbDays: 0,
  sqsRequests: 0,
  secretsManagerRequests: 0,
  secretDays: 0,
  kmsRequests: 0,
  kmsKeyDays: 0,
  httpApiRequests: 0,
  logsGb: 0,
  schedulerCalls: 0,
  egressGb: 0,
  natGb: 0,
  natGatewayHours: 0,
};

export function usageOf(parts: Partial<AwsUsage>): AwsUsage {
  return { ...NOTHING, ...parts };
}

export function sumUsage(...all: readonly AwsUsage[]): AwsUsage {
  return combine((key) => all.reduce((sum, usage) => sum + usage[key], 0));
}

export function timesUsage(usage: AwsUsage, factor: number): AwsUsage {
  return combine((key) => usage[key] * factor);
}

function combine(valueOf: (key: keyof AwsUsage) => number): AwsUsage {
  const keys = Object.keys(NOTHING) as (keyof AwsUsage)[]; // NOTHING has no others
  return usageOf(Object.fromEntries(keys.map((key) => [key, valueOf(key)])));
}
