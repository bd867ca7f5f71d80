import { z } from 'zod';

const secretId = z.string().min(1).max(2048);
const token = z.string().min(32).max(64);
const value = {
  SecretString: z.string().min(1).optional(),
  SecretBinary: z.base64().min(1).optional(),
};

/** The requests that are served, as the API reference of Secrets Manager describes their bodies. Unknown fields are dropped. */
export const secretRequests = {
  CreateSecret: z.object({
    Name: z.string().regex(/^[A-Za-z0-9/_+=.@!-]{1,512}$/),
    Description: z.string().max(2048).optional(),
    ClientRequestToken: token,
    ...value,
  }),
  GetSecretValue: z.object({
    SecretId: secretId,
    VersionId: token.optional(),
    VersionStage: z.string().min(1).optional(),
  }),
  PutSecretValue: z.object({
    SecretId: secretId,
    ClientRequestToken: token,
    VersionStages: z.array(z.string().min(1).max(256)).min(1).max(20).optional(),
    ...value,
  }),
  UpdateSecret: z.object({
    SecretId: secretId,
    Description: z.string().max(2048).optional(),
    ClientRequestToken: token,
    ...value,
  }),
  DescribeSecret: z.object({ SecretId: secretId }),
  DeleteSecret: z.object({
    SecretId: secretId,
    RecoveryWindowInDays: z.int().optional(),
    ForceDeleteWithoutRecovery: z.boolean().optional(),
  }),
  RestoreSecret: z.object({ SecretId: secretId }),
  ListSecrets: z.object({
    MaxResults: z.int().min(1).max(100).default(100),
    NextToken: z.string().min(1).optional(),
    SortOrder: z.enum(['asc', 'desc']).default('asc'),
    IncludePlannedDeletion: z.boolean().default(false),
    Filters: z
      .array(z.object({ Key: z.string(), Values: z.array(z.string()).min(1).max(10) }))
      .max(10)
      .default([]),
  }),
  UpdateSecretVersionStage: z.object({
    SecretId: secretId,
    VersionStage: z.string().min(1).max(256),
    RemoveFromVersionId: token.optional(),
    MoveToVersionId: token.optional(),
  }),
} as const;

export type SecretOperation = keyof typeof secretRequests;
export type SecretRequest<O extends SecretOperation> = z.infer<(typeof secretRequests)[O]>;

export function isSecretOperation(name: string): name is SecretOperation {
  return Object.hasOwn(secretRequests, name);
}
