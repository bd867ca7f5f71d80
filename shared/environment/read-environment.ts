import * as z from 'zod';
import { EnvironmentInvalidError } from './errors.ts';

const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

/** What holds where the environment says nothing. */
export const ENVIRONMENT_DEFAULTS = { resyncSeconds: 900, renewMs: 10_000 } as const;

const schema = z.object({
  MAILHAUL_TABLE: z.string().min(1),
  MAILHAUL_PASSES_QUEUE_URL: z.url(),
  MAILHAUL_CHUNKS_QUEUE_URL: z.url(),
  MAILHAUL_SECRET_PREFIX: z.string().min(1).default('mailhaul/'),
  MAILHAUL_SECRET_KEY: z.string().min(1).optional(),
  MAILHAUL_EPOCH: z.string().min(1).default('aws'),
  MAILHAUL_ALLOW_PRIVATE_ADDRESSES: flag.default(false),
  MAILHAUL_PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  MAILHAUL_RESYNC_SECONDS: z.coerce.number().int().min(1).default(ENVIRONMENT_DEFAULTS.resyncSeconds),
  MAILHAUL_LANES: z.coerce.number().int().min(1).max(20).optional(),
  MAILHAUL_SETTLE_MS: z.coerce.number().int().min(0).default(3000),
  MAILHAUL_RENEW_MS: z.coerce.number().int().min(20).max(10_000).default(ENVIRONMENT_DEFAULTS.renewMs),
  MAILHAUL_RECONNECT_MS: z.coerce.number().int().min(1).max(60_000).default(1000),
  MAILHAUL_LOG_LEVEL: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR', 'SILENT']).default('INFO'),
  AWS_REGION: z.string().min(1).default('us-east-1'),
});

/** What a function is told by its surroundings. AWS endpoints are read by the SDK itself (`AWS_ENDPOINT_URL_*`). */
export interface Environment {
  readonly table: string;
  readonly passesQueueUrl: string;
  readonly chunksQueueUrl: string;
  readonly secretPrefix: string;
  /** The key that secrets are encrypted with (an ARN); the account's own key for secrets if undefined. */
  readonly secretKey: string | undefined;
  /**
   * Whose leases count. In the cloud one constant; on one machine a fresh value for each process, so that the
   * leases of a dead predecessor are free at once.
   */
  readonly epoch: string;
  /** Servers on loopback and private networks may be reached: only where one organisation runs all of it. */
  readonly allowPrivateAddresses: boolean;
  /** Where users reach the HTTP API, without a slash at the end; undefined: where the request came to. */
  readonly publicUrl: string | undefined;
  readonly resyncSeconds: number;
  /** Overrides the connection budget of the provider. */
  readonly lanes: number | undefined;
  /** For how long a destination's UIDNEXT must stand still before a dead worker's last window counts as landed. */
  readonly settleMs: number;
  /** How often a lane renews its lease, tells its progress and looks for a stop; each time is one write (ms). */
  readonly renewMs: number;
  /** The longest wait before a connection that broke is opened again; it doubles with each try that fails (ms). */
  readonly reconnectMs: number;
  readonly logLevel: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'SILENT';
  readonly region: string;
}

/** @throws EnvironmentInvalidError naming each variable that is missing or wrong. */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  const parsed = schema.safeParse(variables);
  if (!parsed.success) throw new EnvironmentInvalidError(parsed.error.issues);
  const values = parsed.data;
  return {
    table: values.MAILHAUL_TABLE,
    passesQueueUrl: values.MAILHAUL_PASSES_QUEUE_URL,
    chunksQueueUrl: values.MAILHAUL_CHUNKS_QUEUE_URL,
    secretPrefix: values.MAILHAUL_SECRET_PREFIX,
    secretKey: values.MAILHAUL_SECRET_KEY,
    epoch: values.MAILHAUL_EPOCH,
    allowPrivateAddresses: values.MAILHAUL_ALLOW_PRIVATE_ADDRESSES,
    publicUrl: values.MAILHAUL_PUBLIC_URL,
    resyncSeconds: values.MAILHAUL_RESYNC_SECONDS,
    lanes: values.MAILHAUL_LANES,
    settleMs: values.MAILHAUL_SETTLE_MS,
    renewMs: values.MAILHAUL_RENEW_MS,
    reconnectMs: values.MAILHAUL_RECONNECT_MS,
    logLevel: values.MAILHAUL_LOG_LEVEL,
    region: values.AWS_REGION,
  };
}
