import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { z } from 'zod';
import { MAX_LANES } from '../../shared/state/lane-record.ts';
import { QUEUES } from '../resources.ts';

/** The retention times that CloudWatch Logs has, in days; what is kept for ever is not among them. */
const RETENTION_DAYS = Object.values(RetentionDays).filter(
  (days) => typeof days === 'number' && days !== RetentionDays.INFINITE,
);

const flag = z.preprocess(
  (value) => (value === 'true' ? true : value === 'false' ? false : value),
  z.boolean('Write true or false.'),
);

const whole = (least: number, most: number) => {
  const message = `Write a whole number from ${least} to ${most}.`;
  return z.coerce.number(message).int(message).min(least, message).max(most, message);
};

/** A list, or a text with commas as the command line gives it. */
const list = <Item extends z.ZodType<string>>(item: Item) =>
  z.preprocess(
    (value) => (typeof value === 'string' ? value.split(',').map((part) => part.trim()) : value),
    z.array(item),
  );

const arn = (service: string) =>
  z.string().regex(new RegExp(`^arn:aws[a-z-]*:${service}:`), `Write the ARN (arn:aws:${service}:…).`);

const httpsAddress = z.url({ protocol: /^https$/, message: 'Write an address that begins with https://.' });
const domain = z
  .string()
  .regex(/^(?=.{4,253}$)[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'Write a name such as migrate.example.org.');

/** What an operator may choose. Keys are given as `mailhaul:<name>` in the context of the CDK. */
export const deploymentOptions = z.strictObject({
  stage: z
    .string()
    .regex(
      /^(?!.*(aws|amazon|cognito))[a-z][a-z0-9]{0,11}$/,
      'Write up to 12 small letters and digits, a letter first, without aws, amazon or cognito: Cognito takes no such names.',
    )
    .default('prod'),
  removal: z.enum(['retain', 'destroy'], 'Write retain or destroy.').default('retain'),
  issuer: httpsAddress.optional(),
  audience: list(z.string().min(1)).optional(),
  signInDomain: z
    .string()
    .regex(
      /^(?!.*(aws|amazon|cognito))[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
      'Write small letters, digits and hyphens.',
    )
    .optional(),
  signInCallbacks: list(
    z
      .string()
      .regex(/^(https:\/\/|http:\/\/localhost[:/])/, 'Write addresses of https:// or http://localhost.'),
  ).default(['http://localhost:8025/signed-in']),
  egress: z.enum(['shared', 'static'], 'Write shared or static.').default('shared'),
  egressAddresses: whole(1, 2).default(1),
  interfaceEndpoints: flag.default(false),
  allowPrivateAddresses: flag.default(false),
  apiDomain: domain.optional(),
  apiCertificate: arn('acm').optional(),
  publicUrl: httpsAddress.optional(),
  consoleFolder: z
    .string()
    .refine(
      (folder) => existsSync(join(folder, 'index.html')),
      'Write the folder of the built console: there must be an index.html in it.',
    )
    .optional(),
  consoleDomain: domain.optional(),
  consoleCertificate: z
    .string()
    .regex(
      /^arn:aws[a-z-]*:acm:us-east-1:/,
      'Write the ARN of a certificate in us-east-1, which CloudFront asks for.',
    )
    .optional(),
  hostedZoneId: z
    .string()
    .regex(/^Z[A-Z0-9]+$/, 'Write the id of the hosted zone (Z…).')
    .optional(),
  hostedZoneName: domain.optional(),
  alarmEmail: z.email('Write an e-mail address.').optional(),
  logLevel: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR'], 'Write DEBUG, INFO, WARN or ERROR.').default('INFO'),
  logRetentionDays: z.coerce
    .number()
    .pipe(z.literal(RETENTION_DAYS, `Write one of ${RETENTION_DAYS.join(', ')}.`))
    .default(RetentionDays.THREE_MONTHS),
  passConcurrency: whole(2, 1000).default(QUEUES.passes.maximumConcurrency),
  chunkConcurrency: whole(2, 1000).default(QUEUES.chunks.maximumConcurrency),
  reserveConcurrency: flag.default(false),
  apiConcurrency: whole(1, 1000).default(50),
  lanes: whole(1, MAX_LANES).optional(),
  resyncSeconds: whole(60, 86_400).default(900),
  apiRatePerSecond: whole(1, 10_000).default(50),
  apiBurst: whole(1, 5000).default(100),
  restoredTable: z
    .string()
    .regex(/^[A-Za-z0-9_.-]{3,255}$/, 'Write the name of a table of this account and region.')
    .optional(),
});

export type DeploymentOptions = z.infer<typeof deploymentOptions>;
