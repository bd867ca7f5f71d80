import { randomUUID } from 'node:crypto';
import { devNull } from 'node:os';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { type Clock, systemClock } from '../../shared/migration/clock.ts';
import { SECRET_PREFIX, TABLE } from '../resources.ts';
import { createAccessKey } from './access-key.ts';
import { createQueues, type LocalQueues } from './queues/create-queues.ts';
import { ensureTable } from './dynamodb/create-table.ts';
import { startDynamoDb } from './dynamodb/dynamodb-server.ts';
import { type LocalLogger, silentLogger } from './local-logger.ts';
import type { LoopbackServer } from './loopback-server.ts';
import { startSecretsManager } from './secrets/secrets-server.ts';
import { startSqs } from './queues/sqs-server.ts';
import { lockStateFolder } from './state-folder-lock.ts';

export interface LocalCloudOptions {
  /** Where everything that lasts is kept; made (mode 0700) if missing. */
  readonly stateDir: string;
  readonly clock?: Clock;
  readonly logger?: LocalLogger;
  /** Port of the HTTP API on 127.0.0.1; 0, the default, takes a free one. */
  readonly apiPort?: number;
  /** Period of the resync timer (seconds). */
  readonly timerSeconds?: number;
  /** Every queue message is delivered twice, to prove that the second delivery changes nothing. */
  readonly doubleDelivery?: boolean;
  /** Replaces the queues' visibility times (seconds), for tests that wait for a redelivery. */
  readonly visibilitySeconds?: number;
  /**
   * Whether state that is stored outlives a power cut (the default), or only the end of the process, however sudden.
   * A page of the ledger that a power cut took back would be copied once more.
   */
  readonly syncWrites?: boolean;
  /** 32 bytes as base64 or hex that secrets are encrypted with; without it a key file in the state folder. */
  readonly masterKey?: string;
  /** Given to the functions on top of what the cloud itself sets: `MAILHAUL_RESYNC_SECONDS`, `MAILHAUL_LANES` and so on. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** DynamoDB, SQS and Secrets Manager of one machine, running. */
export interface LocalCloud {
  readonly options: LocalCloudOptions;
  readonly stateDir: string;
  readonly clock: Clock;
  readonly logger: LocalLogger;
  readonly queues: LocalQueues;
  /** What the services ask of their clients; the environment carries them too. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** The environment variables that the functions and the AWS SDK need to work against this cloud. */
  readonly environment: Readonly<Record<string, string>>;
  /** Ends the services and frees the state folder. Bounded; may be called twice. */
  close(): Promise<void>;
}

const REGION = 'us-east-1';

/** How long requests in flight may take to end when the cloud closes. */
const CLOSE_GRACE_MS = 5000;

/**
 * Starts the services that the functions use, on free ports of 127.0.0.1.
 * @throws StateFolderBusyError when another process works in the folder
 * @throws MasterKeyError, LocalServiceError
 */
export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const clock = options.clock ?? systemClock;
  const logger = options.logger ?? silentLogger;
  const key = createAccessKey();
  const lock = lockStateFolder(options.stateDir);
  const servers: LoopbackServer[] = [];
  const start = async (starting: Promise<LoopbackServer>): Promise<string> => {
    const server = await starting;
    servers.push(server);
    return server.url;
  };
  const closeAll = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.close(CLOSE_GRACE_MS)));
    lock.release();
  };
  try {
    const endpoints = {
      AWS_ENDPOINT_URL_DYNAMODB: await start(
        startDynamoDb({
          stateDir: options.stateDir,
          allows: key.allows,
          logger,
          syncWrites: options.syncWrites ?? true,
        }),
      ),
      AWS_ENDPOINT_URL_SQS: await start(startSqs({ region: REGION, allows: key.allows })),
      AWS_ENDPOINT_URL_SECRETS_MANAGER: await start(
        startSecretsManager({
          stateDir: options.stateDir,
          region: REGION,
          clock,
          allows: key.allows,
          logger,
          masterKey: options.masterKey,
        }),
      ),
    };
    const queues = await createResources(endpoints, key, options.visibilitySeconds);
    let closing: Promise<void> | undefined;
    return {
      options,
      stateDir: options.stateDir,
      clock,
      logger,
      queues,
      credentials: key,
      environment: {
        ...options.variables,
        ...endpoints,
        AWS_REGION: REGION,
        AWS_ACCESS_KEY_ID: key.accessKeyId,
        AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
        // The user's own AWS profiles must have no say in where requests go.
        AWS_CONFIG_FILE: devNull,
        AWS_SHARED_CREDENTIALS_FILE: devNull,
        MAILHAUL_TABLE: TABLE.name,
        MAILHAUL_PASSES_QUEUE_URL: queues.passes.url,
        MAILHAUL_CHUNKS_QUEUE_URL: queues.chunks.url,
        MAILHAUL_SECRET_PREFIX: SECRET_PREFIX,
        MAILHAUL_EPOCH: randomUUID(),
        MAILHAUL_ALLOW_PRIVATE_ADDRESSES: 'true',
      },
      close: () => (closing ??= closeAll()),
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** The table and the queues of `infra/resources.ts`. */
async function createResources(
  endpoints: { AWS_ENDPOINT_URL_DYNAMODB: string; AWS_ENDPOINT_URL_SQS: string },
  credentials: LocalCloud['credentials'],
  visibilitySeconds: number | undefined,
): Promise<LocalQueues> {
  const connection = { region: REGION, credentials };
  const dynamoDb = new DynamoDBClient({ ...connection, endpoint: endpoints.AWS_ENDPOINT_URL_DYNAMODB });
  const sqs = new SQSClient({ ...connection, endpoint: endpoints.AWS_ENDPOINT_URL_SQS });
  try {
    await ensureTable(dynamoDb, TABLE.name);
    return await createQueues(sqs, { endpoint: endpoints.AWS_ENDPOINT_URL_SQS, visibilitySeconds });
  } finally {
    dynamoDb.destroy();
    sqs.destroy();
  }
}
